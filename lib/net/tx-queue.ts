/**
 * A transmit queue: its TX lock, its qdisc's state, and the ring behind it.
 * Models: struct netdev_queue and a first-in-first-out struct Qdisc (net/sched/sch_generic.c).
 * Threads: `words` from TX_LOCK on under the TX lock, from ROOT_LOCK on under the root lock.
 */
import type { DescriptorRing } from '../dma/descriptor-ring.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { lock, unlock } from '../smp/spin-lock.js';

const LINE = 32;
const ROOT_LOCK = 0;
const RUNNING = 2;
const HEAD = 3;
const TAIL = 4;
const REQUEUED = 5; // skb + 1
const TX_LOCK = LINE;
const COUNTERS = TX_LOCK + 2;

/** Counted under the TX lock. */
export const COUNT = { packets: 0, bounceBytes: 1, mapFailures: 2, stops: 3 } as const;
export type TxCount = keyof typeof COUNT;

/** Nothing to dequeue. */
export const NO_SKB = -1;

export class TxQueue {
  readonly index: number;
  readonly ring: DescriptorRing;
  readonly #words: Int32Array;
  readonly #fifo: Int32Array;
  readonly #mask: number;

  /** `capacity` is a power of two that every skb of every socket fits in, so that nothing is ever dropped. */
  constructor(arena: Arena, index: number, capacity: number, ring: DescriptorRing) {
    this.index = index;
    this.ring = ring;
    this.#words = arena.int32(2 * LINE);
    this.#fifo = arena.int32(capacity);
    this.#mask = capacity - 1;
  }

  reset(): void {
    this.#words.fill(0);
    this.ring.reset();
  }

  lockRoot(cpu: Cpu): void {
    lock(this.#words, ROOT_LOCK, cpu);
  }

  unlockRoot(): void {
    unlock(this.#words, ROOT_LOCK);
  }

  lockTx(cpu: Cpu): void {
    lock(this.#words, TX_LOCK, cpu);
  }

  unlockTx(): void {
    unlock(this.#words, TX_LOCK);
  }

  /** One CPU at a time runs a qdisc. Under the root lock; false when another one does. */
  beginRun(): boolean {
    if (this.#words[RUNNING] !== 0) return false;
    this.#words[RUNNING] = 1;
    return true;
  }

  /** Under the root lock. */
  endRun(): void {
    this.#words[RUNNING] = 0;
  }

  isEmpty(): boolean {
    return this.#words[HEAD] === this.#words[TAIL] && this.#words[REQUEUED] === 0;
  }

  enqueue(skb: number): void {
    const tail = this.#words[TAIL]!;
    this.#fifo[tail & this.#mask] = skb;
    this.#words[TAIL] = tail + 1;
  }

  /** Puts back what the driver would not take; it comes out first. */
  requeue(skb: number): void {
    this.#words[REQUEUED] = skb + 1;
  }

  dequeue(): number {
    const requeued = this.#words[REQUEUED]!;
    if (requeued !== 0) {
      this.#words[REQUEUED] = 0;
      return requeued - 1;
    }
    const head = this.#words[HEAD]!;
    if (head === this.#words[TAIL]) return NO_SKB;
    this.#words[HEAD] = head + 1;
    return this.#fifo[head & this.#mask]!;
  }

  /** skbs that wait here; exact when no CPU is at work. */
  get backlog(): number {
    return ((this.#words[TAIL]! - this.#words[HEAD]!) | 0) + (this.#words[REQUEUED] === 0 ? 0 : 1);
  }

  add(counter: number, amount: number): void {
    const at = COUNTERS + counter;
    this.#words[at] = this.#words[at]! + amount;
  }

  counter(name: TxCount): number {
    return this.#words[COUNTERS + COUNT[name]]!;
  }
}
