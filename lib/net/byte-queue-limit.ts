/**
 * The limit of bytes that a queue hands to its device before some are completed: as many as keep the device busy.
 * Models: byte queue limits over dynamic queue limits (lib/dynamic_queue_limits.c, netdev_tx_sent_queue). The limit is
 * found, not set: when the device ran out of work while skbs were held back, it rises by the bytes that the device
 * could have taken besides; it falls by the bytes that were never needed in the last second. At the limit the queue
 * stops, even if its ring has room.
 * Threads: `charge` under the TX lock; `complete` and `wake` by the softirq poll. Counts of bytes are modulo 2^32.
 */
import { Arena } from '../smp/arena.js';

/** Cache lines of a queue, or parts of them, by the party that writes them; none overlap. */
export interface LimitLines {
  /** Written under the TX lock; from here on at least 3 words. */
  readonly transmitter: Int32Array;
  /** Written by the softirq poll; from here on at least 10 words, on a boundary of 8 bytes. */
  readonly cleaner: Int32Array;
  /** Read by all and rarely written; from here on at least 1 word. */
  readonly state: Int32Array;
}

// Of the transmitter:
const CHARGED = 0;
const LATEST = 1; // bytes of the packet that was charged last
const STOPS = 2;

const CLEANER = Arena.record({
  allowed: 'i32', // up to which total bytes may be charged: completed + limit
  completed: 'i32',
  limit: 'i32',
  // As they were at the previous poll:
  prevCharged: 'i32', // prev_num_queued
  prevExcess: 'i32', // prev_ovlimit: bytes beyond the limit
  prevLatest: 'i32', // prev_last_obj_cnt
  slack: 'i32', // least number of bytes that were to spare since `slackSince`
  slackSince: 'f64',
});
const { allowed: ALLOWED, completed: COMPLETED, limit: LIMIT, slack: SLACK, slackSince: SLACK_SINCE } = CLEANER.at;
const { prevCharged: PREV_CHARGED, prevExcess: PREV_EXCESS, prevLatest: PREV_LATEST } = CLEANER.at;

// Set under the TX lock, cleared by the poll:
const STOPPED = 0;

const MAX_LIMIT = 2 ** 30;
const NO_SLACK_SEEN = 2 ** 31 - 1;
/** Slack that has lasted this long is taken off the limit. */
const SLACK_HOLD_NS = 1e9;

export class ByteQueueLimit {
  readonly #isOn: boolean;
  readonly #lines: LimitLines;
  readonly #cleanerDoubles: Float64Array;

  /** `isOn`: if false, the queue never stops here. */
  constructor(lines: LimitLines, isOn: boolean) {
    this.#isOn = isOn;
    this.#lines = lines;
    this.#cleanerDoubles = Arena.doublesOf(lines.cleaner);
  }

  /** Begins with a limit of 0: the first packet, however small, stops the queue until the device is done with it. */
  reset(): void {
    this.#lines.transmitter.fill(0);
    this.#lines.cleaner.fill(0);
    this.#lines.state.fill(0);
    this.#lines.cleaner[SLACK] = NO_SLACK_SEEN;
  }

  get limit(): number {
    return this.#lines.cleaner[LIMIT]!;
  }

  /** Number of times that the queue was stopped here. */
  get stops(): number {
    return this.#lines.transmitter[STOPS]!;
  }

  /** Bytes that the device has; exact when no CPU is at work. */
  get inFlight(): number {
    return (this.#lines.transmitter[CHARGED]! - this.#lines.cleaner[COMPLETED]!) | 0;
  }

  /**
   * Charges a packet that is about to go to the device. Comes before the doorbell, since the completion could come
   * first.
   * @returns true when the queue was stopped for a moment: another CPU may have seen it stopped and has to look again
   */
  charge(bytes: number): boolean {
    if (!this.#isOn) return false;
    const { transmitter, cleaner, state } = this.#lines;
    const charged = (transmitter[CHARGED]! + bytes) | 0;
    transmitter[CHARGED] = charged;
    transmitter[LATEST] = bytes;
    if (((cleaner[ALLOWED]! - charged) | 0) >= 0) return false;
    Atomics.store(state, STOPPED, 1);
    // The poll may have raised the allowance without having seen the stop.
    if (((Atomics.load(cleaner, ALLOWED) - charged) | 0) >= 0) return Atomics.exchange(state, STOPPED, 0) === 1;
    transmitter[STOPS] = transmitter[STOPS]! + 1;
    return false;
  }

  /**
   * Plain read, may be stale (docs/design/0004-stale-reads.md), for the CPU that runs the qdisc: the CPU that wakes the
   * queue has it looked at again.
   */
  seemsStopped(): boolean {
    return this.#lines.state[STOPPED] !== 0;
  }

  /** Enters the bytes that the device is done with, all of this poll in one call. `wake` has to follow. */
  complete(bytes: number, now: number): void {
    if (!this.#isOn || bytes === 0) return;
    const { transmitter, cleaner } = this.#lines;
    const charged = Atomics.load(transmitter, CHARGED);
    const before = cleaner[COMPLETED]!;
    const completed = (before + bytes) | 0;
    const limit = cleaner[LIMIT]!;
    const excess = clampToZero(charged - before - limit);
    const next = Math.min(this.#nextLimit(charged, before, completed, excess, now), MAX_LIMIT);
    cleaner[LIMIT] = next;
    cleaner[COMPLETED] = completed;
    cleaner[PREV_CHARGED] = charged;
    cleaner[PREV_EXCESS] = next === limit ? excess : 0;
    cleaner[PREV_LATEST] = transmitter[LATEST]!;
    Atomics.store(cleaner, ALLOWED, (completed + next) | 0);
  }

  /** Wakes a stopped queue that is below its limit. True if it was stopped and is woken. */
  wake(): boolean {
    const { transmitter, cleaner, state } = this.#lines;
    if (Atomics.load(state, STOPPED) === 0) return false;
    const isOverLimit = ((cleaner[ALLOWED]! - Atomics.load(transmitter, CHARGED)) | 0) < 0;
    if (isOverLimit) return false; // further completions follow
    return Atomics.exchange(state, STOPPED, 0) === 1;
  }

  #nextLimit(charged: number, before: number, completed: number, excess: number, now: number): number {
    const { cleaner } = this.#lines;
    const limit = cleaner[LIMIT]!;
    const prevExcess = cleaner[PREV_EXCESS]!;
    const isIdle = charged === completed;
    const isPastPrev = ((completed - cleaner[PREV_CHARGED]!) | 0) >= 0;
    if ((excess > 0 && isIdle) || (prevExcess > 0 && isPastPrev)) {
      // skbs were held back, and the device has run out of work. It could have taken as much again as it completed of
      // what it was given since the previous poll, and the excess of that poll besides.
      this.#forgetSlack(now);
      return limit + clampToZero(completed - cleaner[PREV_CHARGED]!) + prevExcess;
    }
    const wasBusy = cleaner[PREV_CHARGED] !== before;
    if (isIdle || !wasBusy || isPastPrev) return limit; // not busy all the time: says nothing about the limit it needs
    // Twice the completed bytes keep it busy until the next poll; a packet that only just fitted needs its bytes.
    const beyondNeed = clampToZero(limit + prevExcess - 2 * (completed - before));
    const beyondLatest = prevExcess > 0 ? clampToZero(cleaner[PREV_LATEST]! - prevExcess) : 0;
    cleaner[SLACK] = Math.min(cleaner[SLACK]!, Math.max(beyondNeed, beyondLatest));
    if (now - this.#cleanerDoubles[SLACK_SINCE]! <= SLACK_HOLD_NS) return limit;
    const slack = cleaner[SLACK]!;
    this.#forgetSlack(now);
    return clampToZero(limit - slack);
  }

  #forgetSlack(now: number): void {
    this.#lines.cleaner[SLACK] = NO_SLACK_SEEN;
    this.#cleanerDoubles[SLACK_SINCE] = now;
  }
}

/** A difference of counts modulo 2^32, or 0 when it is negative. */
function clampToZero(difference: number): number {
  return Math.max(0, difference | 0);
}
