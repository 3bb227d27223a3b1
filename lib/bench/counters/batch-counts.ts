/**
 * Counts of timed copies for a ledger, per KiB that was copied. Native code reads the counters before the clock and
 * after it, so that a batch is timed as without them, and takes off what an empty batch counts.
 */
import { CopytaxError } from '../../errors.js';
import { KIB } from '../../units.js';
import { COUNTER_KEY_OF, COUNTER_KEYS, type Ledger, type LedgerKey } from '../types/ledger-keys.js';
import { Counters } from './counters.js';
import { type Counts, ROW_NUMBERS, scaledCounts } from './scaled-counts.js';

/**
 * Reading counters before a copy of a microsecond would evict a part of what is warm: where less than this is timed at
 * once, bytes, the copies that are counted are others, after those that are timed.
 */
export const COUNTED_WITH_TIME_BYTES = 128 * KIB;

/** Returns counts of a stretch in which `bytes` bytes were copied, as a part of a ledger; empty if nothing counted. */
export function perKiB({ counts, ranShare }: Counts, bytes: number): Ledger {
  if (ranShare === null || !(bytes > 0)) return {};
  const each = Object.entries(counts).flatMap(([name, count]) => {
    const key = COUNTER_KEY_OF[name];
    return key === undefined ? [] : [[key, (count * KIB) / bytes] as const];
  });
  return Object.fromEntries([...each, ['countersRanShare', ranShare]]);
}

/** Lends the counters of a thread, which can be opened only once at a time, to all that measure on it together. */
export class CounterLender {
  readonly #make: () => Counters;
  #counters: Counters | null = null;
  #lent = 0;

  /** `make` opens the counters. */
  constructor(make: () => Counters) {
    this.#make = make;
  }

  /** Returns the counters; null if the program that calls copytax has them open, which keeps them. */
  lend(): Counters | null {
    try {
      this.#counters ??= this.#make();
    } catch (error) {
      if (error instanceof CopytaxError && error.code === 'ERR_ALREADY_RUNNING') return null;
      throw error;
    }
    this.#lent++;
    return this.#counters;
  }

  /** Takes back what `lend` returned, and closes it if it was lent to nothing else. */
  takeBack(): void {
    if (--this.#lent > 0) return;
    this.#counters?.close();
    this.#counters = null;
  }
}

const OF_THIS_THREAD = new CounterLender(() => new Counters());

/** Owner: the thread that opens them. Without counters all of this works, and counts nothing. */
export class BatchCounts {
  readonly #lender: CounterLender;
  #counters: Counters | null = null;
  #keys: readonly LedgerKey[] = [];
  #rows = new Float64Array(0);
  #sum = new Float64Array(0);

  /** `lender` has the counters; a test has others. */
  constructor(lender = OF_THIS_THREAD) {
    this.#lender = lender;
  }

  /** Opens the counters of this thread, or shares those that are open. Idempotent. */
  open(): void {
    this.#counters ??= this.#lender.lend();
    const names = this.#counters?.names ?? [];
    this.#sum = new Float64Array(names.length * ROW_NUMBERS);
    this.#keys = names.length > 0 ? COUNTER_KEYS : [];
  }

  /** Idempotent. */
  close(): void {
    if (this.#counters !== null) this.#lender.takeBack();
    this.#counters = null;
  }

  /** Keys whose samples a result keeps, also after `close`: none where nothing could be counted. */
  get keys(): readonly LedgerKey[] {
    return this.#keys;
  }

  /** Returns what `timedCopy` takes to count each of `batches`; undefined where there is nothing to count with. */
  into(batches: number): Float64Array | undefined {
    const numbers = batches * this.#sum.length;
    if (this.#counters === null || numbers === 0) return undefined;
    if (this.#rows.length !== numbers) this.#rows = new Float64Array(numbers);
    return this.#rows.fill(0);
  }

  /** Adds up a batch, counted from 0, of the last `into`. */
  add(batch: number): void {
    const { length } = this.#sum;
    for (let at = 0; at < length; at++) this.#sum[at]! += this.#rows[batch * length + at] ?? 0;
  }

  /** Returns what was added up since the last call, in which `bytes` bytes were copied. */
  ledger(bytes: number): Ledger {
    const counts = scaledCounts(this.#counters?.names ?? [], this.#sum);
    this.#sum.fill(0);
    return perKiB(counts, bytes);
  }

  /** Counts a loop of a millisecond or more that copies `bytes` bytes on this thread. */
  around(bytes: number, work: () => void): Ledger {
    if (this.#counters !== null) return perKiB(this.#counters.around(work), bytes);
    work();
    return {};
  }
}
