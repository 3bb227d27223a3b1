import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { BouncePageMemory } from '../../lib/dma/shared-memory.js';
import { type EngineRig, engineRig } from './fixtures/engine-rig.js';

const rigs: EngineRig[] = [];
const made = (...given: Parameters<typeof engineRig>) => {
  const rig = engineRig(...given);
  rigs.push(rig);
  return rig;
};

afterAll(() => {
  for (const { ram } of rigs) ram.close();
});

describe('a device that retires at the doorbell', () => {
  it('completes packets at once and reads nothing', () => {
    const { engine, rings, send, copyLedger } = made({ completion: 'retire' });
    expect(engine.needsAdvance).toBe(false);
    send(0, [66, 1000]);
    expect(rings[0]!.done()).toBe(2);
    expect(copyLedger.sum('deviceRead').copies).toBe(0);
  });

  it('interrupts the CPU of the queue after every N packets', () => {
    const { send, table } = made({ completion: 'retire', interruptFrames: 3, irqCpus: [1, 0] });
    const pending = () => [0, 1].map((cpu) => table.take(cpu, 1));
    send(0, [66, 10]);
    send(0, [66, 10]);
    send(1, [66, 10]);
    expect(pending()).toEqual([0, 0]);
    send(0, [66, 10]);
    expect(pending()).toEqual([0, 1]);
    send(0, [66, 10]);
    send(1, [66, 10]);
    send(1, [66, 10]);
    expect(pending()).toEqual([2, 0]);
  });
});

describe('a device that reads', () => {
  it('reads every byte of one packet of each queue per turn', () => {
    const { engine, rings, send, copyLedger, cpus, table } = made({ completion: 'read' });
    const [, own] = cpus;
    expect(engine.needsAdvance).toBe(true);
    send(0, [66, 1000, 500]);
    send(0, [66, 30]);
    send(1, [66]); // headers only
    expect([rings[0]!.done(), rings[1]!.done()]).toEqual([0, 0]);
    expect(engine.advance(own!)).toBe(true);
    expect([rings[0]!.done(), rings[1]!.done()]).toEqual([3, 1]);
    expect(copyLedger.sum('deviceRead', { cpu: 1 })).toMatchObject({ bytes: 66 + 1500 + 66, copies: 2 });
    expect(table.take(0, 1)).toBe(0b11);
    expect([engine.advance(own!), engine.advance(own!)]).toEqual([true, false]);
    expect(rings[0]!.done()).toBe(5);
    expect(copyLedger.sum('deviceRead').bytes).toBe(66 + 1500 + 66 + 96);
  });

  it('continues when the indices of the ring wrap', () => {
    const { engine, rings, send, cpus } = made({ completion: 'read' });
    for (const move of [rings[0]!.produce, rings[0]!.complete, rings[0]!.clean]) move.call(rings[0], 2 ** 31 - 2);
    send(0, [66, 100, 100]);
    send(0, [66, 100, 100]);
    expect([engine.advance(cpus[1]!), engine.advance(cpus[1]!), engine.advance(cpus[1]!)]).toEqual([true, true, false]);
    expect(rings[0]!.done()).toBe(-(2 ** 31) + 4);
  });
});

describe('a device at the speed of a line', () => {
  const GBPS_10 = 10e9; // 1250 bytes in a microsecond

  it('completes a packet when the line has sent it, to the nanosecond', () => {
    const { rings, send, advanceAt, copyLedger } = made({
      completion: 'line-rate',
      lineBitsPerSecond: GBPS_10,
      check: false,
    });
    const done = () => rings[0]!.done();
    advanceAt(1000);
    send(0, [250, 1000]);
    send(0, [250, 1000]);
    expect({ advanceAt: advanceAt(1999), done: done() }).toEqual({ advanceAt: false, done: 0 });
    expect({ advanceAt: advanceAt(2000), done: done() }).toEqual({ advanceAt: true, done: 2 });
    expect({ advanceAt: advanceAt(2999), done: done() }).toEqual({ advanceAt: false, done: 2 });
    expect({ advanceAt: advanceAt(3000), done: done() }).toEqual({ advanceAt: true, done: 4 });
    expect(copyLedger.sum('deviceRead').copies).toBe(0);
  });

  it('saves up no time while it has nothing to send', () => {
    const { rings, send, advanceAt } = made({ completion: 'line-rate', lineBitsPerSecond: GBPS_10 });
    advanceAt(0);
    advanceAt(1_000_000);
    send(0, [250, 1000]);
    expect({ advanceAt: advanceAt(1_000_999), done: rings[0]!.done() }).toEqual({ advanceAt: false, done: 0 });
    expect({ advanceAt: advanceAt(1_001_000), done: rings[0]!.done() }).toEqual({ advanceAt: true, done: 2 });
  });

  it('lets its queues take turns', () => {
    const { rings, send, advanceAt } = made({ completion: 'line-rate', lineBitsPerSecond: GBPS_10 });
    advanceAt(0);
    for (let i = 0; i < 3; i++) send(0, [250, 1000]);
    for (let i = 0; i < 3; i++) send(1, [250, 1000]);
    const order: number[][] = [];
    for (let now = 1000; now <= 6000; now += 1000) {
      advanceAt(now);
      order.push(rings.map((ring) => ring.done() / 2));
    }
    for (const [first, second] of order) expect(Math.abs(first! - second!)).toBeLessThanOrEqual(1);
    expect(order.map(([first, second]) => first! + second!)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('catches up when it is advanced late, but is never faster than the line', () => {
    const { rings, send, advanceAt } = made({ completion: 'line-rate', lineBitsPerSecond: GBPS_10 });
    advanceAt(0);
    for (let i = 0; i < 8; i++) send(0, [250, 1000]);
    advanceAt(5500);
    expect(rings[0]!.done()).toBe(2 * 5);
    advanceAt(5999);
    expect(rings[0]!.done()).toBe(2 * 5);
    advanceAt(6000);
    expect(rings[0]!.done()).toBe(2 * 6);
  });

  it('completes packets without delay once the machine drains', () => {
    const { rings, send, advanceAt, table } = made({ completion: 'line-rate', lineBitsPerSecond: 1 });
    advanceAt(0);
    send(0, [250, 1000]);
    send(1, [250, 1000]);
    expect(advanceAt(1)).toBe(false);
    table.drain();
    expect(advanceAt(2)).toBe(true);
    expect(rings.map((ring) => ring.done())).toEqual([2, 2]);
  });

  it('continues when the indices of the ring wrap', () => {
    const { rings, send, advanceAt } = made({ completion: 'line-rate', lineBitsPerSecond: GBPS_10 });
    for (const move of [rings[0]!.produce, rings[0]!.complete, rings[0]!.clean]) move.call(rings[0], 2 ** 31 - 1);
    advanceAt(0);
    send(0, [250, 1000]);
    advanceAt(1000);
    expect(rings[0]!.done()).toBe(-(2 ** 31) + 1);
    expect(rings[0]!.done()).toBe(rings[0]!.produced());
  });
});

describe('a device that checks', () => {
  const violation = (message: RegExp) =>
    expect.objectContaining({ code: 'ERR_DEVICE_READ', message: expect.stringMatching(message) });

  it.each(['retire', 'line-rate', 'read'] as const)('reads the bytes that were sent in mode %s', (mode) => {
    const { rings, send, advanceAt, copyLedger } = made({ completion: mode, check: true, forceBounce: true });
    advanceAt(0);
    send(0, [66, 1000, 2000]);
    if (mode !== 'retire') advanceAt(1e9);
    expect(rings[0]!.done()).toBe(3);
    expect(copyLedger.sum('deviceRead').bytes).toBe(3066);
  });

  it('detects a changed byte in the header or the payload', () => {
    for (const part of [0, 1, 2]) {
      const { send, advanceAt, bytes, addressOf } = made({ completion: 'read', check: true, forceBounce: true });
      send(0, [66, 1000, 2000]);
      bytes[addressOf(part) + 5]! ^= 1;
      expect(() => advanceAt(0)).toThrow(violation(/other bytes than were sent/));
    }
  });

  it('detects that all or some slots of a packet are free', () => {
    const { send, advanceAt, swiotlb, device, cpus } = made({ completion: 'read', check: true, forceBounce: true });
    const { addresses } = send(0, [66, 1000]);
    swiotlb.free(cpus[0]!, device, addresses[1]!);
    expect(() => advanceAt(0)).toThrow(violation(/slot 1, which is free/));
    const other = made({ completion: 'read', check: true, forceBounce: true });
    other.sendAt(0, [other.swiotlb.alloc(cpus[0]!, device, 4096, 2048, 0)], [2049]);
    expect(() => other.advanceAt(0)).toThrow(violation(/slot 1, which is free/));
  });

  it('detects ordinary pages that are free or that the device cannot reach', () => {
    const free = made({ completion: 'read', check: true, forceBounce: false });
    const page = free.system.alloc(free.cpus[0]!, 3);
    free.sendAt(0, [page * 4096 + 5000], [100]);
    expect(free.advanceAt(0)).toBe(true);
    free.sendAt(0, [page * 4096 + 5000], [100]);
    free.pages.put(page);
    free.system.free(free.cpus[0]!, page);
    expect(() => free.advanceAt(0)).toThrow(violation(/page \d+, which is free/));
    const blind = made({ completion: 'read', check: true, forceBounce: true });
    blind.sendAt(0, [blind.system.alloc(blind.cpus[0]!, 0) * 4096], [100]);
    expect(() => blind.advanceAt(0)).toThrow(violation(/cannot reach/));
  });

  it('may read memory that belongs to an owner although it is no page, if all of it does', () => {
    const { sendAt, advanceAt } = made({ completion: 'read', check: true, forceBounce: false });
    const owned = 80 * 4096;
    const holds = jest.spyOn(BouncePageMemory.prototype, 'holds').mockImplementation((dma) => dma < owned + 1000);
    try {
      sendAt(0, [owned], [1000]);
      expect(advanceAt(0)).toBe(true);
      sendAt(0, [owned], [1001]);
      expect(() => advanceAt(0)).toThrow(violation(/page 80, which is free/));
    } finally {
      holds.mockRestore();
    }
  });

  it('may read a slot pool to its last byte and no further', () => {
    const { sendAt, advanceAt, swiotlb, device, cpus } = made({ completion: 'read', check: true, forceBounce: true });
    swiotlb.alloc(cpus[0]!, device, 0, 262144, 0); // all of it
    sendAt(0, [swiotlb.pool.end - 10], [10]);
    expect(advanceAt(0)).toBe(true);
    sendAt(0, [swiotlb.pool.end - 10], [10]);
    Object.defineProperty(swiotlb.pool, 'end', { value: swiotlb.pool.end - 1 });
    expect(() => advanceAt(0)).toThrow(violation(/cannot reach/));
  });

  it('may read a live page of a slot pool', () => {
    const { sendAt, advanceAt, bounce, cpus } = made({ completion: 'read', check: true, forceBounce: true });
    sendAt(0, [bounce().alloc(cpus[0]!, 3) * 4096 + 4096], [20_000]);
    expect(advanceAt(0)).toBe(true);
  });

  it('detects free slots in slot pools that were added and in transient pools', () => {
    const read = made({ completion: 'read', check: true, forceBounce: true, growth: 4 << 20 });
    const { swiotlb, device, cpus } = read;
    const take = (bytes: number) => swiotlb.alloc(cpus[0]!, device, 0x10000, bytes, 0);
    take(262_144);
    const transient = take(3000);
    swiotlb.pools!.grow(cpus[0]!);
    const added = take(3000);
    const sent = () => read.sendAt(0, [added, transient], [3000, 3000]);
    sent();
    expect(read.advanceAt(0)).toBe(true);
    swiotlb.free(cpus[0]!, device, transient);
    sent();
    expect(() => read.advanceAt(0)).toThrow(violation(/cannot reach/));
    read.rings[0]!.complete(4);
    read.sendAt(0, [added], [4097]);
    expect(() => read.advanceAt(0)).toThrow(violation(/slot 2, which is free/));
    read.rings[0]!.complete(5);
    swiotlb.free(cpus[0]!, device, added);
    read.sendAt(0, [added], [100]);
    expect(() => read.advanceAt(0)).toThrow(violation(/slot 0, which is free/));
  });

  it('detects nothing if it is not configured to check', () => {
    const { sendAt, advanceAt, copyLedger, system, cpus } = made({
      completion: 'read',
      check: false,
      forceBounce: true,
    });
    sendAt(0, [system.alloc(cpus[0]!, 0) * 4096], [100]);
    expect(advanceAt(0)).toBe(true);
    expect(copyLedger.sum('deviceRead', { cpu: 1 }).bytes).toBe(100);
  });
});
