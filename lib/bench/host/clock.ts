/** The clock that samples are timed by: what reading it costs, and the smallest step that it shows. */
import { median } from 'simple-statistics';
import { CopyList } from '../../memory/copy-list.js';
import type { ClockFacts } from '../types/environment.js';

/** A sample that takes less time than this number of clock readings measures the clock. */
export const CLOCK_READINGS_PER_SAMPLE = 50;

/** Pairs of readings one after the other that tell what a reading costs, and those before them, uncounted. */
const PAIRS = 1024;
const WARM_UP_PAIRS = 64;

export type { ClockFacts };

/** A clock as tinybench reads it, whose types programs of others need not have. */
export interface NamedClock {
  readonly name: string;
  /** Returns nanoseconds. */
  readonly fn: () => number;
  readonly toMs: (ns: number | bigint) => number;
  readonly fromMs: (ms: number) => number;
}

/** Returns a clock that returns nanoseconds, as tinybench reads clocks. */
export const clockOf = (name: string, fn: () => number): NamedClock => ({
  name,
  fn,
  toMs: (ns) => Number(ns) / 1e6,
  fromMs: (ms) => ms * 1e6,
});

/**
 * The native clock, as the calling thread reads it: a reading waits until what the thread has stored has left the CPU.
 * @throws ERR_ADDON_NOT_BUILT, ERR_EXTERNAL_MEMORY
 */
export function nativeClock(): NamedClock {
  const list = CopyList.ofThisThread();
  return clockOf('copytax', () => list.clock());
}

/** Nanoseconds between two readings, the median of many; 0 for a clock whose steps are too coarse to show it. */
function overheadOf(now: () => number): number {
  const gaps: number[] = [];
  for (let pair = -WARM_UP_PAIRS; pair < PAIRS; pair++) {
    const first = now();
    const gap = now() - first;
    if (pair >= 0 && gap > 0) gaps.push(gap);
  }
  return 2 * gaps.length < PAIRS ? 0 : median(gaps);
}

/**
 * Measures a clock, which takes about a millisecond. `nowNs` returns nanoseconds.
 * @throws what `nativeClock` throws, unless another clock is given
 */
export function clockFacts(nowNs?: () => number): ClockFacts {
  const now = nowNs ?? nativeClock().fn;
  let resolutionNs = Number.POSITIVE_INFINITY;
  let last = now();
  for (let reading = 0; reading < 2000; reading++) {
    const next = now();
    if (next > last) resolutionNs = Math.min(resolutionNs, next - last);
    last = next;
  }
  return { overheadNs: overheadOf(now), resolutionNs: Number.isFinite(resolutionNs) ? resolutionNs : 0 };
}

/** Duration of the shortest sample that this clock can measure, nanoseconds. */
export function shortestSampleNs(clock: ClockFacts): number {
  return CLOCK_READINGS_PER_SAMPLE * Math.max(clock.overheadNs, clock.resolutionNs);
}
