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
    expect({
      outstandingOf1: sockets.outstanding(1),
      sentBytes: sockets.sentBytes(1),
      outstandingOf0: sockets.outstanding(0),
    }).toEqual({ outstandingOf1: 2, sentBytes: 2000, outstandingOf0: 0 });
    sockets.freed(1, 1, SKB_OVERHEAD + 1000);
    skbs.recycle(sockets.skb(1, 0));
    expect(sockets.append(1, skbs)).toBe(sockets.skb(1, 2));
  });

  it('takes no more skbs than the socket has records, however small', () => {
    const { sockets, skbs } = tables({ sendBufferBytes: 1 << 20 });
    for (let i = 0; i < 8; i++) expect(sockets.append(0, skbs)).toBe(i);
    expect({ append: sockets.append(0, skbs), isWritable: sockets.isWritable(0) }).toEqual({
      append: NO_ROOM,
      isWritable: false,
    });
    skbs.putDataref(0);
    skbs.recycle(0);
    sockets.freed(0, 1, SKB_OVERHEAD);
    expect({ isWritable: sockets.isWritable(0), append: sockets.append(0, skbs) }).toEqual({
      isWritable: true,
      append: 0,
    });
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
    expect({ isFree: skbs.isFree(skb), outstanding: sockets.outstanding(0), end: sockets.end(0) }).toEqual({
      isFree: true,
      outstanding: 0,
      end: 0,
    });
    expect(sockets.append(0, skbs)).toBe(skb);
  });
});

describe('the ordinals of a socket', () => {
  it('advance as skbs are new, transmitted, acknowledged and freed', () => {
    const { sockets, skbs } = tables();
    sockets.append(0, skbs);
    sockets.append(0, skbs);
    expect({ unacked: sockets.unacked(0), next: sockets.next(0), end: sockets.end(0) }).toEqual({
      unacked: 0,
      next: 0,
      end: 2,
    });
    sockets.advance(0, 500);
    expect({ next: sockets.next(0), inQueues: sockets.inQueues(0) }).toEqual({ next: 1, inQueues: 500 });
    sockets.uncharge(0, 500);
    sockets.setAcked(0, 1);
    expect({ acked: sockets.acked(0), inQueues: sockets.inQueues(0), outstanding: sockets.outstanding(0) }).toEqual({
      acked: 1,
      inQueues: 0,
      outstanding: 2,
    });
    sockets.freed(0, 1, SKB_OVERHEAD);
    expect({ unacked: sockets.unacked(0), outstanding: sockets.outstanding(0) }).toEqual({
      unacked: 1,
      outstanding: 1,
    });
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
