/**
 * How much of the bounce pool pages may take: a percentage that can be changed while everything runs.
 * Models: the patch's percent parameter, swiotlb_alloc_pages' test of it, and fast_mem_used; the transmit path's
 * specification, sections 2.6 and 2.7. Both flavours. `faithful`: the percentage is an occupancy of the pool, ordinary
 * bounces included, from which on no page is given out; the occupancy is a count that is up to eleven milliseconds old, and
 * nothing is reserved between the test and the allocation. `hardened`: slots of pages are counted by themselves, and
 * reserved before they are searched for.
 * Threads: any.
 */
import type { Flavour } from '../flavour.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import type { Swiotlb } from '../swiotlb/swiotlb.js';

const PERCENT = 0;
// The two that are written while pages come and go are on lines of their own:
const LINE = 32;
const TAKEN = LINE; // slots of pages, hardened
const USED = 2 * LINE; // slots used at the last count, faithful
const COUNTED_AT = 2 * LINE + 1; // tick of the last count

/** Highest percentage that takes effect. */
export const MAX_PERCENT = 90;
const TICK_NS = 1e6; // HZ is 1000
const TICKS_OLD = 10; // floor(HZ / 100)

export class ShareLimit {
  readonly flavour: Flavour;
  readonly #swiotlb: Swiotlb;
  readonly #words: Int32Array;

  constructor(arena: Arena, flavour: Flavour, swiotlb: Swiotlb) {
    this.flavour = flavour;
    this.#swiotlb = swiotlb;
    this.#words = arena.int32(3 * LINE);
  }

  reset(percent: number): void {
    this.#words.fill(0);
    this.#words[COUNTED_AT] = -TICKS_OLD - 1;
    this.percent = percent;
  }

  /** As it takes effect, 0..90; any number may be written, at any time, by any thread. 0: no pages. */
  get percent(): number {
    return Math.min(this.#words[PERCENT]! >>> 0, MAX_PERCENT);
  }

  set percent(percent: number) {
    this.#words[PERCENT] = percent;
  }

  /** Slots of pages that are allocated; counted in `hardened` only. */
  get taken(): number {
    return Atomics.load(this.#words, TAKEN);
  }

  /** May so many slots be taken? In `hardened` they are reserved by that, and `give` has to follow some time. */
  take(cpu: Cpu, slots: number): boolean {
    const limit = this.percent * this.#swiotlb.slots;
    if (limit === 0) return false;
    if (this.flavour === 'faithful') return limit > this.#used(cpu) * 100;
    if ((Atomics.add(this.#words, TAKEN, slots) + slots) * 100 <= limit) return true;
    this.give(slots);
    return false;
  }

  /** The slots are free again, or were not found. */
  give(slots: number): void {
    if (this.flavour === 'hardened') Atomics.sub(this.#words, TAKEN, slots);
  }

  /** Whoever wins the exchange of the tick counts; everybody else goes by the old count meanwhile. */
  #used(cpu: Cpu): number {
    const words = this.#words;
    const now = (cpu.list.now / TICK_NS) | 0;
    const last = words[COUNTED_AT]!;
    if (now - last > TICKS_OLD && Atomics.compareExchange(words, COUNTED_AT, last, now) === last) {
      words[USED] = this.#swiotlb.used();
    }
    return words[USED]!;
  }
}
