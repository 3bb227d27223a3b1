/**
 * A transmit queue: its TX lock, the state of its qdisc, and the ring behind it with its byte queue limit.
 * Models: struct netdev_queue and a first-in-first-out struct Qdisc (net/sched/sch_generic.c). The qdisc is a queue
 * with many producers, which hold the root lock, and one consumer, the CPU that runs it. A CPU that finds it running
 * leaves a mark, so that the runner does not end without looking again.
 * Threads: any, unless a method says otherwise.
 */
import { type DescriptorRing, RING_WORDS } from '../dma/descriptor-ring.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { LOCK_WORDS, lock, unlock } from '../smp/spin-lock.js';
import { ByteQueueLimit } from './byte-queue-limit.js';

const LINE = 32;
// Written by CPUs that enqueue:
const ROOT_LOCK = 0;
const TAIL = ROOT_LOCK + LOCK_WORDS;
// Written by the CPU that runs the qdisc:
const RUN = LINE;
const HEAD = LINE + 1;
const REQUEUED = LINE + 2; // skb + 1
// Written under the TX lock, in the ring's line:
const TX_LOCK = RING_WORDS;
const COUNTERS = TX_LOCK + LOCK_WORDS;

const IDLE = 0;
const RUNNING = 1;
const MISSED = 2; // running, and something was enqueued or woken meanwhile

/** Counted under the TX lock. */
export const COUNT = { packets: 0, mapFailures: 1, stops: 2 } as const;
export type TxCount = keyof typeof COUNT;
const LIMIT = COUNTERS + Object.keys(COUNT).length;

/** Returned when there is nothing to dequeue. */
export const NO_SKB = -1;

export class TxQueue {
  readonly index: number;
  readonly ring: DescriptorRing;
  readonly byteQueueLimit: ByteQueueLimit;
  readonly #words: Int32Array;
  readonly #transmitter: Int32Array;
  readonly #fifo: Int32Array;
  readonly #mask: number;

  /** `capacity`: a power of two in which all skbs of all sockets fit, so that none is ever dropped. */
  constructor(arena: Arena, index: number, capacity: number, ring: DescriptorRing, hasByteLimit = false) {
    this.index = index;
    this.ring = ring;
    this.#words = arena.int32(2 * LINE);
    this.#transmitter = ring.transmitter;
    const limitLines = {
      transmitter: ring.transmitter.subarray(LIMIT),
      cleaner: ring.cleaner.subarray(RING_WORDS),
      state: ring.state.subarray(RING_WORDS),
    };
    this.byteQueueLimit = new ByteQueueLimit(limitLines, hasByteLimit);
    this.#fifo = arena.int32(capacity);
    this.#mask = capacity - 1;
  }

  reset(): void {
    this.#words.fill(0);
    this.ring.reset();
    this.byteQueueLimit.reset();
  }

  /**
   * True if the ring or the byte queue limit holds packets back. Plain reads, may be stale
   * (docs/design/0004-stale-reads.md).
   */
  seemsStopped(): boolean {
    return this.ring.seemsStopped() || this.byteQueueLimit.seemsStopped();
  }

  lockTx(cpu: Cpu): void {
    lock(cpu, this.#transmitter, TX_LOCK);
  }

  unlockTx(): void {
    unlock(this.#transmitter, TX_LOCK);
  }

  /** Begins a run of the qdisc; false if another CPU is running it. */
  tryBegin(): boolean {
    return Atomics.compareExchange(this.#words, RUN, IDLE, RUNNING) === IDLE;
  }

  /** True if no CPU runs the qdisc. Plain read, may be stale (docs/design/0004-stale-reads.md). */
  isIdle(): boolean {
    return this.#words[RUN] === IDLE;
  }

  /** As `tryBegin`, but if another CPU runs the qdisc, leaves a mark: that CPU will look for more before it ends. */
  beginOrMark(): boolean {
    for (;;) {
      const state = Atomics.compareExchange(this.#words, RUN, RUNNING, MISSED);
      if (state !== IDLE) return false;
      if (this.tryBegin()) return true;
    }
  }

  /** Ends the run; if another CPU left a mark, clears the mark and returns false: the runner has to look again. */
  tryEnd(): boolean {
    if (Atomics.compareExchange(this.#words, RUN, RUNNING, IDLE) === RUNNING) return true;
    Atomics.store(this.#words, RUN, RUNNING);
    return false;
  }

  /** Ends the run with skbs left. True if another CPU left a mark. */
  end(): boolean {
    return Atomics.exchange(this.#words, RUN, IDLE) === MISSED;
  }

  /** True if no skb waits. The runner only; an skb that is enqueued meanwhile comes with a mark. */
  isEmpty(): boolean {
    return this.#words[REQUEUED] === 0 && this.#words[HEAD] === this.#words[TAIL];
  }

  /**
   * True if every skb that was ever queued is with the device. The caller holds the TX lock. The first read of the run
   * state sees a run that began earlier. A run that begins meanwhile may have taken an skb out, but it cannot end
   * without the TX lock, so the second read sees it.
   */
  isPassable(): boolean {
    const words = this.#words;
    return (
      Atomics.load(words, RUN) === IDLE &&
      Atomics.load(words, REQUEUED) === 0 &&
      Atomics.load(words, HEAD) === Atomics.load(words, TAIL) &&
      Atomics.load(words, RUN) === IDLE
    );
  }

  /** Appends an skb. Any CPU; `beginOrMark` has to follow. */
  enqueue(cpu: Cpu, skb: number): void {
    lock(cpu, this.#words, ROOT_LOCK);
    const tail = this.#words[TAIL]!;
    this.#fifo[tail & this.#mask] = skb;
    Atomics.store(this.#words, TAIL, (tail + 1) | 0);
    unlock(this.#words, ROOT_LOCK);
  }

  /** Puts back an skb that the driver refused; it is dequeued first. The runner only. */
  requeue(skb: number): void {
    this.#words[REQUEUED] = skb + 1;
  }

  /** Takes the next skb, or returns `NO_SKB`. The runner only. */
  dequeue(): number {
    const requeued = this.#words[REQUEUED]!;
    if (requeued !== 0) {
      this.#words[REQUEUED] = 0;
      return requeued - 1;
    }
    const head = this.#words[HEAD]!;
    if (head === Atomics.load(this.#words, TAIL)) return NO_SKB;
    this.#words[HEAD] = (head + 1) | 0;
    return this.#fifo[head & this.#mask]!;
  }

  /** Number of skbs that wait here; exact when no CPU is at work. */
  get backlog(): number {
    return ((this.#words[TAIL]! - this.#words[HEAD]!) | 0) + (this.#words[REQUEUED] === 0 ? 0 : 1);
  }

  add(counter: number, amount: number): void {
    const at = COUNTERS + counter;
    this.#transmitter[at] = this.#transmitter[at]! + amount;
  }

  counter(name: TxCount): number {
    return this.#transmitter[COUNTERS + COUNT[name]]!;
  }
}
