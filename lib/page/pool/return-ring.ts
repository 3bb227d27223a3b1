/**
 * The ring through which pages come back to their page pool from any CPU.
 * Models: struct ptr_ring (include/linux/ptr_ring.h): docs/spec/tx-path.md#page-pool-mechanics.
 * Slots that were emptied are given back to producers in batches, so that consumer and producers rarely write to the
 * same line: a ring may be full while it holds fewer pages than it has slots.
 * Deviations: a slot holds a page frame number and one; and there is no consumer that goes without the lock of
 * consumers, so that any CPU may empty the ring when memory is short.
 * Threads: any CPU, `produce` under the lock of producers and `consume` under that of consumers.
 */
import { Arena } from '../../smp/arena.js';
import type { Cpu } from '../../smp/cpu.js';
import { LOCK_WORDS, lock, unlock } from '../../smp/spin-lock.js';
import { NO_PAGE } from '../page-table.js';

const LAYOUT = Arena.recordOfLines(
  { lock: LOCK_WORDS, producer: 'i32' },
  { consumerLock: LOCK_WORDS, head: 'i32', tail: 'i32' },
);
// Local constants: docs/design/0008-constants-and-records.md.
const LOCK = LAYOUT.at.lock;
const PRODUCER = LAYOUT.at.producer;
const CONSUMER_LOCK = LAYOUT.at.consumerLock;
const HEAD = LAYOUT.at.head;
const TAIL = LAYOUT.at.tail;
const EMPTY = 0;

/** Slots that two lines hold, with 8 bytes each as in Linux. */
const BATCH = 16;

export class ReturnRing {
  readonly slots: number;
  /** Slots that are given back to producers at a time. */
  readonly batch: number;
  readonly #words: Int32Array;
  readonly #queue: Int32Array;

  constructor(arena: Arena, slots: number) {
    this.slots = slots;
    this.batch = BATCH > slots / 2 ? 1 : BATCH;
    this.#words = arena.int32(LAYOUT.stride);
    this.#queue = arena.int32(slots);
  }

  reset(): void {
    this.#words.fill(0);
    this.#queue.fill(EMPTY);
  }

  lock(cpu: Cpu): void {
    lock(cpu, this.#words, LOCK);
  }

  unlock(): void {
    unlock(this.#words, LOCK);
  }

  lockConsumer(cpu: Cpu): void {
    lock(cpu, this.#words, CONSUMER_LOCK);
  }

  unlockConsumer(): void {
    unlock(this.#words, CONSUMER_LOCK);
  }

  /** Adds a page; false if the ring is full. Under the lock of producers. */
  produce(pfn: number): boolean {
    const words = this.#words;
    const at = words[PRODUCER]!;
    // What the consumer did with the page before it emptied the slot is visible to who finds it empty.
    if (Atomics.load(this.#queue, at) !== EMPTY) return false;
    Atomics.store(this.#queue, at, pfn + 1);
    words[PRODUCER] = at + 1 === this.slots ? 0 : at + 1;
    return true;
  }

  /** True if there is nothing to consume. Plain read, may be stale (docs/design/0004-stale-reads.md). */
  isEmpty(): boolean {
    return this.#queue[this.#words[HEAD]!] === EMPTY;
  }

  /** Takes out the oldest page, or returns `NO_PAGE`. Under the lock of consumers. */
  consume(): number {
    const words = this.#words;
    const head = words[HEAD]!;
    const value = Atomics.load(this.#queue, head);
    if (value === EMPTY) return NO_PAGE;
    const next = head + 1;
    if (next - words[TAIL]! >= this.batch || next === this.slots) this.#giveBack(head);
    words[HEAD] = next === this.slots ? 0 : next;
    return value - 1;
  }

  /** Empties slots up to `last`, that one first: a producer waits for the first of them, and then has them all. */
  #giveBack(last: number): void {
    const words = this.#words;
    const tail = words[TAIL]!;
    for (let at = last; at >= tail; at--) Atomics.store(this.#queue, at, EMPTY);
    words[TAIL] = last + 1 === this.slots ? 0 : last + 1;
  }

  /** Pages that can be consumed; exact when no CPU is at work. */
  get count(): number {
    const words = this.#words;
    const distance = words[PRODUCER]! - words[HEAD]!;
    if (distance === 0) return this.isEmpty() ? 0 : this.slots;
    return distance > 0 ? distance : distance + this.slots;
  }

  /** Slots that were emptied and not given back yet. */
  get spent(): number {
    return this.#words[HEAD]! - this.#words[TAIL]!;
  }

  /** Page frame numbers in the order in which they will be consumed. */
  pages(): number[] {
    const head = this.#words[HEAD]!;
    return Array.from({ length: this.count }, (_, at) => this.#queue[(head + at) % this.slots]! - 1);
  }
}
