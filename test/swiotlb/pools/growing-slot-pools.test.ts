/**
 * Random requests to an allocator that grows, and to a naive one: every decision and every counter must be the same.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DynamicConfig } from '../../../lib/swiotlb/pools/growing-slot-pools.js';
import { NO_SLOT_POOL } from '../../../lib/swiotlb/pools/slot-pool-list.js';
import type { SwiotlbDevice } from '../../../lib/swiotlb/slots/constraints.js';
import { NO_ADDRESS, Swiotlb } from '../../../lib/swiotlb/swiotlb.js';
import { slotPoolsOf } from '../../../lib/trace/replay/snapshot.js';
import { inArena, testCpus } from '../../smp/fixtures/cpus.js';
import { compareAreas, compareSlots } from '../books.js';
import { NaiveSlotPools } from '../naive-slot-pools.js';
import { ZONE_DMA_LIMIT, ZoneBlocks } from '../zone-blocks.js';

const CPUS = 5;
const { cpus } = testCpus(CPUS);

const MASKS = [0, 511, 4095];
const LIMITS = [Infinity, 2 ** 33 + 2 ** 16, 2 ** 32 - 1, 2 ** 31, ZONE_DMA_LIMIT, 2 ** 22];
const device = fc.record({
  index: fc.nat({ max: 2 }),
  minAlignMask: fc.constantFrom(...MASKS),
  segmentBoundaryMask: fc.constantFrom(Infinity, Infinity, 0xffff),
  addressLimit: fc.constantFrom(Infinity, ...LIMITS),
});
const bytes = fc.oneof(fc.integer({ min: 1, max: 6000 }), fc.integer({ min: 1, max: 262_144 }), fc.constant(262_144));
const cpu = fc.nat({ max: CPUS - 1 });
const aMapping = fc.record({
  kind: fc.constant('map' as const),
  origin: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 2 ** 40 })),
  alignMask: fc.constantFrom(0, 0, 4095, 16383),
  device,
  bytes,
  cpu,
});
const anUnmapping = fc.record({ kind: fc.constant('unmap' as const), which: fc.nat(), cpu });
const other = fc.record({
  kind: fc.constantFrom('work' as const, 'work' as const, 'reset high water' as const, 'less memory' as const),
  cpu,
});
const steps = fc.array(
  fc.oneof({ weight: 8, arbitrary: aMapping }, { weight: 4, arbitrary: anUnmapping }, { weight: 1, arbitrary: other }),
  { minLength: 1, maxLength: 90, size: 'max' },
);
const setting = fc.record({
  canGrow: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  boot: fc.constantFrom({ slots: 128, areas: 1 }, { slots: 256, areas: 2 }, { slots: 512, areas: 4 }),
  steps: fc.constantFrom(0, 1, 4, 4, 8),
  growth: fc.record({
    defaultSlots: fc.constantFrom(512, 1024, 2048, 32768),
    defaultAreas: fc.constantFrom(1, 2, 4),
    physLimit: fc.constantFrom(...LIMITS),
  }),
  addedSlotPools: fc.nat({ max: 3 }),
  transientPools: fc.nat({ max: 6 }),
  maxOrder: fc.constantFrom(10, 9, 8, 5),
});
type Setting = typeof setting extends fc.Arbitrary<infer Made> ? Made : never;
type Mapping = typeof aMapping extends fc.Arbitrary<infer Made> ? Made : never;

/** The two allocators side by side, and what their caller holds. */
class Pair {
  readonly #swiotlb: Swiotlb;
  readonly #naive: NaiveSlotPools;
  readonly #blocks: readonly [ZoneBlocks, ZoneBlocks];
  readonly #live: { device: SwiotlbDevice; address: number }[] = [];

  constructor({ boot, steps, canGrow, growth, maxOrder, ...limits }: Setting) {
    const pool = { start: 2 ** 30, ...boot };
    const config = canGrow ? { ...growth, zoneDmaLimit: ZONE_DMA_LIMIT } : null;
    this.#blocks = [new ZoneBlocks(maxOrder), new ZoneBlocks(maxOrder)];
    const [blocks] = this.#blocks;
    const dynamic: DynamicConfig = {
      defaultAreas: steps,
      devices: 3,
      cpus: CPUS,
      growth: config && { ...config, blocks },
      ...limits,
    };
    this.#swiotlb = inArena((arena) => new Swiotlb(arena, { ...pool, dynamic, exactCounters: true }));
    this.#swiotlb.reset();
    this.#naive = new NaiveSlotPools(pool, config, this.#blocks[1], { steps, devices: 3, ...limits });
  }

  map({ device, origin, bytes, alignMask, cpu }: Mapping): void {
    const address = this.#swiotlb.alloc(cpus[cpu]!, device, origin, bytes, alignMask);
    expect(address).toBe(this.#naive.map(cpu, device, origin, bytes, alignMask));
    if (address !== NO_ADDRESS) this.#live.push({ device, address });
  }

  unmap(which: number, cpu: number): void {
    const [victim] = this.#live.splice(which % this.#live.length, 1);
    if (victim === undefined) return;
    const { device, address } = victim;
    expect(this.#swiotlb.free(cpus[cpu]!, device, address)).toBe(this.#naive.unmap(device, address));
  }

  other(kind: 'work' | 'reset high water' | 'less memory', cpu: number): void {
    if (kind === 'work') {
      if (this.#swiotlb.pools!.growth?.isPending) this.#swiotlb.pools!.grow(cpus[cpu]!);
      this.#naive.work();
    } else if (kind === 'reset high water') {
      this.#swiotlb.resetHighWater();
      this.#naive.resetHighWater();
    } else {
      for (const blocks of this.#blocks) blocks.maxOrder = blocks.maxOrder < 0 ? 10 : blocks.maxOrder - 1;
    }
  }

  compare(): void {
    const { list, growth } = this.#swiotlb.pools!;
    const naive = this.#naive;
    const starts = (at: number) => slotPoolsOf(list, at).map((pool) => list.pool(pool).start);
    const devices = naive.uses.map((_, index) => ({ index, minAlignMask: 0, segmentBoundaryMask: Infinity }));
    const last = this.#live.at(-1)?.address ?? 0;
    const found = devices.map((device) => this.#swiotlb.findPool(cpus[0]!, device, last));
    expect({
      statistics: this.#swiotlb.statistics(),
      isPending: growth?.isPending ?? false,
      pools: [0, 1, 2, 3].map(starts),
      uses: devices.map((device) => this.#swiotlb.pools!.uses(device)),
      found: found.map((pool) => (pool === NO_SLOT_POOL ? undefined : list.pool(pool).start)),
    }).toEqual({
      statistics: naive.statistics,
      isPending: naive.isPending,
      pools: [naive.listed, ...naive.transient].map((own) => own.map(({ start }) => start)),
      uses: naive.uses,
      found: devices.map((device) => naive.find(device, last)?.start),
    });
  }

  end(): void {
    this.#compareBooks();
    while (this.#live.length > 0) this.unmap(0, 0);
    this.compare();
    this.#compareBooks();
    expect(this.#blocks[0].journal).toEqual(this.#blocks[1].journal);
    expect(this.#blocks[0].lent.size).toBe(this.#naive.listed.length - 1);
    expect(this.#swiotlb.statistics()).toMatchObject({ io_tlb_used: 0, io_tlb_transient_nslabs: 0 });
  }

  #compareBooks(): void {
    const { list } = this.#swiotlb.pools!;
    for (const [at, pool] of slotPoolsOf(list).entries()) {
      compareAreas(list.pool(pool), this.#naive.listed[at]!);
      compareSlots(list.pool(pool), this.#naive.listed[at]!, 0, list.pool(pool).slots);
    }
  }
}

describe('GrowingSlotPools', () => {
  it('decides as a naive model of Linux does, for any requests', () => {
    fc.assert(
      fc.property(setting, steps, (made, asked) => {
        const pair = new Pair(made);
        for (const step of asked) {
          if (step.kind === 'map') pair.map(step);
          else if (step.kind === 'unmap') pair.unmap(step.which, step.cpu);
          else pair.other(step.kind, step.cpu);
          pair.compare();
        }
        pair.end();
      }),
      { seed: 611, numRuns: 100, interruptAfterTimeLimit: 30_000 },
    );
  });
});
