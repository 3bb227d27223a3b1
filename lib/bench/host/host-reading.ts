/**
 * What the host did during a round: readings before and after it, and their difference. A reading takes much less than
 * a millisecond and is never taken during a measurement.
 */

import { checkOptions } from '../../limits.js';
import { HostFiles } from '../facts/host-files.js';
import { type Throttled, throttled, throttledBetween } from './cgroup.js';
import { processUsage } from './process-usage.js';

/** Counters of a host at one time; `hostDelta` of two says what happened between them. */
export interface HostReading {
  /** When it was taken, milliseconds on a clock that never goes back. */
  readonly atMs: number;
  /** CPU time that all processes of the host used, milliseconds; null without /proc/stat. */
  readonly busyMs: number | null;
  /** CPU time that a hypervisor took from all CPUs, milliseconds; null without /proc/stat. */
  readonly stealMs: number | null;
  /** Time of all CPUs, idle time included, milliseconds; null without /proc/stat. */
  readonly totalMs: number | null;
  /** CPU time of this process, milliseconds; NaN if Linux does not tell. */
  readonly ownMs: number;
  /** Times that Linux took the CPU away from a thread of this process that could have run on. */
  readonly involuntarySwitches: number;
  /** Counters of what quotas of control groups stopped; null if there are none. */
  readonly throttled: Throttled | null;
  /** Measuring CPUs that this process may not use now; null if that is not known. */
  readonly cpusLost: readonly number[] | null;
  /** Time for a cache line to go to another measuring CPU and back, nanoseconds; null if it cannot be measured. */
  readonly lineRoundTripNs: number | null;
}

/** What happened between two readings. A share is of all CPU time of the host. */
export interface HostDelta {
  /** From the first reading to the second. */
  readonly seconds: number;
  /** Share that a hypervisor took, 0 to 1; null if it is not known. */
  readonly stealShare: number | null;
  /** CPUs that other processes kept busy. */
  readonly othersCpus: number | null;
  /** Times that Linux took the CPU away from a thread of this process that could have run on. */
  readonly involuntarySwitches: number;
  /** For how long quotas stopped CPUs for this process: several CPUs count several times. */
  readonly throttledMs: number | null;
  /** Measuring CPUs that this process might not use before or after; null if that is not known. */
  readonly cpusLost: readonly number[] | null;
  /** Before and after; null if one of them is not known. */
  readonly lineRoundTripNs: readonly [number, number] | null;
}

/** Unit of /proc/stat. USER_HZ is 100 on every architecture that Node runs on. */
const TICK_MS = 10;

/** Where `readHost` reads; a run says the clock and the CPUs. */
export interface ReadingSources {
  /** Folder that holds proc and sys; by default the root. */
  readonly root?: string;
  /** Returns milliseconds; by default those of `performance.now`. */
  readonly now?: () => number;
  /** Measures the round trip of a cache line between two of the measuring CPUs, nanoseconds. */
  readonly lineRoundTrip?: () => number | null;
  /** Returns the measuring CPUs that this process may not use any more, as `CpuWatch` does. */
  readonly cpusLost?: () => readonly number[] | null;
}

function cpuTimes(files: HostFiles): Pick<HostReading, 'busyMs' | 'stealMs' | 'totalMs'> {
  const fields = /^cpu\s+(.+)$/m
    .exec(files.text('/proc/stat') ?? '')?.[1]
    ?.split(/\s+/)
    .map(Number);
  if (fields === undefined || fields.length < 8) return { busyMs: null, stealMs: null, totalMs: null };
  const [user, nice, system, idle, waiting, hardirq, softirq, steal] = fields as [number, ...number[]];
  const busy = user + nice! + system! + hardirq! + softirq!;
  return {
    busyMs: busy * TICK_MS,
    stealMs: steal! * TICK_MS,
    totalMs: (busy + steal! + idle! + waiting!) * TICK_MS,
  };
}

/** Takes a reading. @throws ERR_UNKNOWN_OPTION, ERR_INVALID_ARG_TYPE for sources that are none; nothing else */
export function readHost(sources: ReadingSources = {}): HostReading {
  checkOptions('readHost()', sources, ['root', 'now', 'lineRoundTrip', 'cpusLost']);
  const files = new HostFiles(sources.root);
  const { cpuMs, involuntarySwitches } = processUsage(files);
  return {
    lineRoundTripNs: sources.lineRoundTrip?.() ?? null,
    ...cpuTimes(files),
    ownMs: cpuMs,
    involuntarySwitches,
    throttled: throttled(files),
    cpusLost: sources.cpusLost?.() ?? null,
    atMs: sources.now?.() ?? performance.now(),
  };
}

function difference(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : Math.max(0, after - before);
}

/** The CPUs of both lists in ascending order; null if neither is known. */
function eitherOf(before: readonly number[] | null, after: readonly number[] | null): number[] | null {
  if (before === null && after === null) return null;
  return [...new Set([...(before ?? []), ...(after ?? [])])].sort((a, b) => a - b);
}

/** The difference between two readings. */
export function hostDelta(before: HostReading, after: HostReading): HostDelta {
  const elapsedMs = after.atMs - before.atMs;
  const steal = difference(before.stealMs, after.stealMs);
  const total = difference(before.totalMs, after.totalMs);
  const busy = difference(before.busyMs, after.busyMs);
  const own = after.ownMs - before.ownMs;
  const lines = [before.lineRoundTripNs, after.lineRoundTripNs] as const;
  return {
    seconds: elapsedMs / 1000,
    stealShare: steal === null || !total ? null : steal / total,
    othersCpus: busy === null || Number.isNaN(own) || elapsedMs <= 0 ? null : Math.max(0, busy - own) / elapsedMs,
    involuntarySwitches: Math.max(0, after.involuntarySwitches - before.involuntarySwitches),
    throttledMs: throttledBetween(before.throttled, after.throttled),
    cpusLost: eitherOf(before.cpusLost, after.cpusLost),
    lineRoundTripNs: lines[0] === null || lines[1] === null ? null : [lines[0], lines[1]],
  };
}
