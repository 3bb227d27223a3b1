/**
 * How many bytes a queue may hand to its device before the device has to be done with some: no more than keep it busy.
 * Models: byte queue limits over dynamic queue limits (lib/dynamic_queue_limits.c, netdev_tx_sent_queue). The limit is
 * found, not set: it rises when the device ran out of work while skbs were held back, by what it might have done
 * besides, and falls by what was never needed in the last second. At the limit the queue stops, apart from its ring.
 * Threads: `charge` under the TX lock; `complete` and `wake` by the softirq poll. Counts of bytes are modulo 2^32.
 */
import type { Arena } from '../smp/arena.js';

const LINE = 32;
// Written under the TX lock:
const CHARGED = 0;
const LATEST = 1; // bytes of the packet that was charged last
const STOPPED = 2; // set there, cleared by the poll
const STOPS = 3;
// Written by the poll:
const ALLOWED = LINE; // what may be charged in all: completed + limit
const COMPLETED = LINE + 1;
const LIMIT = LINE + 2;
// As they were at the poll before:
const CHARGED_THEN = LINE + 3;
const EXCESS_THEN = LINE + 4; // beyond the limit
const LATEST_THEN = LINE + 5;
const SLACK = LINE + 6; // the least that was to spare since SLACK_SINCE
const SLACK_SINCE = (LINE + 8) / 2; // double

const MAX_LIMIT = 2 ** 30;
const NO_SLACK_SEEN = 2 ** 31 - 1;
/** What is to spare goes when it was to spare for so long. */
const SLACK_HOLD_NS = 1e9;

export class ByteQueueLimit {
  readonly #isOn: boolean;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;

  /** One that is not on lets everything pass. */
  constructor(arena: Arena, isOn: boolean) {
    this.#isOn = isOn;
    this.#words = arena.int32(2 * LINE);
    this.#doubles = new Float64Array(this.#words.buffer, this.#words.byteOffset, this.#words.length / 2);
  }

  /** From a limit of nothing: whatever the first packet is, it stops the queue until the device is done with it. */
  reset(): void {
    this.#words.fill(0);
    this.#words[SLACK] = NO_SLACK_SEEN;
  }

  get limit(): number {
    return this.#words[LIMIT]!;
  }

  /** How often the queue was stopped here. */
  get stops(): number {
    return this.#words[STOPS]!;
  }

  /** Bytes that the device has; exact when no CPU is at work. */
  get inFlight(): number {
    return (this.#words[CHARGED]! - this.#words[COMPLETED]!) | 0;
  }

  /**
   * A packet is about to go to the device: before the doorbell, or its completion could come first. True when the queue
   * was stopped for a moment: whoever saw that has to be told to look again.
   */
  charge(bytes: number): boolean {
    if (!this.#isOn) return false;
    const words = this.#words;
    const charged = (words[CHARGED]! + bytes) | 0;
    words[CHARGED] = charged;
    words[LATEST] = bytes;
    if (((words[ALLOWED]! - charged) | 0) >= 0) return false;
    Atomics.store(words, STOPPED, 1);
    // The poll may have raised the allowance without having seen the stop.
    if (((Atomics.load(words, ALLOWED) - charged) | 0) >= 0) return Atomics.exchange(words, STOPPED, 0) === 1;
    words[STOPS] = words[STOPS]! + 1;
    return false;
  }

  /** A glance, for the CPU that runs the qdisc: whoever lets the queue go on sees to it that somebody looks again. */
  seemsStopped(): boolean {
    return this.#words[STOPPED] !== 0;
  }

  /** The device is done with so many bytes, all that it was done with at this poll. `wake` has to follow. */
  complete(bytes: number, now: number): void {
    if (!this.#isOn || bytes === 0) return;
    const words = this.#words;
    const charged = Atomics.load(words, CHARGED);
    const before = words[COMPLETED]!;
    const completed = (before + bytes) | 0;
    const limit = words[LIMIT]!;
    const excess = atLeastNothing(charged - before - limit);
    const next = Math.min(this.#nextLimit(charged, before, completed, excess, now), MAX_LIMIT);
    words[LIMIT] = next;
    words[COMPLETED] = completed;
    words[CHARGED_THEN] = charged;
    words[EXCESS_THEN] = next === limit ? excess : 0;
    words[LATEST_THEN] = words[LATEST]!;
    Atomics.store(words, ALLOWED, (completed + next) | 0);
  }

  /** Lets a stopped queue go on if it may. True when it was stopped. */
  wake(): boolean {
    const words = this.#words;
    if (Atomics.load(words, STOPPED) === 0) return false;
    if (((words[ALLOWED]! - Atomics.load(words, CHARGED)) | 0) < 0) return false; // more is going to be completed
    return Atomics.exchange(words, STOPPED, 0) === 1;
  }

  #nextLimit(charged: number, before: number, completed: number, excess: number, now: number): number {
    const words = this.#words;
    const limit = words[LIMIT]!;
    const excessThen = words[EXCESS_THEN]!;
    const isIdle = charged === completed;
    const isPastThen = ((completed - words[CHARGED_THEN]!) | 0) >= 0;
    if ((excess > 0 && isIdle) || (excessThen > 0 && isPastThen)) {
      // Skbs were held back, and the device has run out of what it had: as much again as it was given and done with
      // since then, and what was over the limit then, it could have had besides.
      this.#forgetSlack(now);
      return limit + atLeastNothing(completed - words[CHARGED_THEN]!) + excessThen;
    }
    const wasBusy = words[CHARGED_THEN] !== before;
    if (isIdle || !wasBusy || isPastThen) return limit; // not busy all the time: says nothing of what it needs
    // Twice what it was done with keeps it busy until the next poll; a packet that only just fitted needs its bytes.
    const beyondNeed = atLeastNothing(limit + excessThen - 2 * (completed - before));
    const beyondLatest = excessThen > 0 ? atLeastNothing(words[LATEST_THEN]! - excessThen) : 0;
    words[SLACK] = Math.min(words[SLACK]!, Math.max(beyondNeed, beyondLatest));
    if (now - this.#doubles[SLACK_SINCE]! <= SLACK_HOLD_NS) return limit;
    const slack = words[SLACK]!;
    this.#forgetSlack(now);
    return atLeastNothing(limit - slack);
  }

  #forgetSlack(now: number): void {
    this.#words[SLACK] = NO_SLACK_SEEN;
    this.#doubles[SLACK_SINCE] = now;
  }
}

/** A difference of counts modulo 2^32, or 0 when it is negative. */
function atLeastNothing(difference: number): number {
  return Math.max(0, difference | 0);
}
