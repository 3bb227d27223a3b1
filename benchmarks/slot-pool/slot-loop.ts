/**
 * Allocates and releases slots on one of several threads, and measures itself. The requests and slot pools are those of
 * native/yardstick/slot_pool.cc, which must make the same decisions: both return a hash of them.
 */

import { CopytaxError } from '../../lib/errors.js';
import { xorshift } from '../../lib/random.js';
import { Arena } from '../../lib/smp/arena.js';
import { CopyLedger } from '../../lib/smp/copy-ledger.js';
import { Cpu, CpuTable } from '../../lib/smp/cpu.js';
import type { SlotPoolConfig } from '../../lib/swiotlb/slots/slot-pool.js';
import { NO_ADDRESS, Swiotlb } from '../../lib/swiotlb/swiotlb.js';
import { SEGMENT_SLOTS, SLOT_SHIFT, SLOT_SIZE } from '../../lib/units.js';
import type { SlotShape } from './slot-shapes.js';

// Constants of this module, because the engine loads imported ones at each use, which would slow the loop down.
const FULL = NO_ADDRESS;
const SHIFT = SLOT_SHIFT;
const START = 0x4000000;
const ORIGIN = 2 ** 32;
const ORIGIN_STEP = 2 ** 20;
const DEVICE = { minAlignMask: 0, segmentBoundaryMask: Infinity };

export interface SlotPlan {
  readonly threads: number;
  readonly pool: SlotPoolConfig;
  /** Size of each request, bytes. */
  readonly bytes: number;
  /** Pairs of allocation and release that each thread makes before all threads wait for each other. */
  readonly warmup: number;
  /** Pairs that each thread is measured with. */
  readonly count: number;
}

/**
 * What one thread measured: readings of the clock before and after its loop, nanoseconds, and a hash of its decisions.
 */
export interface SlotTimes {
  readonly begin: number;
  readonly end: number;
  readonly proof: number;
}

export function poolConfig(pool: { slots: number; areas: number }): SlotPoolConfig {
  return { start: START, ...pool };
}

/** A slot pool and the CPUs that use it, as one thread sees them. */
export class SlotLoop {
  readonly #swiotlb: Swiotlb;
  readonly #cpus: CpuTable;
  readonly #ledger: CopyLedger;
  /** Word 0: number of warm-ups that threads have ended, in all runs. */
  readonly #arrived: Int32Array;
  #runs = 0;

  private constructor(arena: Arena, { pool, threads }: SlotPlan) {
    this.#swiotlb = new Swiotlb(arena, pool);
    this.#cpus = new CpuTable(arena, threads);
    this.#ledger = CopyLedger.inArena(arena, threads);
    this.#arrived = arena.int32(1);
  }

  /**
   * Makes the slot pool of a shape, with holes that `seed` (1..2^32 - 1) decides; returns the memory for the threads.
   */
  static create(plan: SlotPlan, { occupied, holes }: SlotShape, seed: number): SharedArrayBuffer {
    const arena = Arena.for((counting) => new SlotLoop(counting, plan));
    const loop = new SlotLoop(arena, plan);
    loop.#swiotlb.reset();
    loop.#cpus.reset();
    if (occupied > 0) loop.#occupy(plan.pool, occupied, holes === 'segments' ? SEGMENT_SLOTS : 1, seed);
    return arena.buffer!;
  }

  static over(buffer: SharedArrayBuffer, plan: SlotPlan): SlotLoop {
    return new SlotLoop(Arena.over(buffer), plan);
  }

  /** @throws ERR_SWIOTLB_FULL when the slot pool has no room for the request */
  run({ bytes, warmup, count, threads }: SlotPlan, thread: number): SlotTimes {
    const cpu = this.#cpu(thread);
    this.#pairs(cpu, bytes, warmup);
    const all = ++this.#runs * threads;
    Atomics.add(this.#arrived, 0, 1);
    while (Atomics.load(this.#arrived, 0) < all) cpu.list.relax(0);
    const begin = cpu.clock();
    const proof = this.#pairs(cpu, bytes, count);
    return { begin, end: cpu.clock(), proof };
  }

  #cpu(id: number): Cpu {
    return new Cpu(id, this.#cpus, this.#ledger);
  }

  #pairs(cpu: Cpu, bytes: number, count: number): number {
    const swiotlb = this.#swiotlb;
    const origin = ORIGIN + cpu.id * ORIGIN_STEP;
    let proof = 0;
    for (let i = 0; i < count; i++) {
      const address = swiotlb.alloc(cpu, DEVICE, origin, bytes, 0);
      if (address === FULL) throw new CopytaxError('ERR_SWIOTLB_FULL', `no room for ${bytes} bytes`);
      proof = (Math.imul(proof, 31) + ((address - START) >>> SHIFT)) | 0;
      swiotlb.free(cpu, DEVICE, address);
    }
    return proof >>> 0;
  }

  /** Takes all slots in units of a hole, and releases units that the seed decides, equally many in each area. */
  #occupy({ slots, areas }: SlotPoolConfig, percent: number, hole: number, seed: number): void {
    const cpu = this.#cpu(0);
    for (let slot = 0; slot < slots; slot += hole) this.#swiotlb.alloc(cpu, DEVICE, ORIGIN, hole * SLOT_SIZE, 0);
    let state = seed;
    const areaSlots = slots / areas;
    const units = areaSlots / hole;
    const free = units - Math.floor((units * percent) / 100);
    for (let area = 0; area < areas; area++) {
      const order = Int32Array.from({ length: units }, (_, unit) => unit);
      for (let i = 0; i < free; i++) {
        state = xorshift(state);
        const other = i + ((state >>> 0) % (units - i));
        [order[i], order[other]] = [order[other]!, order[i]!];
        this.#swiotlb.free(cpu, DEVICE, START + (area * areaSlots + order[i]! * hole) * SLOT_SIZE);
      }
    }
  }
}
