/** The performance counters of a thread: opens, reads and closes them. */
import { type Addon, addon, type RefusedCounter } from '../../addon/addon.js';
import { CopytaxError } from '../../errors.js';
import { HostFiles } from '../facts/host-files.js';
import { type CounterLimits, counterRefusal } from './refusals.js';
import { type Counts, rowsBetween, scaledCounts } from './scaled-counts.js';

/** The calls of the addon that counters need; a test has others. */
export type NativeCounters = Pick<Addon, 'countersOpen' | 'countersRead' | 'countersClose'>;

/** Returns what decides whether this process may count: the level of this host, and the user. */
export function counterLimits(files = new HostFiles(), userId = process.geteuid?.()): CounterLimits {
  const level = Number.parseInt(files.text('/proc/sys/kernel/perf_event_paranoid') ?? '', 10);
  return { paranoid: Number.isInteger(level) ? level : null, isRoot: userId === 0 };
}

/** Returns one clause for each reason: `cycles, instructions: not offered by this CPU ...`. */
export function refusedText(refused: readonly RefusedCounter[], limits: CounterLimits): string {
  const byReason = new Map<string, string[]>();
  for (const { name, errno } of refused) {
    const { why } = counterRefusal(errno, limits);
    byReason.set(why, [...(byReason.get(why) ?? []), name]);
  }
  return [...byReason].map(([why, names]) => `${names.join(', ')}: ${why}`).join('; ');
}

/**
 * Hardware counters of one thread, in user mode: cycles, instructions, misses of the last-level cache and of the data
 * TLB, as far as the CPU and Linux allow. Owner: the thread that opened them, which has at most one at a time. Close
 * them, or use `using`.
 */
export class Counters implements Disposable {
  static #open: Counters | null = null;
  readonly #native: NativeCounters;
  /** The counters that could be opened; none in most guests and containers. */
  readonly names: readonly string[];
  /** Why all or some are missing; empty if none is. */
  readonly reason: string;

  /** Use `counters()`. @throws ERR_ALREADY_RUNNING if this thread has others open */
  constructor();
  /** @internal */
  constructor(native?: NativeCounters);
  constructor(native: NativeCounters = addon()) {
    if (Counters.#open !== null) {
      const details = { remedy: 'close the counters that this thread has open: Linux counts for one reader at a time' };
      throw new CopytaxError('ERR_ALREADY_RUNNING', 'the counters of this thread are open already', details);
    }
    const { names, refused } = native.countersOpen();
    this.#native = native;
    this.names = names;
    this.reason = refusedText(refused, counterLimits());
    Counters.#open = this;
  }

  /**
   * Returns the counts since they were opened, by name; empty if there are none, and after `close`. One that never ran
   * is absent. Where counters took turns, counts are scaled up.
   */
  read(): Record<string, number> {
    return { ...scaledCounts(this.names, this.#rows()).counts };
  }

  /**
   * Counts what `work` does on this thread. What reading the counters does itself, some hundreds of instructions, is in
   * the counts: let `work` take a millisecond.
   */
  around(work: () => void): Counts {
    const before = this.#rows();
    work();
    return scaledCounts(this.names, rowsBetween(before, this.#rows()));
  }

  #rows(): Float64Array {
    return Counters.#open === this ? this.#native.countersRead() : new Float64Array(0);
  }

  /** Gives them back to Linux. Idempotent. */
  close(): void {
    if (Counters.#open !== this) return;
    this.#native.countersClose();
    Counters.#open = null;
  }

  /** The same as `close`. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Opens the hardware counters of the calling thread. What Linux refuses is in `reason`, and never thrown.
 * @throws ERR_ALREADY_RUNNING if this thread has others open
 */
export function counters(): Counters {
  return new Counters();
}
