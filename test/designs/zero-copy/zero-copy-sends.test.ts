import { describe, expect, it } from '@jest/globals';
import { NO_TX_BUF } from '../../../lib/owner/tx-buf.js';
import { sendingRig, USER } from './fixtures/sending-rig.js';

describe('ZeroCopySends', () => {
  it('give memory back, the newest first, before they tell the sender', () => {
    const { sends, cpu, events, told, completions } = sendingRig();
    const id = sends.create(0, 0);
    sends.take(id, USER, 100);
    sends.number(id, true);
    sends.take(id, USER + 5000, 100);
    sends.number(id, false);
    expect(sends.sends(id)).toBe(2);
    const waiting: number[] = [];
    const { push } = events;
    events.push = function (this: typeof events, ...more) {
      waiting.push(completions.waiting(0));
      return push.apply(this, more);
    };
    sends.owners.release(cpu, id, sends);
    expect(waiting).toEqual([0, 0]);
    expect(events.slice(2)).toEqual([
      ['give back', 5000, 5100],
      ['give back', 0, 100],
    ]);
    expect(told()).toEqual([[0, 1, false]]);
  });

  it('take what follows the last range as a part of it', () => {
    const { sends, events } = sendingRig();
    const id = sends.create(0, 0);
    sends.take(id, USER + 10, 100);
    sends.take(id, USER + 110, 5000);
    expect({ count: sends.entries.count(id), bytes: sends.entries.bytes(id, 0) }).toEqual({ count: 1, bytes: 5100 });
    expect(events).toEqual([
      ['take', 10, 110],
      ['grow', 110, 5110],
    ]);
  });

  it('have room for twelve ranges, and for what follows the last', () => {
    const { sends } = sendingRig();
    const id = sends.create(0, 0);
    for (let range = 0; range < 12; range++) {
      expect(sends.hasRoomFor(id, USER + range * 5000)).toBe(true);
      sends.take(id, USER + range * 5000, 100);
    }
    expect([sends.hasRoomFor(id, USER), sends.hasRoomFor(id, USER + 55_100)]).toEqual([false, true]);
  });

  it('take nothing that the socket may not have', () => {
    const { sends, allows } = sendingRig();
    const id = sends.create(0, 0);
    sends.take(id, USER, 100);
    allows.more = false;
    expect([sends.take(id, USER + 100, 10), sends.take(id, USER + 5000, 10)]).toEqual([false, false]);
    expect([sends.entries.count(id), sends.entries.bytes(id, 0)]).toEqual([1, 100]);
  });

  it('are discarded without a word to the sender', () => {
    const { sends, cpu, completions, told, events } = sendingRig();
    const id = sends.create(0, 0);
    sends.discard(cpu, id);
    expect({ isLive: sends.owners.isLive(id), sends: completions.sends(0), told: told(), events }).toEqual({
      isLive: false,
      sends: 0,
      told: [],
      events: [],
    });
  });

  it('are not made where there is no room for what the sender will be told', () => {
    const { sends, completions } = sendingRig();
    for (let send = 0; send < 8; send++) completions.begin(0);
    expect(sends.create(0, 0)).toBe(NO_TX_BUF);
  });
});
