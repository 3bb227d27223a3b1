/**
 * The native addon: its interface, and the only place that loads it.
 * This is the raw boundary; the other files of this folder turn what the addon throws into errors with remedies.
 * Unless noted, a function may be called from any thread and concerns the calling thread's environment.
 */
import { createRequire } from 'node:module';
import { CopytaxError, remedyFor } from '../errors.js';

export interface RegionOptions {
  /** 1 to 4 GiB; rounded up to the page size. */
  bytes: number;
  /** Power of two from 64 to 1 GiB. */
  align: number;
  /** 0 no, 1 try, 2 must. */
  lock: number;
  /** 0 never, 1 transparent, 2 hugetlb. */
  hugePages: number;
  /** -1: Linux chooses. */
  numaNode: number;
  /** Default true. False: no page is written, and those that are not locked fault at their first access. */
  populate?: boolean;
}

export interface RegionFacts {
  bytes: number;
  align: number;
  locked: boolean;
  /** 0 when the lock was granted or not asked for. */
  lockErrno: number;
  /** RLIMIT_MEMLOCK now; -1 for unlimited. */
  lockLimitBytes: number;
  /** What was granted, numbered as in RegionOptions. */
  hugePages: number;
  /** Why hugetlb was refused; 0 when it was not. */
  hugePagesErrno: number;
  pageBytes: number;
  /** -1 when Linux does not say. */
  numaNode: number;
  /** Environments (main thread, workers) that hold the region. */
  attachments: number;
}

export interface CopyKernelFacts {
  name: string;
  supported: boolean;
  /** Why it is not supported, or ''. */
  reason: string;
}

/** Each side walks its span cyclically, in steps of `bytes` rounded up to 64. Offsets and spans are bytes. */
export interface TimedCopySpec {
  copyKernel: number;
  /** Of one copy. */
  bytes: number;
  /** Copies per sample. */
  batch: number;
  dstRegion: number;
  dstOffset: number;
  dstSpan: number;
  /** Evicts what the next batch touches, before it is timed. */
  flushDestination: boolean;
  srcRegion: number;
  srcOffset: number;
  srcSpan: number;
  flushSource: boolean;
}

export interface CpuFacts {
  arch: 'x64' | 'arm64' | 'other';
  vendor: string;
  model: string;
  /** This and the next two are -1 where the architecture has no such number. */
  family: number;
  modelNumber: number;
  stepping: number;
  flags: Record<CpuFlag, boolean>;
  hypervisorVendor: string;
  /** Calibrated rate of the counter behind the clock. */
  tscHz: number;
  clockSource: 'tsc' | 'cntvct' | 'clock_gettime';
  /** The length that an empty interval is measured as. */
  clockOverheadNs: number;
}

export type CpuFlag =
  | 'erms'
  | 'fsrm'
  | 'avx2'
  | 'avx512f'
  | 'sse42'
  | 'clflushopt'
  | 'clwb'
  | 'movdir64b'
  | 'invariantTsc'
  | 'hypervisor'
  | 'neon'
  | 'armCrc32';

export interface ThreadUsage {
  voluntarySwitches: number;
  involuntarySwitches: number;
  userNs: number;
  systemNs: number;
  /** On a CPU, to the nanosecond: `userNs` and `systemNs` may be a tick of Linux (1 to 10 ms) late. */
  cpuNs: number;
  minorFaults: number;
  majorFaults: number;
}

export interface CounterFacts {
  available: boolean;
  /** Why all or some are missing, or ''. */
  reason: string;
  names: string[];
}

export interface Addon {
  // Work lists, the hot path, used through CopyList. Both return undefined on success, and -(i + 1) when entry i is
  // bad.
  copyList(count: number, copyKernelIndex: number, awaits: number): number | undefined;
  checksumList(count: number, seed: number): number | undefined;
  clock(): void;
  relax(spins: number): void;
  /** Does nothing: to measure what a crossing costs. */
  noop(): void;
  listAttach(): ArrayBuffer;
  // Regions, used through Region.
  regionCreate(options: RegionOptions): number;
  regionAttach(id: number): ArrayBuffer;
  regionClose(id: number): boolean;
  regionInfo(id: number): RegionFacts;
  /** Bytes that huge pages back now, -1 when Linux does not say. Slow: Linux looks at every page. */
  regionHugeBytes(id: number): number;
  // Copies.
  /** Has the six parameters of `copy` in copy.ts. */
  copy(
    dstRegion: number,
    dstOff: number,
    srcRegion: number,
    srcOff: number,
    bytes: number,
    copyKernelIndex: number,
  ): void;
  checksum(region: number, offset: number, bytes: number, seed: number): number;
  /** False where the architecture has no such instruction. */
  flush(region: number, offset: number, bytes: number): boolean;
  /** Writes the nanoseconds of a batch to each element. */
  timedCopy(spec: TimedCopySpec, nsPerBatch: Float64Array): void;
  copyKernels(): CopyKernelFacts[];
  // The CPU.
  cpuInfo(): CpuFacts;
  /**
   * Nanoseconds of one round trip of a cache line between two CPUs; -1 when a CPU did not get to run. Blocks until the
   * round trips are made, for two seconds at most. Throws ERR_CPU_PIN.
   */
  cacheLineRoundTrip(cpuA: number, cpuB: number, iterations: number): number;
  /**
   * What `pulse` returns, of a native thread of its own that is pinned to `cpu`. Blocks until that CPU has run it,
   * which takes some tens of microseconds more than the pulse itself. Throws ERR_CPU_PIN.
   */
  pulseOn(cpu: number): number;
  // The calling thread.
  /**
   * How fast this CPU is just now, memory aside: nanoseconds per step of a loop that lives in registers. A step is
   * four operations that do not depend on each other, and takes one cycle on most CPUs. Takes about 10 us; the median
   * of five parts, so that an interrupt does not show.
   */
  pulse(): number;
  /** Throws ERR_CPU_PIN with errno. */
  pinThread(cpu: number): void;
  affinity(): number[];
  threadUsage(): ThreadUsage;
  /** Opens hardware counters of this thread, in user mode. A refusal is returned as a reason and never thrown. */
  countersOpen(): CounterFacts;
  /** Counts since countersOpen(), in the order of its names; empty when there are none. */
  countersRead(): Float64Array;
  countersClose(): void;
}

const FILE = '../../../build/Release/copytax.node';
let loaded: Addon | undefined;

/** Returns the addon of this thread. Throws ERR_ADDON_NOT_BUILT with the command that builds it. */
export function addon(): Addon {
  loaded ??= load();
  return loaded;
}

function load(): Addon {
  try {
    return createRequire(import.meta.url)(FILE) as Addon;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    const message = `the native addon cannot be loaded (${reason}): ${remedyFor('ERR_ADDON_NOT_BUILT')}`;
    throw new CopytaxError('ERR_ADDON_NOT_BUILT', message, { file: FILE }, cause);
  }
}
