/**
 * How much of the slot pool pages may take: a percentage that can be changed while the machine runs.
 * Models: the patch's percent parameter, the test of it in swiotlb_alloc_pages, and fast_mem_used:
 * docs/spec/tx-path.md#pages-from-the-slot-pool, docs/spec/tx-path.md#the-limit-is-soft. Both flavours. `faithful`: no
 * page is allocated while the slot pool is occupied to this percentage, ordinary bounces included; the occupancy is a
 * count that is up to eleven milliseconds old, and nothing is reserved between the test and the allocation. `hardened`:
 * slots of pages are counted separately, and reserved before the search, out of the part of the percentage that others
 * leave at that time (docs/spec/tx-path.md#rule-reserve-before-the-search); a CPU reserves several at once, so that the
 * CPUs do not all write one word for every page.
 * Threads: any.
 */
import type { Flavour } from '../flavour.js';
import { MAX_PERCENT } from '../model-limits.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import type { Swiotlb } from '../swiotlb/swiotlb.js';

const PERCENT = 0;
// Words that are written while pages are allocated and freed lie on lines of their own:
const LINE = 32;
const TAKEN = LINE; // slots of pages, hardened
const USED = 2 * LINE; // slots used at the last count, faithful
const COUNTED_AT = 2 * LINE + 1; // tick of the last count
const CREDIT = 3 * LINE; // a line for each CPU: slots that it has reserved beyond those of pages, hardened

/** Slots that a CPU reserves at once; fewer in a small slot pool, so that every CPU can have several lots. */
const LOT = 256;
const LOTS_PER_CPU = 64;

const TICKS_OLD = 10; // floor(HZ / 100)

/** How much of the slot pool pages may take. Any thread. */
export class PercentLimit {
  /** Which of the two designs it is. */
  readonly flavour: Flavour;
  readonly #isHardened: boolean;
  readonly #swiotlb: Swiotlb;
  readonly #cpus: number;
  readonly #words: Int32Array;

  constructor(arena: Arena, flavour: Flavour, swiotlb: Swiotlb, cpus: number) {
    this.flavour = flavour;
    this.#isHardened = flavour === 'hardened';
    this.#swiotlb = swiotlb;
    this.#cpus = cpus;
    this.#words = arena.int32(CREDIT + cpus * LINE);
  }

  /** Forgets what pages have taken, and sets the percentage. One thread, before any other uses it. */
  reset(percent: number): void {
    this.#words.fill(0);
    this.#words[COUNTED_AT] = -TICKS_OLD - 1;
    this.percent = percent;
  }

  /** The percentage in effect, 0..90; 0: no pages. Any thread may write any number at any time. */
  get percent(): number {
    return this.#words[PERCENT]!;
  }

  /** Sets the percentage: any number, of which at most 90 takes effect. Any thread, at any time. */
  set percent(percent: number) {
    this.#words[PERCENT] = Math.min(percent >>> 0, MAX_PERCENT);
  }

  /** Slots that are reserved for pages; counted in `hardened` only. */
  get reserved(): number {
    return Atomics.load(this.#words, TAKEN);
  }

  /** Slots of pages that are allocated, in `hardened`; exact when no CPU is at work. */
  get taken(): number {
    return this.reserved - this.#credits();
  }

  /**
   * True if a page of `slots` slots may be allocated. In `hardened` this reserves them, and `give` has to follow when
   * they are free again. The CPU's own thread.
   */
  take(cpu: Cpu, slots: number): boolean {
    const limit = this.percent * this.#swiotlb.slots;
    if (limit === 0) return false;
    if (!this.#isHardened) return limit > this.#used(cpu) * 100;
    const at = CREDIT + cpu.id * LINE;
    const credit = this.#words[at]!;
    if (credit >= slots) {
      // A percentage that went down takes effect when the credit is used up, or here.
      if (this.#words[TAKEN]! * 100 > limit) return false;
      this.#words[at] = credit - slots;
      return true;
    }
    const lot = Math.max(slots, this.#lot());
    if (this.#reserve(lot, limit)) {
      this.#words[at] = credit + lot - slots;
      return true;
    }
    if (!this.#reserve(slots - credit, limit)) return false;
    this.#words[at] = 0;
    return true;
  }

  /** Gives slots back that are free again, or were not found. The CPU's own thread. */
  give(cpu: Cpu, slots: number): void {
    if (!this.#isHardened) return;
    const at = CREDIT + cpu.id * LINE;
    const lot = this.#lot();
    const credit = this.#words[at]! + slots;
    const returned = credit > 2 * lot || this.percent === 0 ? credit : 0;
    this.#words[at] = credit - returned;
    if (returned !== 0) Atomics.sub(this.#words, TAKEN, returned);
  }

  #reserve(slots: number, limit: number): boolean {
    // Slots of mappings are only read: pages never exceed the limit, but together with later mappings they may.
    if ((this.#swiotlb.used() + this.#credits() + slots) * 100 > limit) return false;
    if ((Atomics.add(this.#words, TAKEN, slots) + slots) * 100 <= limit) return true;
    Atomics.sub(this.#words, TAKEN, slots);
    return false;
  }

  /** Slots that CPUs have reserved beyond those of pages. */
  #credits(): number {
    let credits = 0;
    for (let cpu = 0; cpu < this.#cpus; cpu++) credits += this.#words[CREDIT + cpu * LINE]!;
    return credits;
  }

  #lot(): number {
    return Math.min(LOT, Math.floor(this.#swiotlb.slots / (this.#cpus * LOTS_PER_CPU)));
  }

  /**
   * Used slots. The CPU that wins the exchange of the tick counts them anew; the others use the old count meanwhile.
   */
  #used(cpu: Cpu): number {
    const words = this.#words;
    const now = cpu.ticks;
    const last = words[COUNTED_AT]!;
    if (now - last > TICKS_OLD && Atomics.compareExchange(words, COUNTED_AT, last, now) === last) {
      words[USED] = this.#swiotlb.used();
    }
    return words[USED]!;
  }
}
