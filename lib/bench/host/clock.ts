/** What reading the clock of the instrument costs, and the smallest step that the clock shows. */
import { calibrateTimerOverhead, performanceNowTimestampProvider } from 'tinybench';

/** A sample that takes less time than this number of clock readings measures the clock. */
export const CLOCK_READINGS_PER_SAMPLE = 50;

export interface ClockFacts {
  /** Cost of one reading, nanoseconds. */
  readonly overheadNs: number;
  /** Smallest step seen between two readings, nanoseconds; 0 when none was seen. */
  readonly resolutionNs: number;
}

/** Measures the clock, which takes about a millisecond. `now` returns milliseconds. */
export function clockFacts(now: () => number = () => performance.now()): ClockFacts {
  const overheadMs = calibrateTimerOverhead({ ...performanceNowTimestampProvider, fn: now });
  let resolutionMs = Number.POSITIVE_INFINITY;
  let last = now();
  for (let reading = 0; reading < 2000; reading++) {
    const next = now();
    if (next > last) resolutionMs = Math.min(resolutionMs, next - last);
    last = next;
  }
  return { overheadNs: overheadMs * 1e6, resolutionNs: Number.isFinite(resolutionMs) ? resolutionMs * 1e6 : 0 };
}

/** Duration of the shortest sample that this clock can measure, nanoseconds. */
export function shortestSampleNs(clock: ClockFacts): number {
  return CLOCK_READINGS_PER_SAMPLE * Math.max(clock.overheadNs, clock.resolutionNs);
}
