import { describe, expect, it } from '@jest/globals';
import { SKB_OVERHEAD, SkbTable } from '../../lib/net/skb.js';
import { NO_ROOM, type SocketLimits, SocketTable } from '../../lib/net/socket.js';
import { inArena } from '../smp/fixtures/cpus.js';

function tables(given: Partial<SocketLimits> = {}) {
  const small = {
    sockets: 2,
    sendBufferBytes: 10_000,
    smallQueueBytes: 5000,
    congestionWindowBytes: Infinity,
    skbsPerSocket: 8,
  };
  const limits = { ...small, ...given };
  const made = inArena((arena) => ({
    skbs: new SkbTable(arena, limits.sockets * limits.skbsPerSocket, 0x10000),
    sockets: new SocketTable(arena, limits),
  }));
  for (const table of Object.values(made)) table.reset();
  return made;
}

describe('the send buffer of a socket', () => {
  it('takes skbs until their charge reaches its size', () => {
    const { sockets, skbs } = tables({ sendBufferBytes: 2 * (SKB_OVERHEAD + 1000) });
    for (const ordinal of [0, 1]) {
      const skb = sockets.append(1, skbs);
      expect(skb).toBe(sockets.skb(1, ordinal));
      expect(skbs.socket(skb)).toBe(1);
      sockets.addSent(1, 1000);
    }
    expect(sockets.append(1, skbs)).toBe(NO_ROOM);
    expect([sockets.outstanding(1), sockets.sentBytes(1), sockets.outstanding(0)]).toEqual([2, 2000, 0]);
    sockets.freed(1, 1, SKB_OVERHEAD + 1000);
    skbs.recycle(sockets.skb(1, 0));
    expect(sockets.append(1, skbs)).toBe(sockets.skb(1, 2));
  });

  it('takes no more skbs than the socket has records, however small', () => {
    const { sockets, skbs } = tables({ sendBufferBytes: 1 << 20 });
    for (let i = 0; i < 8; i++) expect(sockets.append(0, skbs)).toBe(i);
    expect([sockets.append(0, skbs), sockets.isWritable(0)]).toEqual([NO_ROOM, false]);
    skbs.putDataref(0);
    skbs.recycle(0);
    sockets.freed(0, 1, SKB_OVERHEAD);
    expect([sockets.isWritable(0), sockets.append(0, skbs)]).toEqual([true, 0]);
  });

  it('becomes writable when a third of it is free', () => {
    const { sockets, skbs } = tables({ sendBufferBytes: 9000 });
    const free = (charge: number) => {
      sockets.append(0, skbs);
      sockets.addSent(0, charge - SKB_OVERHEAD);
    };
    free(6000);
    expect(sockets.isWritable(0)).toBe(true);
    sockets.addSent(0, 1);
    expect(sockets.isWritable(0)).toBe(false);
  });

  it('loses no room to an empty skb that is taken back', () => {
    const { sockets, skbs } = tables({ sendBufferBytes: SKB_OVERHEAD });
    const skb = sockets.append(0, skbs);
    expect(sockets.append(0, skbs)).toBe(NO_ROOM);
    sockets.takeBack(0, skb, skbs);
    expect([skbs.isFree(skb), sockets.outstanding(0), sockets.end(0)]).toEqual([true, 0, 0]);
    expect(sockets.append(0, skbs)).toBe(skb);
  });
});

describe('the ordinals of a socket', () => {
  it('advance as skbs are new, transmitted, acknowledged and freed', () => {
    const { sockets, skbs } = tables();
    sockets.append(0, skbs);
    sockets.append(0, skbs);
    expect([sockets.unacked(0), sockets.next(0), sockets.end(0)]).toEqual([0, 0, 2]);
    sockets.advance(0, 500);
    expect([sockets.next(0), sockets.inQueues(0)]).toEqual([1, 500]);
    sockets.uncharge(0, 500);
    sockets.setAcked(0, 1);
    expect([sockets.acked(0), sockets.inQueues(0), sockets.outstanding(0)]).toEqual([1, 0, 2]);
    sockets.freed(0, 1, SKB_OVERHEAD);
    expect([sockets.unacked(0), sockets.outstanding(0)]).toEqual([1, 1]);
  });

  it('continue past 2^32, as the bytes in queues do', () => {
    const { sockets } = tables();
    for (let i = 0; i < 5; i++) {
      sockets.advance(0, 2 ** 30);
      expect(sockets.inQueues(0)).toBe(2 ** 30);
      sockets.uncharge(0, 2 ** 30);
      expect(sockets.inQueues(0)).toBe(0);
    }
    expect(sockets.skb(1, -1)).toBe(15); // the last record of socket 1, before an ordinal that wrapped to 0
    expect(sockets.skb(1, 2 ** 31 - 1)).toBe(15);
  });
});
