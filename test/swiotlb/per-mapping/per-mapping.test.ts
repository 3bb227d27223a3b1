import { describe, expect, it } from '@jest/globals';
import { Arena } from '../../../lib/smp/arena.js';
import { MAY_SLEEP } from '../../../lib/swiotlb/dma-attributes.js';
import { BufferList } from '../../../lib/swiotlb/per-mapping/buffer-list.js';
import { BufferRecords, NO_RECORD } from '../../../lib/swiotlb/per-mapping/buffer-records.js';
import { PerMapping, type PerMappingConfig } from '../../../lib/swiotlb/per-mapping/per-mapping.js';
import type { SwiotlbDevice } from '../../../lib/swiotlb/slots/constraints.js';
import { NO_ADDRESS, Swiotlb } from '../../../lib/swiotlb/swiotlb.js';
import { SynchronousMapping } from '../../../lib/swiotlb/synchronous-mapping.js';
import { inArena, testCpu } from '../../smp/fixtures/cpus.js';
import { ZONE_DMA_LIMIT, ZONE_START, ZoneBlocks } from '../zone-blocks.js';

const cpu = testCpu();
const ANY: SwiotlbDevice = { index: 0, minAlignMask: 0, segmentBoundaryMask: Infinity };
const OTHER: SwiotlbDevice = { ...ANY, index: 1 };
const BOOT = { start: 2 ** 30, slots: 128, areas: 1 };
const ORIGIN = 2 ** 40 + 123;
const BAD_ADDRESS = expect.objectContaining({ code: 'ERR_BAD_ADDRESS' });

function machine(config: Partial<PerMappingConfig> = {}, maxOrder = 10) {
  const blocks = new ZoneBlocks(maxOrder);
  const perMapping = { blocks, devices: 2, zoneDmaLimit: ZONE_DMA_LIMIT, ...config };
  const io = inArena((arena) => new Swiotlb(arena, { ...BOOT, perMapping, exactCounters: true }));
  io.reset();
  const map = (bytes: number, device = ANY, alignMask = 0, origin = ORIGIN) => {
    return io.alloc(cpu, device, origin, bytes, alignMask);
  };
  const originOf = (address: number, bytes: number, device = ANY) => {
    const range = { origin: 0, bytes: 0 };
    io.originOf(cpu, device, address, bytes, range);
    return range;
  };
  return { io, blocks, map, originOf, statistics: () => io.perMapping!.statistics() };
}

describe('a mapping, where mappings get buffers,', () => {
  it('gets pages of its own, which are freed at its unmap, and no slots', () => {
    const { io, blocks, map, statistics } = machine();
    const address = map(5000);
    expect(blocks.journal).toEqual([`1 of any: ${address}`]);
    expect(statistics()).toEqual({ buffers: 1, bytes: 8192, fallbacks: 0 });
    expect(io.used()).toBe(0);
    expect(io.free(cpu, ANY, address)).toBe(0);
    expect(blocks.journal).toEqual([`1 of any: ${address}`, `1 back: ${address}`]);
    expect(statistics()).toEqual({ buffers: 0, bytes: 0, fallbacks: 0 });
  });

  it.each([
    ['is smaller than a page', 4095, ANY, 0, ORIGIN],
    ['is to be aligned', 4096, ANY, 4095, ORIGIN],
    ['keeps low bits of the original', 4096, { ...ANY, minAlignMask: 511 }, 0, ORIGIN],
    ['must not cross a boundary', 4096, { ...ANY, segmentBoundaryMask: 0xffff }, 0, ORIGIN],
    ['bounces for nothing', 4096, ANY, 0, 0],
  ])('gets slots if it %s', (_, bytes, device, alignMask, origin) => {
    const { io, blocks, map, statistics } = machine();
    const address = map(bytes, device, alignMask, origin);
    expect(io.pool.contains(address)).toBe(true);
    expect(blocks.journal).toEqual([]);
    expect(statistics()).toEqual({ buffers: 0, bytes: 0, fallbacks: 0 });
    const used = io.used();
    expect(used).toBeGreaterThan(0);
    expect(io.free(cpu, device, address)).toBe(used);
  });

  it('gets slots if there is no memory, and fails if there are no slots either', () => {
    const { io, blocks, map, statistics } = machine({}, -1);
    const addresses = Array.from({ length: 65 }, () => map(4096));
    expect(addresses.at(-1)).toBe(NO_ADDRESS);
    expect(io.used()).toBe(128);
    expect(statistics()).toEqual({ buffers: 0, bytes: 0, fallbacks: 65 });
    blocks.maxOrder = 0;
    expect(io.pool.contains(map(4096))).toBe(false);
    for (const address of addresses.slice(0, -1)) expect(io.free(cpu, ANY, address)).toBe(2);
    expect(io.used()).toBe(0);
  });

  it('gets slots if all records of its device are taken, and the memory is freed', () => {
    const { io, blocks, map, statistics } = machine({ buffers: 2 });
    const [first, , third] = [map(4096), map(4096), map(4096)];
    expect(io.pool.contains(third!)).toBe(true);
    expect(blocks.lent.size).toBe(2);
    expect(statistics()).toEqual({ buffers: 2, bytes: 8192, fallbacks: 1 });
    expect(io.pool.contains(map(4096, OTHER))).toBe(false);
    io.free(cpu, ANY, first!);
    expect(io.pool.contains(map(4096))).toBe(false);
  });

  it('is refused if it is longer than a segment', () => {
    const { map, blocks } = machine();
    expect(map(262_145)).toBe(NO_ADDRESS);
    expect(blocks.journal).toEqual([]);
    expect(map(262_144)).toBe(ZONE_START.any);
  });

  it('gets memory that its device can reach', () => {
    const { io, blocks, map } = machine();
    const nearby = { ...ANY, addressLimit: 2 ** 32 - 1 };
    expect(map(4096, nearby)).toBe(ZONE_START.dma32);
    expect(map(4096, { ...ANY, addressLimit: ZONE_DMA_LIMIT })).toBe(ZONE_START.dma);
    expect(io.pool.contains(map(4096, { ...ANY, addressLimit: 4096 }))).toBe(true);
    expect(blocks.lent.size).toBe(2);
  });

  it('waits for memory only if it has the attribute for it', () => {
    const { io, blocks } = machine();
    const mapping = new SynchronousMapping(io, { copy: () => {}, warn: () => {} });
    mapping.map(cpu, ANY, ORIGIN, 4096);
    mapping.map(cpu, ANY, ORIGIN, 4096, { attributes: MAY_SLEEP });
    expect(blocks.journal.map((line) => line.includes('may sleep'))).toEqual([false, true]);
  });
});

describe.each(['list', 'tree'] as const)('a buffer in a %s', (lookup) => {
  it('is found by any address in it, for its own device', () => {
    const { io, map, originOf } = machine({ lookup });
    const [one, two] = [map(10_000), map(6000, ANY, 0, ORIGIN + 2 ** 20)];
    for (const at of [0, 1, 4096, 9999]) {
      expect(originOf(one + at, 1)).toEqual({ origin: ORIGIN + at, bytes: 1 });
      expect(io.isBounce(cpu, ANY, one + at)).toBe(true);
      expect(io.isBounce(cpu, OTHER, one + at)).toBe(false);
    }
    expect(originOf(two + 5000, 9999)).toEqual({ origin: ORIGIN + 2 ** 20 + 5000, bytes: 1000 });
    expect(io.isBounce(cpu, ANY, one + 10_000)).toBe(false);
    expect(() => originOf(one + 10_000, 1)).toThrow(BAD_ADDRESS);
    expect(() => originOf(one, 1, OTHER)).toThrow(BAD_ADDRESS);
  });

  it('is freed once, for its own device, and by its first address', () => {
    const { io, blocks, map } = machine({ lookup });
    const [address, other] = [map(8192), map(8192)];
    expect(() => io.free(cpu, ANY, address + 4096)).toThrow(BAD_ADDRESS);
    expect(() => io.free(cpu, OTHER, address)).toThrow(BAD_ADDRESS);
    expect(() => io.free(cpu, ANY, 4096)).toThrow(BAD_ADDRESS);
    expect(blocks.lent.size).toBe(2);
    io.free(cpu, ANY, address);
    expect(() => io.free(cpu, ANY, address)).toThrow(BAD_ADDRESS);
    expect(io.isBounce(cpu, ANY, address)).toBe(false);
    expect(io.isBounce(cpu, ANY, other)).toBe(true);
    io.free(cpu, ANY, other);
    expect(() => io.free(cpu, ANY, other)).toThrow(BAD_ADDRESS);
    expect(blocks.lent.size).toBe(0);
  });
});

describe('PerMapping', () => {
  it('tells whether a device has buffers, so that a lookup can be saved', () => {
    const { io, map } = machine();
    const has = () => [ANY, OTHER].map((device) => io.perMapping!.hasBuffers(device));
    expect(has()).toEqual([false, false]);
    const [one, two] = [map(4096), map(4096)];
    expect(has()).toEqual([true, false]);
    io.free(cpu, ANY, one);
    expect(has()).toEqual([true, false]);
    io.free(cpu, ANY, two);
    expect(has()).toEqual([false, false]);
  });

  it('tells without the lock that a device has no buffers', () => {
    const { perMapping, records } = inTwoThreads({});
    records.lock(cpu, 0);
    expect({ holds: perMapping.holds(cpu, ANY, 4096), free: perMapping.free(cpu, ANY, 4096) }).toEqual({
      holds: false,
      free: false,
    });
  });

  it.each([
    [undefined, true],
    ['list', true],
    ['tree', false],
  ] as const)('with lookup %s keeps buffers in a list: %s', (lookup, isList) => {
    const { perMapping, records } = inTwoThreads(lookup ? { lookup } : {});
    const mapped = Array.from({ length: 8 }, () => perMapping.alloc(cpu, ANY, ORIGIN, 4096, false));
    const list = new BufferList(records);
    const seen: number[] = [];
    for (let record = list.first(0); record !== NO_RECORD && seen.length < 8; record = list.next(record)) {
      seen.push(records.address(record));
    }
    expect(seen.join() === [...mapped].reverse().join()).toBe(isList);
  });

  it('counts slots as bounce memory, and no other memory', () => {
    const { io, map } = machine();
    const slots = map(100);
    expect([slots, slots + 50_000, 4096].map((at) => io.isBounce(cpu, ANY, at))).toEqual([true, true, false]);
  });
});

describe('Swiotlb', () => {
  it('refuses to grow both by slot pools and by mappings', () => {
    const dynamic = { defaultAreas: 1, devices: 1, cpus: 1, growth: null };
    const perMapping = { blocks: new ZoneBlocks(), devices: 1, zoneDmaLimit: 0 };
    const make = () => inArena((arena) => new Swiotlb(arena, { ...BOOT, dynamic, perMapping }));
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
  });

  it('has no buffers after a reset', () => {
    const { io, map, statistics } = machine({}, 0);
    const address = map(4096);
    map(8192);
    io.reset();
    expect(statistics()).toEqual({ buffers: 0, bytes: 0, fallbacks: 0 });
    expect(io.isBounce(cpu, ANY, address)).toBe(false);
    expect(io.perMapping!.hasBuffers(ANY)).toBe(false);
  });
});

/** Buffers, and another thread's view of their records, which are the first thing in the arena. */
function inTwoThreads(options: Partial<PerMappingConfig>) {
  const config = { blocks: new ZoneBlocks(), devices: 2, zoneDmaLimit: 0, buffers: 8, ...options };
  const arena = Arena.for((counting) => new PerMapping(counting, config));
  const perMapping = new PerMapping(arena, config);
  perMapping.reset();
  return { perMapping, records: new BufferRecords(Arena.over(arena.buffer!), config.devices, config.buffers) };
}
