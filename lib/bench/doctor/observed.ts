/** What was seen of the host while the doctor measured. Null: it could not be seen. Pure. */
import { median } from 'simple-statistics';
import type { HostDelta } from '../host/host-reading.js';
import type { BusySlice } from './guards/busy.js';
import { quantile } from './guards/guard.js';

export interface Observed {
  readonly usableCpus: number;
  readonly isPinned: boolean | null;
  readonly stealShare: number | null;
  readonly othersCpus: number | null;
  /** Of the time of all CPUs that this process may use. */
  readonly throttledShare: number | null;
  readonly quotaCpus: number | 'none' | null;
  /** Of a busy, pinned thread. */
  readonly onCpuShare: number | null;
  readonly switchesPerSecond: number | null;
  /** Share of the pulses that are within 5 % of the fastest. */
  readonly fullSpeedShare: number | null;
  /** From the lower to the upper decile of copies of 64 KiB, as a share of their median. */
  readonly copySpread: number | null;
  /** The longest round trip of a cache line, in multiples of the shortest. */
  readonly lineFactor: number | null;
  readonly nativeClockNs: number | null;
  readonly engineClockStepNs: number | null;
}

const FULL_SPEED = 1.05;
/** A few pulses may be short by an error of the clock. */
const FASTEST = 0.02;

export function fullSpeedShare(pulseNs: readonly number[]): number | null {
  if (pulseNs.length === 0) return null;
  const fastest = quantile(pulseNs, FASTEST);
  return pulseNs.filter((ns) => ns <= FULL_SPEED * fastest).length / pulseNs.length;
}

/** What busy threads tell of the host. */
export function ofSlices(
  slices: readonly BusySlice[],
): Pick<Observed, 'onCpuShare' | 'switchesPerSecond' | 'fullSpeedShare' | 'copySpread'> {
  const sum = (of: (slice: BusySlice) => number) => slices.reduce((total, slice) => total + of(slice), 0);
  const wallNs = sum((slice) => slice.wallNs);
  const copyNs = slices.flatMap((slice) => slice.copyNs);
  const isKnown = wallNs > 0 && copyNs.length > 0;
  return {
    onCpuShare: isKnown ? Math.min(1, sum((slice) => slice.cpuNs) / wallNs) : null,
    switchesPerSecond: isKnown ? sum((slice) => slice.involuntarySwitches) / (wallNs / 1e9) : null,
    fullSpeedShare: fullSpeedShare(slices.flatMap((slice) => slice.pulseNs)),
    copySpread: isKnown ? (quantile(copyNs, 0.9) - quantile(copyNs, 0.1)) / median(copyNs) : null,
  };
}

type Counted = Pick<HostDelta, 'seconds' | 'stealShare' | 'othersCpus' | 'throttledMs'>;

/** What Linux counted between the first and the last reading, of `cpus` that this process may use. */
export function ofHost(
  { seconds, stealShare, othersCpus, throttledMs }: Counted,
  cpus: number,
): Pick<Observed, 'stealShare' | 'othersCpus' | 'throttledShare'> {
  if (seconds <= 0) return { stealShare: null, othersCpus: null, throttledShare: null };
  const cpuSeconds = seconds * Math.max(1, cpus);
  return { stealShare, othersCpus, throttledShare: throttledMs === null ? null : throttledMs / 1000 / cpuSeconds };
}

export function lineFactor(tripsNs: readonly number[]): number | null {
  return tripsNs.length < 2 ? null : Math.max(...tripsNs) / Math.min(...tripsNs);
}
