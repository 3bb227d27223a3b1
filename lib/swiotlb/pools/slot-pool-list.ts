/**
 * The slot pools of an allocator: the boot pool, those added since, and transient pools on lists of their devices.
 * Models: the list of io_tlb_mem and dma_io_tlb_pools of struct device. See docs/spec/swiotlb.md#transient-pools and
 * docs/spec/tx-path.md#ordering-obligations. Lists are read without a lock; a slot pool is complete before its link is
 * stored. Slot pools of the allocator's own list stay. A thread reads a device's list between `enter` and `exit` of the
 * epochs. Threads: any.
 */
import { CopytaxError } from '../../errors.js';
import { Arena } from '../../smp/arena.js';
import type { Cpu } from '../../smp/cpu.js';
import { LOCK_WORDS, lock, unlock } from '../../smp/spin-lock.js';
import { SEGMENT_SLOTS, SLOT_SIZE } from '../../units.js';
import { SlotPool, type SlotPoolConfig } from '../slots/slot-pool.js';

/** End of a list, and returned when there is no slot pool. */
export const NO_SLOT_POOL = -1;
/** Number of the boot pool. */
export const BOOT_POOL = 0;
/** The allocator's own list; list 1 + d is the list of device d. */
export const LISTED = 0;

/** Slots of the largest slot pool that growth adds, which is the largest block of pages. */
export const MAX_ADDED_SLOTS = 2048;

const WORDS = 8;
const NEXT = 0; // number of the slot pool + 1
const STATE = 1;
const SLOTS = 2;
const AREAS = 3;
const GENERATION = 4;

const UNUSED = 0;
const MADE = 1;

export interface SlotPoolListLimits {
  /** Added slot pools that may exist at the same time. */
  readonly added: number;
  /** Transient pools that may exist at the same time. */
  readonly transient: number;
  readonly devices: number;
}

export class SlotPoolList {
  readonly #limits: SlotPoolListLimits;
  readonly #lock: Int32Array;
  readonly #heads: Int32Array; // number of the slot pool + 1
  readonly #words: Int32Array;
  readonly #starts: Float64Array;
  readonly #blocks: readonly Uint8Array[];
  readonly #pools: SlotPool[];
  readonly #generations: Int32Array;

  constructor(arena: Arena, boot: SlotPoolConfig, limits: SlotPoolListLimits) {
    this.#limits = limits;
    const count = 1 + limits.added + limits.transient;
    this.#lock = arena.int32(LOCK_WORDS);
    this.#heads = arena.int32(1 + limits.devices);
    this.#words = arena.int32(count * WORDS);
    this.#starts = arena.float64(count);
    this.#pools = [new SlotPool(arena, boot)];
    this.#generations = new Int32Array(count);
    const bytes = (slots: number, areas: number) =>
      Arena.bytesFor((counting) => new SlotPool(counting, { start: 0, slots, areas }));
    const addedBytes = bytes(MAX_ADDED_SLOTS, MAX_ADDED_SLOTS / SEGMENT_SLOTS);
    const transientBytes = bytes(SEGMENT_SLOTS, 1);
    this.#blocks = Array.from({ length: count }, (_, pool) =>
      arena.uint8(pool === BOOT_POOL ? 0 : pool <= limits.added ? addedBytes : transientBytes),
    );
  }

  reset(): void {
    this.#lock.fill(0);
    this.#heads.fill(0);
    // Generations are kept: threads use them to tell whether their objects over slot pools are current.
    for (let pool = 0; pool < this.#blocks.length; pool++) {
      this.discard(pool);
      this.#words[pool * WORDS + SLOTS] = 0;
    }
    this.boot.reset();
    this.#words[STATE] = MADE;
    this.#words[NEXT] = 0; // the last one of its list, whatever the memory held before
    this.#heads[LISTED] = BOOT_POOL + 1;
  }

  get boot(): SlotPool {
    return this.#pools[BOOT_POOL]!;
  }

  /** The first slot pool of a list, or `NO_SLOT_POOL`. */
  first(list: number): number {
    return Atomics.load(this.#heads, list) - 1;
  }

  /** The slot pool that follows in the same list, or `NO_SLOT_POOL`. */
  next(pool: number): number {
    return Atomics.load(this.#words, pool * WORDS + NEXT) - 1;
  }

  /** This thread's object over a slot pool that was found in a list. */
  pool(pool: number): SlotPool {
    const at = pool * WORDS;
    const generation = this.#words[at + GENERATION]!;
    if (pool !== BOOT_POOL && (this.#generations[pool] !== generation || this.#pools[pool] === undefined)) {
      const config = { start: this.#starts[pool]!, slots: this.#words[at + SLOTS]!, areas: this.#words[at + AREAS]! };
      this.#pools[pool] = new SlotPool(Arena.within(this.#blocks[pool]!), config);
      this.#generations[pool] = generation;
    }
    return this.#pools[pool]!;
  }

  isTransient(pool: number): boolean {
    return pool > this.#limits.added;
  }

  /** True if a slot pool that has been removed held this address. Used only to word an error. */
  wasRemoved(address: number): boolean {
    return this.#blocks.some((_, pool) => {
      const at = pool * WORDS;
      if (pool === BOOT_POOL || Atomics.load(this.#words, at + STATE) !== UNUSED) return false;
      const offset = address - this.#starts[pool]!;
      return offset >= 0 && offset < this.#words[at + SLOTS]! * SLOT_SIZE;
    });
  }

  /** Makes a slot pool that is on no list yet. Returns it, or `NO_SLOT_POOL` when the limit is reached. */
  create(cpu: Cpu, config: SlotPoolConfig, transient: boolean): number {
    const { added } = this.#limits;
    const [begin, end] = transient ? [1 + added, this.#blocks.length] : [1, 1 + added];
    lock(cpu, this.#lock, 0);
    let pool = begin;
    while (pool < end && Atomics.load(this.#words, pool * WORDS + STATE) !== UNUSED) pool++;
    if (pool < end) this.#words[pool * WORDS + STATE] = MADE;
    unlock(this.#lock, 0);
    if (pool === end) return NO_SLOT_POOL;
    const at = pool * WORDS;
    this.#starts[pool] = config.start;
    this.#words[at + SLOTS] = config.slots;
    this.#words[at + AREAS] = config.areas;
    this.#words[at + GENERATION] = (this.#words[at + GENERATION]! + 1) | 0;
    this.pool(pool).reset();
    return pool;
  }

  /** Publishes a slot pool at the head of a list: a thread that reads the link sees the slot pool complete. */
  link(cpu: Cpu, list: number, pool: number): void {
    lock(cpu, this.#lock, 0);
    Atomics.store(this.#words, pool * WORDS + NEXT, this.#heads[list]!);
    Atomics.store(this.#heads, list, pool + 1);
    unlock(this.#lock, 0);
  }

  /** Removes a slot pool from a list. Threads that are reading it can go on; `discard` it after a grace period. */
  unlink(cpu: Cpu, list: number, pool: number): void {
    lock(cpu, this.#lock, 0);
    const next = this.#words[pool * WORDS + NEXT]!;
    if (this.#heads[list] === pool + 1) {
      Atomics.store(this.#heads, list, next);
    } else {
      let before = this.first(list);
      while (before !== NO_SLOT_POOL && this.next(before) !== pool) before = this.next(before);
      if (before === NO_SLOT_POOL) {
        unlock(this.#lock, 0);
        throw new CopytaxError('ERR_DOUBLE_FREE', `slot pool ${pool} is not on list ${list}`);
      }
      Atomics.store(this.#words, before * WORDS + NEXT, next);
    }
    unlock(this.#lock, 0);
  }

  /** Allows the records of a slot pool to be used again. No thread can find it, or ever could. */
  discard(pool: number): void {
    Atomics.store(this.#words, pool * WORDS + STATE, UNUSED);
  }
}
