import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { MAX_SKB_BYTES } from '../../lib/model-limits.js';
import type { Lifetime } from '../../lib/net/lifetime.js';
import { SKB_OVERHEAD } from '../../lib/net/skb.js';
import { NONE_LOST } from '../../lib/net/socket.js';
import { SOFTIRQ } from '../../lib/smp/copy-ledger.js';
import { completeAll, type NetRig, netRig, payloadsOf, USER } from './fixtures/net-rig.js';

let rig: NetRig;
afterEach(() => {
  for (const patched of ['now', 'clock']) Reflect.deleteProperty(rig.cpu.list, patched);
  rig.ram.close();
});

const send = (bytes: number) => rig.stream.send(0, rig.frag, USER, bytes);
const payloads = () => payloadsOf(rig);
const complete = () => completeAll(rig);

describe('StreamPath with a congestion window', () => {
  it('transmits whole skbs while the window is open, and the others when acknowledgements open it again', () => {
    rig = netRig({ congestionWindowBytes: MAX_SKB_BYTES + SKB_OVERHEAD + 1, lagBytes: MAX_SKB_BYTES });
    for (let i = 0; i < 4; i++) expect(send(MAX_SKB_BYTES)).toBe(MAX_SKB_BYTES);
    expect({ packets: rig.queue.counter('packets'), payloadsLength: payloads().length }).toEqual({
      packets: 2,
      payloadsLength: 4,
    });
    complete(); // one is acknowledged, the other lags behind
    expect({ packets: rig.queue.counter('packets'), payloadsLength: payloads().length }).toEqual({
      packets: 3,
      payloadsLength: 3,
    });
    complete();
    expect({ packets: rig.queue.counter('packets'), payloadsLength: payloads().length }).toEqual({
      packets: 4,
      payloadsLength: 2,
    });
    expect(rig.copyLedger.sum('bounce', { context: SOFTIRQ }).copies).toBe(2);
  });

  it('has one skb in flight when the window is smaller than any skb', () => {
    rig = netRig({ congestionWindowBytes: 1 });
    send(2 * MAX_SKB_BYTES);
    expect(rig.queue.counter('packets')).toBe(1);
    for (let i = 0; i < 2; i++) complete();
    expect({ packets: rig.queue.counter('packets'), payloads: payloads() }).toEqual({ packets: 2, payloads: [] });
  });
});

describe('StreamPath over the parts of a design', () => {
  it('puts the rest of a message into another skb where the filler seals one, and ends each send call', () => {
    rig = netRig();
    const { filler, skbs } = rig;
    const fill = filler.fill.bind(filler);
    const endSend = jest.spyOn(filler, 'endSend');
    filler.fill = (skb, frag, from, bytes) => {
      if (skbs.bytes(skb) === 0) return fill(skb, frag, from, Math.min(bytes, 1000));
      skbs.seal(skb);
      return 0;
    };
    expect([send(2500), payloads(), endSend.mock.calls]).toEqual([2500, [1000, 1000, 500], [[0]]]);
  });

  it('tells the lifetime what was acknowledged, once, when the skbs are released', () => {
    rig = netRig();
    const { skbs } = rig;
    const told: unknown[] = [];
    const lifetime: Lifetime = rig.lifetime;
    lifetime.acknowledged = (_, socket) => told.push([socket, skbs.isFree(0), skbs.isFree(1)]);
    send(100_000);
    expect(told).toEqual([]);
    complete();
    expect(told).toEqual([[0, true, true]]);
  });
});

describe('StreamPath on a network with losses', () => {
  const EACH = 20_000;

  it.each(['system', 'bounce'] as const)(
    'transmits lost skbs again from the same %s pages, and bounces them again',
    (pages) => {
      rig = netRig({ pages, lossShare: 0.3, slots: 4096, system: 4096 });
      const { peers, copyLedger, sockets, skbs, system, swiotlb, frag, cpu } = rig;
      const before = system.freePages;
      const acked: number[] = [];
      for (let i = 0; i < 60; i++) {
        expect(send(EACH)).toBe(EACH);
        complete(); // the device compares what it reads with what was sent
        acked.push(sockets.acked(0));
      }
      expect(acked).toEqual([...acked].sort((a, b) => a - b));
      expect(acked[59]).toBeLessThanOrEqual(peers.receivedSkbs(0));
      rig.table.drain();
      for (let i = 0; i < 100 && sockets.outstanding(0) > 0; i++) complete();
      expect({ outstanding: sockets.outstanding(0), receivedBytes: peers.receivedBytes(0) }).toEqual({
        outstanding: 0,
        receivedBytes: 60 * EACH,
      });
      const lost = peers.lostSkbs(0);
      expect(lost).toBeGreaterThan(5);
      const carried = peers.carriedBytes(0);
      expect(carried).toBeGreaterThanOrEqual(60 * EACH + lost); // an skb that was lost is not empty
      expect(copyLedger.sum('bounce').bytes).toBe(pages === 'system' ? carried : 0);
      expect(copyLedger.sum('user').bytes).toBe(60 * EACH);
      frag.drop(cpu);
      expect({
        freePages: system.freePages,
        used: swiotlb.used(),
        dataref: skbs.dataref(0),
        inQueues: sockets.inQueues(0),
      }).toEqual({ freePages: before, used: 0, dataref: 0, inQueues: 0 });
    },
  );
});

describe('StreamPath.softirq', () => {
  it('transmits a lost skb again before the skbs that are unsent', () => {
    rig = netRig({ lossShare: 0.3, smallQueueBytes: 1, slots: 4096, system: 4096, maxSkbBytes: 20_000 });
    const { qdisc, sockets, stream } = rig;
    const xmit = jest.spyOn(qdisc, 'xmit');
    const takeLost = jest.spyOn(sockets, 'takeLost');
    const softirq = stream.softirq.bind(stream);
    const firsts: { lost: number; first: number | undefined }[] = [];
    stream.softirq = (socket) => {
      const unsent = sockets.end(socket) - sockets.next(socket);
      xmit.mockClear();
      takeLost.mockClear();
      softirq(socket);
      const ordinal = takeLost.mock.results[0]?.value ?? NONE_LOST;
      if (ordinal === NONE_LOST || unsent === 0) return;
      firsts.push({ lost: sockets.skb(socket, ordinal as number), first: xmit.mock.calls[0]?.[2] });
    };
    for (let i = 0; i < 40; i++) {
      send(20_000);
      if (i > 10) complete();
    }
    expect(firsts.length).toBeGreaterThan(0);
    for (const { lost, first } of firsts) expect(first).toBe(lost);
  });
});

describe('a paced StreamPath', () => {
  const EACH_NS = 1e6;
  let now = 1e9;

  /** Makes a path that transmits 64 KiB every millisecond; its clock stands still until the test moves it. */
  function usePaced(limits: { congestionWindowBytes?: number; smallQueueBytes?: number } = {}): void {
    rig = netRig({ pacingBitsPerSecond: (MAX_SKB_BYTES * 8e9) / EACH_NS, ...limits });
    now = 1e9;
    const { list } = rig.cpu;
    Object.defineProperty(list, 'now', { configurable: true, get: () => now });
    list.clock = () => now;
  }

  function after(ns: number): number {
    now += ns;
    complete();
    return rig.queue.counter('packets');
  }

  it('transmits the first skb at once, and the others from softirqs when they are due', () => {
    usePaced();
    for (let i = 0; i < 4; i++) send(MAX_SKB_BYTES);
    expect(rig.queue.counter('packets')).toBe(1);
    expect([after(0), rig.stream.isDue(0, now), rig.stream.isDue(0, now + EACH_NS)]).toEqual([1, false, true]);
    expect([after(EACH_NS / 2), after(EACH_NS / 2 - 1), after(1)]).toEqual([1, 1, 2]);
    expect([after(EACH_NS), after(EACH_NS), rig.stream.isDue(0, now + 1e9)]).toEqual([3, 4, false]);
    expect(rig.copyLedger.sum('bounce', { context: SOFTIRQ }).copies).toBe(3);
  });

  it('makes up for a timer that fired late by at most half the time of an skb', () => {
    usePaced();
    for (let i = 0; i < 4; i++) send(MAX_SKB_BYTES);
    expect(after(EACH_NS * 1.3)).toBe(2);
    expect({ after: after(EACH_NS * 0.7 - 1), afterOf1: after(1) }).toEqual({ after: 2, afterOf1: 3 });
    expect(after(EACH_NS * 100)).toBe(4);
    send(MAX_SKB_BYTES);
    expect({ after: after(EACH_NS / 2 - 1), afterOf1: after(1) }).toEqual({ after: 4, afterOf1: 5 });
  });

  it.each([{ congestionWindowBytes: 1 }, { smallQueueBytes: 1 }])(
    'is not due at any time when limited by %j',
    (limits) => {
      usePaced(limits);
      for (let i = 0; i < 2; i++) send(MAX_SKB_BYTES);
      expect(rig.stream.isDue(0, now + 10 * EACH_NS)).toBe(false);
      expect(after(10 * EACH_NS)).toBe(2); // the completion transmits it
    },
  );

  it('holds nothing back once the machine drains', () => {
    usePaced();
    for (let i = 0; i < 4; i++) send(MAX_SKB_BYTES);
    rig.table.drain();
    expect(after(0)).toBe(4);
  });
});
