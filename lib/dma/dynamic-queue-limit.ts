/**
 * The limit of objects, such as bytes, that a device has at the same time: as many as keep it busy.
 * Models: dynamic queue limits (lib/dynamic_queue_limits.c). The limit is found, not set: when the device ran out of
 * work while objects were held back, it rises by what the device could have taken besides; it falls by what was never
 * needed during the hold time. Time counts in any unit; with a stall watch, in jiffies. `copytax verify` compares each
 * count with those of Linux: docs/spec/traces.md#dynamic-queue-limits.
 * Threads: `queued` under the TX lock; `completed` by the softirq poll. Counts are modulo 2^32.
 */
import { within } from '../limits.js';
import { Arena } from '../smp/arena.js';
import type { StallWatch } from './stall-watch.js';

/** Cache lines of a limit, or parts of them, by the party that writes them; none overlap. */
export interface QueueLimitLines {
  /** Written under the TX lock; from here on at least `TRANSMITTER_WORDS`. */
  readonly transmitter: Int32Array;
  /** Written by the softirq poll; from here on at least `CLEANER_WORDS`, on a boundary of 8 bytes. */
  readonly cleaner: Int32Array;
}

// Of the transmitter:
const QUEUED = 0; // num_queued
const LATEST = 1; // last_obj_cnt
const REFUSED = 2; // counts that were too large
export const TRANSMITTER_WORDS = 3;

const CLEANER = Arena.record({
  allowed: 'i32', // adj_limit, up to which total objects may be queued: completed + limit
  completed: 'i32', // num_completed
  limit: 'i32',
  // As they were at the previous completion:
  prevQueued: 'i32', // prev_num_queued
  prevExcess: 'i32', // prev_ovlimit: objects beyond the limit
  prevLatest: 'i32', // prev_last_obj_cnt
  slack: 'i32', // lowest_slack: the least number of objects that were to spare since `slackSince`
  // Set to tune the queue:
  min: 'i32',
  max: 'i32',
  slackSince: 'f64', // slack_start_time
  hold: 'f64', // slack_hold_time
});
export const CLEANER_WORDS = CLEANER.stride;
const { allowed: ALLOWED, completed: COMPLETED, limit: LIMIT, min: MIN, max: MAX, hold: HOLD } = CLEANER.at;
const { prevQueued: PREV_QUEUED, prevExcess: PREV_EXCESS, prevLatest: PREV_LATEST } = CLEANER.at;
const { slack: SLACK, slackSince: SLACK_SINCE } = CLEANER.at;

const ALL_BITS = 2 ** 32 - 1;
/** The largest count that can be queued at once; the network layer's packets are far smaller. */
export const MAX_OBJECT = ALL_BITS >>> 4;
/** The largest limit. With a packet of the largest size beyond it, a count is still less than 2^31. */
export const MAX_LIMIT = 2 ** 31 - 1 - MAX_OBJECT;
const NO_SLACK_SEEN = -1; // as an unsigned number more than any slack, in Linux

export class DynamicQueueLimit {
  readonly #transmitter: Int32Array;
  readonly #cleaner: Int32Array;
  readonly #doubles: Float64Array;
  readonly #stalls: StallWatch | null;

  /** `stalls`: told what is queued and completed; null: nothing detects stalls, as in Linux unless it is told to. */
  constructor({ transmitter, cleaner }: QueueLimitLines, stalls: StallWatch | null = null) {
    this.#transmitter = transmitter;
    this.#cleaner = cleaner;
    this.#doubles = Arena.doublesOf(cleaner);
    this.#stalls = stalls;
  }

  /**
   * Makes a new limit of 0: the first object, however small, is beyond it. Slack that has lasted for `hold` is taken
   * off the limit.
   */
  reset(hold: number, now = 0): void {
    this.#transmitter.fill(0);
    this.#cleaner.fill(0);
    this.#cleaner[MAX] = MAX_LIMIT;
    this.#doubles[HOLD] = hold;
    this.#stalls?.reset(now);
    this.restart(now);
  }

  /**
   * Forgets what was queued, and the limit, as when a queue is taken out of service. Bounds and hold time stay, and
   * what may be queued stays until the next completion: Linux does not clear it.
   */
  restart(now: number): void {
    for (const at of [QUEUED, LATEST]) this.#transmitter[at] = 0;
    for (const at of [COMPLETED, PREV_QUEUED, PREV_EXCESS, PREV_LATEST]) this.#cleaner[at] = 0;
    this.#cleaner[LIMIT] = this.#cleaner[MIN]!;
    this.#forgetSlack(now);
    this.#stalls?.restart(now);
  }

  /**
   * Sets the bounds of the limit, which hold from the next completion on.
   * @throws ERR_OUT_OF_RANGE for a bound above `MAX_LIMIT`, which Linux does not accept either
   */
  bound({ min = this.#cleaner[MIN]!, max = this.#cleaner[MAX]! }: { min?: number; max?: number }): void {
    within('lower bound of a queue limit', min, 0, MAX_LIMIT);
    within('upper bound of a queue limit', max, 0, MAX_LIMIT);
    this.#cleaner[MIN] = min;
    this.#cleaner[MAX] = max;
  }

  holdFor(time: number): void {
    this.#doubles[HOLD] = time;
  }

  /** Objects that may still be queued; negative when the limit is exceeded. Plain reads. */
  get available(): number {
    return (this.#cleaner[ALLOWED]! - this.#transmitter[QUEUED]!) | 0;
  }

  /** As `available`, with all that was completed before this call, or queued. Any thread. */
  availableNow(): number {
    return (Atomics.load(this.#cleaner, ALLOWED) - Atomics.load(this.#transmitter, QUEUED)) | 0;
  }

  /** Objects that the device has; exact when no CPU is at work. */
  get inFlight(): number {
    return (this.#transmitter[QUEUED]! - this.#cleaner[COMPLETED]!) | 0;
  }

  get limit(): number {
    return this.#cleaner[LIMIT]!;
  }

  /** Number of counts that were refused: more than `MAX_OBJECT`. */
  get refused(): number {
    return this.#transmitter[REFUSED]!;
  }

  /** All counts, for comparison with those of Linux. */
  counts() {
    const [transmitter, cleaner] = [this.#transmitter, this.#cleaner];
    return {
      queued: transmitter[QUEUED]! >>> 0,
      latest: transmitter[LATEST]! >>> 0,
      completed: cleaner[COMPLETED]! >>> 0,
      allowed: cleaner[ALLOWED]! >>> 0,
      prevQueued: cleaner[PREV_QUEUED]! >>> 0,
      prevLatest: cleaner[PREV_LATEST]! >>> 0,
      prevExcess: cleaner[PREV_EXCESS]! >>> 0,
      slack: cleaner[SLACK]! >>> 0,
      slackSince: this.#doubles[SLACK_SINCE]!,
    };
  }

  /** Enters objects that go to the device. Returns what may still be queued, as `available` does. */
  queued(count: number, now: number): number {
    const transmitter = this.#transmitter;
    if (count > MAX_OBJECT) return this.#refuse();
    const total = (transmitter[QUEUED]! + count) | 0;
    transmitter[LATEST] = count;
    transmitter[QUEUED] = total;
    if (this.#stalls !== null) this.#stalls.queued(now);
    return (this.#cleaner[ALLOWED]! - total) | 0;
  }

  /** Enters objects that the device is done with, at most those that it has. */
  completed(count: number, now: number): void {
    const cleaner = this.#cleaner;
    const transmitter = this.#transmitter;
    const stalls = this.#stalls; // read before the atomic store, which would wait for it
    const queued = Atomics.load(transmitter, QUEUED);
    const before = cleaner[COMPLETED]!;
    const completed = (before + count) | 0;
    const limit = cleaner[LIMIT]!;
    const excess = clampToZero(queued - before - limit);
    const next = bounded(this.#nextLimit(queued, before, completed, excess, now), cleaner[MIN]!, cleaner[MAX]!);
    cleaner[LIMIT] = next;
    cleaner[COMPLETED] = completed;
    cleaner[PREV_QUEUED] = queued;
    cleaner[PREV_EXCESS] = next === limit ? excess : 0;
    cleaner[PREV_LATEST] = transmitter[LATEST]!;
    Atomics.store(cleaner, ALLOWED, (completed + next) | 0);
    if (stalls !== null) stalls.completed(now);
  }

  #refuse(): number {
    this.#transmitter[REFUSED] = this.#transmitter[REFUSED]! + 1;
    return this.available;
  }

  #nextLimit(queued: number, before: number, completed: number, excess: number, now: number): number {
    const cleaner = this.#cleaner;
    const limit = cleaner[LIMIT]!;
    const prevExcess = cleaner[PREV_EXCESS]!;
    const isIdle = queued === completed;
    const isPastPrev = ((completed - cleaner[PREV_QUEUED]!) | 0) >= 0;
    if ((excess > 0 && isIdle) || (prevExcess > 0 && isPastPrev)) {
      // Objects were held back, and the device has run out of work. It could have taken as much again as it completed
      // of what it was given since the previous completion, and the excess of that completion besides.
      this.#forgetSlack(now);
      const risen = (limit + clampToZero(completed - cleaner[PREV_QUEUED]!) + prevExcess) >>> 0;
      return Math.min(risen, MAX_LIMIT) | 0; // no upper bound is higher
    }
    const wasBusy = cleaner[PREV_QUEUED] !== before;
    if (isIdle || !wasBusy || isPastPrev) return limit; // not busy all the time: says nothing about the limit it needs
    // Twice the completed objects keep it busy until the next poll; a packet that only just fitted needs its bytes.
    const beyondNeed = clampToZero(limit + prevExcess - 2 * (completed - before));
    const beyondLatest = prevExcess > 0 ? clampToZero(cleaner[PREV_LATEST]! - prevExcess) : 0;
    const seen = cleaner[SLACK]!;
    const latest = Math.max(beyondNeed, beyondLatest);
    const slack = seen === NO_SLACK_SEEN ? latest : Math.min(seen, latest);
    cleaner[SLACK] = slack;
    if (now - this.#doubles[SLACK_SINCE]! <= this.#doubles[HOLD]!) return limit;
    this.#forgetSlack(now);
    return clampToZero(limit - slack);
  }

  #forgetSlack(now: number): void {
    this.#cleaner[SLACK] = NO_SLACK_SEEN;
    this.#doubles[SLACK_SINCE] = now;
  }
}

/** The limit within its bounds. Of a lower bound that is the higher one, only a limit below both takes notice. */
function bounded(limit: number, min: number, max: number): number {
  const raised = Math.max(limit, min);
  return limit >= max ? max : raised;
}

/** A difference of counts modulo 2^32, or 0 when it is negative. */
function clampToZero(difference: number): number {
  return Math.max(0, difference | 0);
}
