/**
 * A slot pool under a load: which mappings find no slots. The allocator is that of the model, with its areas, segments
 * and fragmentation, and no memory. A mapping that fails is gone: its driver drops the packet, or tries later what is
 * then another mapping of the load.
 * Owner: one thread, which is each CPU in turn: what CPUs do follows each other.
 */
import { random, seedFor, shuffled } from '../../random.js';
import { Arena } from '../../smp/arena.js';
import type { Cpu } from '../../smp/cpu.js';
import { cpusOfOneThread } from '../../smp/cpus-of-one-thread.js';
import { limitAreas } from '../../swiotlb/pools/growth.js';
import { NO_ADDRESS, Swiotlb } from '../../swiotlb/swiotlb.js';
import { nextPowerOfTwo, PAGE_SIZE, SLOT_SIZE } from '../../units.js';
import { EndHeap } from '../load/end-heap.js';
import { EARLIER, isTooLarge, type PoolLoad } from '../load/pool-load.js';
import { deviceKeeping } from '../occupancy/placement.js';
import type { PoolShape } from '../occupancy/pool-use.js';
import { holdFloor } from './held-floor.js';
import { SenderPages } from './sender-pages.js';

const PLAIN = deviceKeeping(0);
/** More CPUs than this share the areas as if their numbers began again. */
const MOST_CPUS = 1024;
/** Failures with fewer mappings between them are one burst, and tell as much as one failure does. */
const BURST_MAPPINGS = 100;

/** What one pass of a load through a pool is given besides. */
export interface PassInput {
  /** Slots that are held from before. */
  readonly floor: number;
  /** Decides holes in the floor, and which CPU is which. */
  readonly seed: number;
  /** Percent of the pool that bounce pages of senders may take; 0: none. */
  readonly percent: number;
  /** Slots that senders would fill with pages if they could. */
  readonly wantedPageSlots: number;
}

/** What became of one pass. */
export interface Pass {
  /** Mappings that were tried. Those that no pool has room for are not. */
  readonly attempts: number;
  readonly failures: number;
  /** Runs of failures that follow each other closely. */
  readonly bursts: number;
  /** Time from a failure until a mapping found slots again. */
  readonly failingNs: number;
  /** Most slots in use at a time, pages and floor included. */
  readonly mostUsed: number;
  /** Most slots of pages. */
  readonly mostPageSlots: number;
}

/** The shape that Linux makes of one: fewer areas where there are too few slots, each at least a segment. */
export function madeShape({ slots, areas }: PoolShape): PoolShape {
  return { slots, areas: limitAreas(nextPowerOfTwo(areas), slots) };
}

export class LoadedPool {
  readonly shape: PoolShape;
  readonly #swiotlb: Swiotlb;
  readonly #cpus: readonly Cpu[];
  readonly #pages: SenderPages;
  readonly #ends = new EndHeap();

  /** `cpus`: CPUs that map, at least 1. @throws ERR_OUT_OF_RANGE for no shape of a pool */
  constructor(shape: PoolShape, cpus: number) {
    this.shape = madeShape(shape);
    this.#cpus = cpusOfOneThread(Math.min(nextPowerOfTwo(cpus), MOST_CPUS));
    const build = (arena: Arena) => new Swiotlb(arena, { start: 0, ...this.shape, exactCounters: true });
    this.#swiotlb = build(Arena.for(build));
    this.#pages = new SenderPages(this.#swiotlb, this.#cpus.length);
  }

  /** Plays a load once, from an empty pool on. Null if the pool does not even hold the floor. */
  play(load: PoolLoad, { floor, seed, percent, wantedPageSlots }: PassInput): Pass | null {
    const swiotlb = this.#swiotlb;
    const ends = this.#ends;
    const pages = this.#pages;
    swiotlb.reset();
    ends.clear();
    pages.reset(percent, percent === 0 ? 0 : wantedPageSlots);
    const cpus = shuffled(this.#cpus, random(seedFor(seed, 'cpus')));
    const held = holdFloor(swiotlb, cpus, floor, random(seedFor(seed, 'floor')));
    if (held === null) return null;
    const next = random(seedFor(seed, 'pages'));
    const addresses = new Int32Array(load.entries);
    const { timeNs, bytes, offset, heldNs, payload } = load;
    swiotlb.resetHighWater();
    let [attempts, failures, bursts, failingNs] = [0, 0, 0, 0];
    let failedAtNs = Number.NaN;
    let sinceFailure = BURST_MAPPINGS;
    for (let at = 0; at < load.entries; at++) {
      const nowNs = timeNs[at]!;
      while (ends.firstNs <= nowNs) {
        const ended = ends.pop();
        swiotlb.free(cpus[0]!, deviceKeeping(offset[ended]!), addresses[ended]!);
      }
      const size = bytes[at]!;
      if (heldNs[at] === EARLIER) {
        this.#endEarlier(held, size);
        continue;
      }
      if (isTooLarge(size, offset[at]!)) continue;
      const cpu = cpus[load.cpu[at]! & (cpus.length - 1)]!;
      if (percent > 0) {
        pages.fill(cpu);
        pages.sent(cpu, payload === null || payload[at] === 1 ? size : 0);
        if (payload?.[at] === 1 && next() < pages.share) continue;
      }
      attempts++;
      const address = swiotlb.alloc(cpu, deviceKeeping(offset[at]!), PAGE_SIZE + offset[at]!, Math.max(1, size), 0);
      if (address === NO_ADDRESS) {
        failures++;
        if (sinceFailure >= BURST_MAPPINGS) bursts++;
        sinceFailure = 0;
        if (Number.isNaN(failedAtNs)) failedAtNs = nowNs;
        continue;
      }
      sinceFailure++;
      if (!Number.isNaN(failedAtNs)) {
        failingNs += nowNs - failedAtNs;
        failedAtNs = Number.NaN;
      }
      addresses[at] = address;
      ends.push(nowNs + heldNs[at]!, at);
    }
    if (!Number.isNaN(failedAtNs)) failingNs += timeNs[load.entries - 1]! - failedAtNs;
    const mostUsed = Math.max(swiotlb.used(), swiotlb.counters.highWater);
    return { attempts, failures, bursts, failingNs, mostUsed, mostPageSlots: pages.mostSlots };
  }

  /** Ends mappings of before the load, as many as there are. */
  #endEarlier(held: number[], bytes: number): void {
    for (let left = bytes; left > 0 && held.length > 0; left -= SLOT_SIZE) {
      this.#swiotlb.free(this.#cpus[0]!, PLAIN, held.pop()!);
    }
  }
}
