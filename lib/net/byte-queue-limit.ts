/**
 * The limit of bytes that a queue hands to its device before some are completed.
 * Models: byte queue limits over dynamic queue limits (netdev_tx_sent_queue, netdev_tx_completed_queue). At the limit
 * the queue stops, even if its ring has room. `lib/dma/dynamic-queue-limit.ts` finds the limit.
 * Threads: `charge` under the TX lock; `complete` and `wake` by the softirq poll. Counts of bytes are modulo 2^32.
 */
import { DynamicQueueLimit, type QueueLimitLines, TRANSMITTER_WORDS } from '../dma/dynamic-queue-limit.js';
import type { StallWatch } from '../dma/stall-watch.js';

/** Cache lines of a queue, or parts of them, by the party that writes them; none overlap. */
export interface LimitLines extends QueueLimitLines {
  /** One word more than `QueueLimitLines` says. */
  readonly transmitter: Int32Array;
  /** Read by all and rarely written; from here on at least 1 word. */
  readonly state: Int32Array;
}

// Of the transmitter:
const STOPS = TRANSMITTER_WORDS;

// Set under the TX lock, cleared by the poll:
const STOPPED = 0;

/** Slack that has lasted this long is taken off the limit. */
const SLACK_HOLD_NS = 1e9;

export class ByteQueueLimit {
  /** Finds the limit; for those who tune or inspect it. */
  readonly dynamic: DynamicQueueLimit;
  readonly #isOn: boolean;
  readonly #lines: LimitLines;

  /** `isOn`: if false, the queue never stops here. `stalls`: told what is charged and completed, in jiffies. */
  constructor(lines: LimitLines, isOn: boolean, stalls: StallWatch | null = null) {
    this.#isOn = isOn;
    this.#lines = lines;
    this.dynamic = new DynamicQueueLimit(lines, stalls);
  }

  /** Begins with a limit of 0: the first packet, however small, stops the queue until the device is done with it. */
  reset(hold = SLACK_HOLD_NS, now = 0): void {
    this.#lines.transmitter.fill(0);
    this.#lines.state.fill(0);
    this.dynamic.reset(hold, now);
  }

  get limit(): number {
    return this.dynamic.limit;
  }

  /** Number of times that the queue was stopped here. */
  get stops(): number {
    return this.#lines.transmitter[STOPS]!;
  }

  /** Bytes that the device has; exact when no CPU is at work. */
  get inFlight(): number {
    return this.dynamic.inFlight;
  }

  /**
   * Charges a packet that is about to go to the device. Comes before the doorbell, since the completion could come
   * first. `now` matters to a stall watch only.
   * @returns true when the queue was stopped for a moment: another CPU may have seen it stopped and has to look again
   */
  charge(bytes: number, now = 0): boolean {
    if (!this.#isOn) return false;
    if (this.dynamic.queued(bytes, now) >= 0) return false;
    const { transmitter, state } = this.#lines;
    Atomics.store(state, STOPPED, 1);
    // The poll may have raised the allowance without having seen the stop.
    if (this.dynamic.availableNow() >= 0) return Atomics.exchange(state, STOPPED, 0) === 1;
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
    this.dynamic.completed(bytes, now);
  }

  /** Wakes a stopped queue that is below its limit. True if it was stopped and is woken. */
  wake(): boolean {
    const { state } = this.#lines;
    if (Atomics.load(state, STOPPED) === 0) return false;
    if (this.dynamic.availableNow() < 0) return false; // further completions follow
    return Atomics.exchange(state, STOPPED, 0) === 1;
  }

  /** Forgets what was charged, as when the queue is taken out of service: `DynamicQueueLimit.restart`. */
  restart(now: number): void {
    Atomics.store(this.#lines.state, STOPPED, 0);
    this.dynamic.restart(now);
  }
}
