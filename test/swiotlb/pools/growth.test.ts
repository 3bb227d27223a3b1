import { describe, expect, it } from '@jest/globals';
import type { DynamicConfig } from '../../../lib/swiotlb/pools/growing-slot-pools.js';
import type { GrowthConfig } from '../../../lib/swiotlb/pools/growth.js';
import { NO_SLOT_POOL } from '../../../lib/swiotlb/pools/slot-pool-list.js';
import { NO_ADDRESS, Swiotlb } from '../../../lib/swiotlb/swiotlb.js';
import { inArena, testCpus } from '../../smp/fixtures/cpus.js';
import { ZONE_DMA_LIMIT, ZONE_START, ZoneBlocks } from '../zone-blocks.js';

const { cpus } = testCpus(4);
const [cpu] = cpus as [(typeof cpus)[0]];
const ANY = { index: 0, minAlignMask: 0, segmentBoundaryMask: Infinity };
const BOOT = { start: 2 ** 30, slots: 128, areas: 1 };
const ORIGIN = 2 ** 40;
const WHOLE = 262_144;

function machine(growth: Partial<GrowthConfig> = {}, dynamic: Partial<DynamicConfig> = {}, maxOrder = 10) {
  const blocks = new ZoneBlocks(maxOrder);
  const config = { defaultSlots: 512, defaultAreas: 1, physLimit: Infinity, zoneDmaLimit: ZONE_DMA_LIMIT, ...growth };
  const all = { defaultAreas: 4, devices: 2, cpus: 4, growth: { ...config, blocks }, ...dynamic };
  const io = inArena((arena) => new Swiotlb(arena, { ...BOOT, dynamic: all, exactCounters: true }));
  io.reset();
  const pools = io.pools!;
  const map = (bytes: number, device = ANY, on = 0) => io.alloc(cpus[on]!, device, ORIGIN, bytes, 0);
  const facts = (pool: number) => {
    const { start, slots, areas } = pools.list.pool(pool);
    return { start, slots, areas: areas.count };
  };
  return { io, pools, growth: pools.growth!, blocks, map, facts };
}

describe('a full slot pool', () => {
  it('asks for background work once for any number of requests that it refuses', () => {
    const { io, pools, growth, map } = machine();
    map(WHOLE);
    expect(growth.isPending).toBe(false);
    const transient = [map(2048), map(2048), map(3 * 2048)];
    expect(growth.isPending).toBe(true);
    expect(growth.requests).toBe(3);
    const added = pools.grow(cpu);
    expect(growth.isPending).toBe(false);
    expect(growth.waitForWork(0)).toBe(false);
    expect(pools.list.pool(added).contains(map(2048))).toBe(true);
    expect(io.statistics()).toMatchObject({
      io_tlb_nslabs: 640,
      io_tlb_used: 134,
      io_tlb_used_hiwater: 134,
      io_tlb_transient_nslabs: 5,
    });
    for (const address of transient) io.free(cpu, ANY, address);
    expect(io.statistics()).toMatchObject({ io_tlb_used: 129, io_tlb_transient_nslabs: 0 });
  });

  it('gives a request a transient pool, which is freed at its unmap, once', () => {
    const { io, map, blocks } = machine();
    map(WHOLE);
    const address = map(5 * 2048);
    expect(blocks.journal).toEqual([`2 of any: ${address}`]);
    expect(io.statistics()).toMatchObject({ io_tlb_used: 133, io_tlb_nslabs: 128 });
    expect(io.free(cpu, ANY, address + 100)).toBe(5);
    expect(blocks.journal).toEqual([`2 of any: ${address}`, `2 back: ${address}`]);
    expect(() => io.free(cpu, ANY, address)).toThrow(expect.objectContaining({ code: 'ERR_BAD_ADDRESS' }));
  });

  it('leads to transient pools that only their device finds, once it has been given slots', () => {
    const { io, map } = machine();
    const other = { ...ANY, index: 1 };
    const listed = map(WHOLE);
    const transient = map(2048);
    expect(io.findPool(cpu, other, listed)).toBe(NO_SLOT_POOL);
    expect(io.pools!.uses(other)).toBe(false);
    io.free(cpu, other, map(2048, other));
    expect(io.pools!.uses(other)).toBe(true); // it stays so
    expect(io.findPool(cpu, other, listed)).toBe(0);
    expect(io.findPool(cpu, other, transient)).toBe(NO_SLOT_POOL);
    expect(io.findPool(cpu, ANY, transient)).not.toBe(NO_SLOT_POOL);
  });

  it('refuses all requests if it must not grow, and those that no slot pool could hold', () => {
    const { io, map } = machine({}, { growth: null });
    map(WHOLE);
    expect(map(2048)).toBe(NO_ADDRESS);
    expect(io.pools!.grow(cpu)).toBe(NO_SLOT_POOL);
    const growing = machine();
    expect(growing.map(WHOLE + 1)).toBe(NO_ADDRESS);
    expect({ isPending: growing.growth.isPending, journal: growing.blocks.journal }).toEqual({
      isPending: false,
      journal: [],
    });
  });

  it('changes no counter if the transient pool does not fit the alignment', () => {
    const { io, map, growth, blocks } = machine();
    const nvme = { ...ANY, index: 1, minAlignMask: 4095 };
    map(WHOLE);
    const before = io.statistics();
    expect(io.alloc(cpu, nvme, ORIGIN + 2048, 4096, 0)).toBe(NO_ADDRESS);
    expect(io.statistics()).toEqual(before);
    expect({ lent: blocks.lent.size, uses: io.pools!.uses(nvme), isPending: growth.isPending }).toEqual({
      lent: 0,
      uses: false,
      isPending: true,
    });
    expect(io.alloc(cpu, nvme, ORIGIN, 4096, 0)).toBe(ZONE_START.any);
  });
});

describe('allocBouncePages', () => {
  it('takes slots of listed slot pools only, and causes no growth', () => {
    const { io, pools, growth, blocks, map } = machine();
    map(WHOLE);
    expect(io.allocBouncePages(cpu, ANY, 32_768)).toBe(NO_ADDRESS);
    expect([growth.isPending, growth.requests, blocks.journal, pools.uses({ ...ANY, index: 1 })]).toEqual([
      false,
      0,
      [],
      false,
    ]);
    const added = pools.list.pool(pools.grow(cpu));
    const address = io.allocBouncePages(cpu, { ...ANY, index: 1 }, 32_768);
    expect(added.contains(address) && address % 32_768 === 0).toBe(true);
    expect({
      used: added.used(),
      uses: pools.uses({ ...ANY, index: 1 }),
      io_tlb_used: io.statistics().io_tlb_used,
    }).toEqual({ used: 16, uses: true, io_tlb_used: 144 });
    expect(io.freeIfHeld(cpu, { ...ANY, index: 1 }, address)).toBe(16);
    expect({ used: added.used(), io_tlb_used: io.statistics().io_tlb_used, size: blocks.lent.size }).toEqual({
      used: 0,
      io_tlb_used: 128,
      size: 1,
    });
  });
});

describe('freeIfHeld', () => {
  it('frees slots of the boot pool, of an added slot pool or of a transient pool, or none', () => {
    const { io, pools, map } = machine();
    expect({ mayHold: io.mayHold(ANY, BOOT.start), freeIfHeld: io.freeIfHeld(cpu, ANY, BOOT.start) }).toEqual({
      mayHold: false,
      freeIfHeld: 0,
    });
    const boot = map(WHOLE);
    const transient = map(5000);
    pools.grow(cpu);
    const added = map(2048);
    expect(io.mayHold(ANY, ORIGIN)).toBe(true); // a device that was given slots has to be looked up
    const freed = [ORIGIN, boot, transient, added, transient].map((address) => io.freeIfHeld(cpu, ANY, address));
    expect(freed).toEqual([0, 128, 3, 1, 0]);
    expect(io.statistics()).toMatchObject({ io_tlb_used: 0, io_tlb_transient_nslabs: 0 });
    expect({ transientsMade: pools.transientsMade, length: pools.listed().length }).toEqual({
      transientsMade: 1,
      length: 2,
    });
  });
});

describe('Growth.waitForWork', () => {
  it('returns when growth ends, with work or without', () => {
    const { growth } = machine();
    growth.schedule();
    expect({ waitForWork: growth.waitForWork(0), isOver: growth.isOver }).toEqual({ waitForWork: true, isOver: false });
    growth.end();
    expect({ waitForWork: growth.waitForWork(1e9), isPending: growth.isPending, isOver: growth.isOver }).toEqual({
      waitForWork: false,
      isPending: true,
      isOver: true,
    });
    growth.reset();
    expect({ waitForWork: growth.waitForWork(0), isOver: growth.isOver }).toEqual({
      waitForWork: false,
      isOver: false,
    });
    growth.end();
    expect(growth.waitForWork(1e9)).toBe(false);
  });
});

describe('Growth', () => {
  it.each([
    [Infinity, ['any'], ZONE_START.any],
    [ZONE_START.any, ['any', 'dma32'], ZONE_START.dma32],
    [ZONE_START.dma32 - 1, ['dma32', 'dma'], ZONE_START.dma],
    [ZONE_DMA_LIMIT, ['dma'], ZONE_START.dma],
    [ZONE_START.dma, ['dma'], NO_ADDRESS],
  ])('takes memory below %d from the highest zone that can have it', (addressLimit, zones, address) => {
    const { map, blocks } = machine();
    map(WHOLE);
    expect(map(2048, { ...ANY, addressLimit } as typeof ANY)).toBe(address);
    expect(blocks.journal.flatMap((entry) => / of (\w+)/.exec(entry)?.[1] ?? [])).toEqual(zones);
    expect(blocks.lent.size).toBe(address === NO_ADDRESS ? 0 : 1);
  });

  it.each([
    [10, { slots: 2048, areas: 16 }, 1],
    [9, { slots: 1024, areas: 8 }, 2],
    [8, { slots: 512, areas: 4 }, 3],
  ])('halves a slot pool until a block of order %d holds it', (maxOrder, expected, attempts) => {
    const { pools, blocks, facts } = machine({ defaultSlots: 32_768, defaultAreas: 64 }, {}, maxOrder);
    expect(facts(pools.grow(cpu))).toEqual({ start: ZONE_START.any, ...expected });
    expect(blocks.journal).toHaveLength(attempts);
    expect(blocks.journal[0]).toMatch(/^10 of any, may sleep: /);
  });

  it('adds no slot pool below 1 MiB, and frees the memory when the limit of slot pools is reached', () => {
    const none = machine({}, {}, 7);
    expect(none.pools.grow(cpu)).toBe(NO_SLOT_POOL);
    const { io, pools, blocks } = machine({}, { addedSlotPools: 1 });
    expect(pools.grow(cpu)).not.toBe(NO_SLOT_POOL);
    expect(pools.grow(cpu)).toBe(NO_SLOT_POOL);
    expect({ slots: io.slots, size: blocks.lent.size }).toEqual({ slots: 640, size: 1 });
  });
});

describe('a search of several slot pools', () => {
  it('tries the newest slot pool first, and the home areas of all before any neighbour', () => {
    const { pools, map, facts } = machine({ defaultAreas: 4 });
    const pool = pools.grow(cpu);
    const { start } = facts(pool);
    const newest = facts(pools.grow(cpu)).start;
    const home = 2 * WHOLE;
    const order = Array.from({ length: 5 }, () => map(WHOLE, ANY, 2));
    expect(order).toEqual([newest + home, start + home, BOOT.start, newest + 3 * WHOLE, start + 3 * WHOLE]);
  });
});
