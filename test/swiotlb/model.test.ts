/** Random requests to `Swiotlb` and to an allocator that keeps Linux's own books: every decision must be the same. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DmaConstraints } from '../../lib/swiotlb/slots/constraints.js';
import type { SlotPoolConfig } from '../../lib/swiotlb/slots/slot-pool.js';
import { NO_ADDRESS, Swiotlb } from '../../lib/swiotlb/swiotlb.js';
import { inArena, testCpus } from '../smp/fixtures/cpus.js';
import { compareAreas, compareSlots } from './books.js';
import { NaiveAllocator } from './naive-allocator.js';
import { type Asked, Occupancy } from './occupancy.js';

const CPUS = 12;
const { cpus } = testCpus(CPUS);

const bytes = fc.oneof(
  fc.integer({ min: 1, max: 262144 }),
  fc.integer({ min: 1, max: 6000 }),
  fc.integer({ min: 1, max: 64 }).map((pages) => pages * 4096),
  fc
    .integer({ min: 0, max: 128 })
    .chain((slots) => fc.integer({ min: -1, max: 1 }).map((odd) => slots * 2048 + odd + 2)),
);
const device = fc.record({
  minAlignMask: fc.constantFrom(0, 511, 4095, 65535),
  segmentBoundaryMask: fc.constantFrom(Infinity, Infinity, 0xffff, 0x1ffff, 0x3ffff, 0xffffffff),
});
const origin = fc.oneof(
  fc.integer({ min: 1, max: 2 ** 40 }),
  fc.integer({ min: 1, max: 2 ** 26 }).map((page) => page * 4096),
  fc.integer({ min: 2 ** 32 - 70000, max: 2 ** 32 + 70000 }),
);
const alignMask = fc.constantFrom(0, 0, 0, 4095, 32767, 65535);
const cpu = fc.nat({ max: CPUS - 1 });

const mapping = fc.record({ kind: fc.constant('take' as const), device, origin, bytes, alignMask, cpu });
const pages = fc.record({ device, order: fc.integer({ min: 0, max: 6 }), cpu }).map(({ order, ...where }) => {
  const size = 4096 << order;
  return { kind: 'take' as const, origin: 0, bytes: size, alignMask: size - 1, ...where };
});
const release = fc.record({ kind: fc.constant('give' as const), which: fc.nat(), cpu });
const request = fc.oneof(
  { weight: 5, arbitrary: mapping },
  { weight: 2, arbitrary: pages },
  { weight: 4, arbitrary: release },
);

const areas = fc.constantFrom(1, 2, 4, 8);
const pool = fc.oneof(
  fc
    .tuple(areas, fc.integer({ min: 1, max: 5 }))
    .map(([count, segments]) => ({ areas: count, slots: count * segments * 128 })),
  fc.integer({ min: 2, max: 700 }).map((slots) => ({ areas: 1, slots })), // restricted pools may have any size
);
const start = fc
  .tuple(fc.constantFrom(0x4000000, 0xfff00000, 2 ** 40, 2 ** 51), fc.nat({ max: 63 }))
  .map(([base, pages]) => base + pages * 4096);

/** The two allocators side by side, and what their caller holds. */
class Pair {
  readonly swiotlb: Swiotlb;
  readonly #naive: NaiveAllocator;
  readonly #occupancy: Occupancy;
  readonly #live: { device: DmaConstraints; address: number }[] = [];

  constructor(config: SlotPoolConfig) {
    this.swiotlb = inArena((arena) => new Swiotlb(arena, config));
    this.swiotlb.reset();
    this.#naive = new NaiveAllocator(config.start, config.slots, config.areas);
    this.#occupancy = new Occupancy(this.swiotlb.pool);
  }

  take(asked: Asked, cpu: number): void {
    const { device, origin, bytes, alignMask } = asked;
    const address = this.swiotlb.alloc(cpus[cpu]!, device, origin, bytes, alignMask);
    expect(address).toBe(this.#naive.map(cpu, device, origin, bytes, alignMask));
    if (address !== NO_ADDRESS) {
      this.#occupancy.take(asked, address);
      this.#live.push({ device, address });
    }
    this.#compare(address);
  }

  give(which: number, cpu: number): void {
    const [victim] = this.#live.splice(which % this.#live.length, 1);
    if (victim === undefined) return;
    const { device, address } = victim;
    const count = this.swiotlb.free(cpus[cpu]!, device, address);
    expect(count).toBe(this.#naive.unmap(device, address));
    this.#occupancy.give(address, count);
    this.#compare(address);
  }

  giveAll(): void {
    const { pool } = this.swiotlb;
    compareSlots(pool, this.#naive, 0, pool.slots);
    while (this.#live.length > 0) this.give(0, 0);
    compareSlots(pool, this.#naive, 0, pool.slots);
    expect(pool.used()).toBe(0);
  }

  #compare(address: number): void {
    const { pool } = this.swiotlb;
    compareAreas(pool, this.#naive);
    if (address !== NO_ADDRESS) {
      const segment = pool.slotOf(address) & ~127;
      compareSlots(pool, this.#naive, segment, segment + 128);
    }
    this.#occupancy.assertBalanced();
  }
}

describe('Swiotlb', () => {
  it('decides as a naive model of Linux does, for any requests', () => {
    fc.assert(
      fc.property(start, pool, fc.array(request, { minLength: 1, maxLength: 160, size: 'max' }), (at, size, made) => {
        const pair = new Pair({ start: at, ...size });
        for (const step of made) {
          if (step.kind === 'take') pair.take(step, step.cpu);
          else pair.give(step.which, step.cpu);
        }
        pair.giveAll();
      }),
      { numRuns: 150, interruptAfterTimeLimit: 30_000 },
    );
  });
});
