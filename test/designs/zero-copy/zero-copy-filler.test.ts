import { describe, expect, it } from '@jest/globals';
import { liveOwners } from '../../../lib/designs/zero-copy/reference-counts.js';
import { ZeroCopyFiller } from '../../../lib/designs/zero-copy/zero-copy-filler.js';
import { ZeroCopyRefs } from '../../../lib/designs/zero-copy/zero-copy-refs.js';
import { copyingFiller, notedLifetime, sendingRig, USER } from './fixtures/sending-rig.js';

const PAGE = 4096;

function rig(isDatagram = false) {
  const parts = sendingRig();
  const { cpu, skbs, sockets, sends, ranges, takeTime, frag } = parts;
  const copying = copyingFiller(skbs);
  const filler = new ZeroCopyFiller(cpu, { skbs, sockets, sends, ranges, copying, takeTime, isDatagram });
  const refs = new ZeroCopyRefs(skbs, sends, notedLifetime());
  for (let skb = 0; skb < 8; skb++) skbs.init(skb, 0);
  return {
    ...parts,
    copying,
    refs,
    filler,
    fill: (skb: number, from: number, bytes: number) => filler.fill(skb, frag, USER + from, bytes),
    /** One send call into these skbs, one after the other. Returns what each took. */
    send: (from: number, bytes: number, ...into: number[]) => {
      let taken = 0;
      const each = into.map((skb) => {
        const filled = filler.fill(skb, frag, USER + from + taken, bytes - taken);
        taken += filled;
        return filled;
      });
      filler.endSend(0);
      return each;
    },
    ownersOf: (...of: number[]) => of.map((skb) => skbs.mark(skb) - 1),
  };
}

describe('ZeroCopyFiller', () => {
  it('gives the skbs of one call the same owner, which completes the call with the last of them', () => {
    const { send, ownersOf, sends, refs, cpu, told, events } = rig();
    expect(send(0, 100_000, 0, 1)).toEqual([65536, 34464]);
    const [first, second] = ownersOf(0, 1);
    expect(second).toBe(first);
    expect(sends.owners.refs(first!)).toBe(2);
    refs.release(cpu, 0);
    expect(told()).toEqual([]);
    refs.release(cpu, 1);
    expect(told()).toEqual([[0, 0, false]]);
    expect(events).toEqual([
      ['take', 0, 65536],
      ['grow', 65536, 100_000],
      ['give back', 0, 100_000],
    ]);
  });

  it('lets the owner of an skb take further calls that fill it, and completes all of them together', () => {
    const { send, ownersOf, sends, refs, cpu, told } = rig();
    send(0, 1000, 0);
    send(1000, 1000, 0);
    send(20_000, 1000, 0);
    expect(sends.owners.refs(ownersOf(0)[0]!)).toBe(1);
    expect(sends.entries.count(ownersOf(0)[0]!)).toBe(2);
    refs.release(cpu, 0);
    expect(told()).toEqual([[0, 2, false]]);
  });

  it('seals an skb whose owner has no room for another range', () => {
    const { send, fill, skbs } = rig();
    for (let call = 0; call < 12; call++) expect(send(call * 8192, 100, 0)).toEqual([100]);
    expect(skbs.hasRoom(0)).toBe(true);
    expect(fill(0, 12 * 8192, 100)).toBe(0);
    expect(skbs.hasRoom(0)).toBe(false);
    expect(fill(1, 12 * 8192, 100)).toBe(100);
  });

  it('lets an owner have just half a megabyte of several calls', () => {
    const { send, ownersOf, sends } = rig();
    const first = (1 << 19) - 1000;
    send(0, first, 0, 1, 2, 3, 4, 5, 6, 7);
    expect(send(first, 1000, 7)).toEqual([1000]);
    expect(sends.sends(ownersOf(7)[0]!)).toBe(2);
  });

  it('seals an skb whose owner has more than half a megabyte, but not within a call', () => {
    const { fill, filler, skbs, ownersOf, refs, cpu } = rig();
    const half = 1 << 19;
    for (let skb = 0; skb < 8; skb++) fill(skb, skb * 65536, half + 1000 - skb * 65536);
    refs.release(cpu, 0);
    skbs.init(0, 0);
    expect([fill(0, half, 1000), ownersOf(0)]).toEqual([1000, ownersOf(7)]);
    filler.endSend(0);
    expect([skbs.hasRoom(0), fill(0, half + 1000, 100), skbs.hasRoom(0)]).toEqual([true, 0, false]);
  });

  it('gives an skb of one owner no bytes of another call that has an owner', () => {
    const { send, ownersOf, skbs } = rig();
    send(0, 100, 1);
    expect(send(PAGE, 70_000, 0, 1, 2)).toEqual([65536, 0, 4464]);
    expect(ownersOf(2)).toEqual(ownersOf(0));
    expect(skbs.hasRoom(1)).toBe(false);
  });

  it('copies a call whose memory the socket may not have, and says so when it completes', () => {
    const { send, allows, copying, refs, cpu, told, events, sends, ownersOf } = rig();
    allows.more = false;
    expect(send(0, 70_000, 0, 1)).toEqual([65536, 4464]);
    expect({ copied: copying.copied, events }).toEqual({ copied: 70_000, events: [] });
    expect(liveOwners(sends)).toEqual([ownersOf(0)[0]]);
    refs.release(cpu, 0);
    refs.release(cpu, 1);
    expect(told()).toEqual([[0, 0, true]]);
  });

  it('puts what is copied and what is not into different skbs', () => {
    const { send, allows, skbs, copying } = rig();
    send(0, 100, 0);
    allows.more = false;
    expect(send(100, 100, 0, 1)).toEqual([0, 100]);
    expect([skbs.hasRoom(0), copying.copied]).toEqual([false, 100]);
    allows.more = true;
    expect(send(200, 100, 1, 2)).toEqual([0, 100]);
    expect([skbs.hasRoom(1), copying.copied]).toEqual([false, 100]);
  });

  it('ends a call that has begun without a copy where the socket may have no more', () => {
    const { fill, filler, allows, copying, sends, ownersOf, cpu, refs, told } = rig();
    expect(fill(0, 0, 100_000)).toBe(65536);
    allows.more = false;
    expect(fill(1, 65536, 34464)).toBe(0);
    filler.endSend(0);
    expect([copying.copied, ownersOf(1)]).toEqual([0, [-1]]);
    expect(fill(1, 65536, 34464)).toBe(34464);
    filler.endSend(0);
    expect(sends.entries.wasCopied(ownersOf(1)[0]!)).toBe(true);
    for (const skb of [0, 1]) refs.release(cpu, skb);
    expect(told()).toEqual([
      [0, 0, false],
      [1, 1, true],
    ]);
  });

  it('takes a whole datagram or nothing, and completes none that it did not take', () => {
    const { send, fill, filler, completions, skbs, sends, told, refs, cpu } = rig(true);
    expect(send(100, 65507, 0)).toEqual([65507]);
    expect(fill(1, 0, 70_000)).toBe(0);
    filler.endSend(0);
    expect([skbs.frags(1), skbs.mark(1), completions.sends(0)]).toEqual([0, 0, 1]);
    refs.release(cpu, 0);
    expect(told()).toEqual([[0, 0, false]]);
    expect(Array.from({ length: 8 }, (_, id) => sends.owners.isLive(id))).toEqual(new Array(8).fill(false));
  });

  it('takes nothing while the notifications of a socket have no room, until the sender reads them', () => {
    const { send, completions, refs, cpu } = rig();
    for (let call = 0; call < 8; call++) {
      completions.begin(0);
      completions.complete(cpu, 0, call * 2, 1, call % 2 === 0);
    }
    expect(completions.hasRoom(0)).toBe(false);
    expect(send(0, 100, 0)).toEqual([100]);
    refs.release(cpu, 0);
    expect(completions.waiting(0)).toBe(1);
  });
});
