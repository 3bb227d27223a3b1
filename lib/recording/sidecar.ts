/** What stands beside a capture: the host, and what was in use before and after, which a trace does not tell. */
import { availableParallelism } from 'node:os';
import type { TracingFiles } from '../tracefs/tracing-files.js';
import { occupancyOf } from '../watch/occupancy.js';

/** Counters of debugfs; null is unknown. */
export interface DebugfsCounters {
  readonly nslabs: number | null;
  readonly used: number | null;
  readonly used_hiwater: number | null;
}

/** Counters of the default slot pool, and by name those of restricted ones. */
export interface DebugfsReading extends DebugfsCounters {
  readonly restricted?: Readonly<Record<string, DebugfsCounters>>;
}

/** Names are those of captures that were made by hand. */
export interface Sidecar {
  readonly schema: 'copytax.capture/1';
  readonly name: string;
  readonly recorded_by: string;
  readonly kernel: string;
  /** Without the name of the host. */
  readonly uname: string;
  readonly cmdline: string | null;
  readonly cpus: number;
  readonly memory: string | null;
  readonly trace_clock: string | null;
  readonly seconds: number;
  readonly ended: string;
  readonly debugfs_before: DebugfsReading;
  readonly debugfs_after: DebugfsReading;
  /** The largest number of slots in use while it was recorded; null where it is not known. */
  readonly hiwater: number | null;
  readonly kprobe_definitions: readonly string[];
  readonly pairs: 'probes' | 'dma' | 'none';
  readonly pairs_note: string | null;
  /** Events in the file. */
  readonly entries: number;
  /** Events that are not in the file. */
  readonly lost: number;
  /** Calls that probes did not see; null where Linux does not tell. */
  readonly missed_by_probes: number | null;
}

/** `DIR/NAME.json` for `DIR/NAME.trace.gz`, `DIR/NAME.txt`, `DIR/NAME` and the like. */
export function sidecarOf(path: string): string {
  return `${path.replace(/\.gz$/i, '').replace(/\.(?:trace|txt|log|out|dat)$/i, '')}.json`;
}

/**
 * The largest number of slots in use between two readings. Linux tells the largest since boot, so that it is known only
 * if that has risen; null if not.
 */
export function highWaterBetween(before: DebugfsCounters, after: DebugfsCounters): number | null {
  const [old, now] = [before.used_hiwater, after.used_hiwater];
  return old !== null && now !== null && now > old ? now : null;
}

/**
 * Whether a file may be replaced by a sidecar. Its name is made of that of a capture, so that it may be a file that has
 * nothing to do with captures.
 */
export function isSidecar(text: string): boolean {
  return text.trim() === '' || /"debugfs_before"\s*:/.test(text);
}

/** Reads the counters of all slot pools. Never throws: what cannot be read is null. */
export function debugfsReading(files: TracingFiles): DebugfsReading {
  const pools = occupancyOf(files).map(
    ({ pool, slots, used, highWater }) => [pool, { nslabs: slots, used, used_hiwater: highWater }] as const,
  );
  const [, counters] = pools.find(([pool]) => pool === '') ?? ['', { nslabs: null, used: null, used_hiwater: null }];
  const restricted = pools.filter(([pool]) => pool !== '');
  return restricted.length === 0 ? counters : { ...counters, restricted: Object.fromEntries(restricted) };
}

/** What is told of the host. */
export function hostOf(files: TracingFiles): Pick<Sidecar, 'kernel' | 'uname' | 'cmdline' | 'cpus' | 'memory'> {
  const kernel = files.textOrNull('/proc/sys/kernel/osrelease') ?? 'unknown';
  const version = files.textOrNull('/proc/sys/kernel/version') ?? '';
  const processors = files.textOrNull('/proc/cpuinfo')?.match(/^processor\s*:/gm)?.length;
  return {
    kernel,
    uname: `Linux ${kernel} ${version} ${process.arch}`,
    cmdline: files.textOrNull('/proc/cmdline'),
    cpus: processors ?? availableParallelism(),
    memory: /^MemTotal:\s*(.*)$/m.exec(files.textOrNull('/proc/meminfo') ?? '')?.[1] ?? null,
  };
}
