/**
 * The native addon: its interface, and the addon of this thread.
 * This is the raw boundary; the other files of this folder turn what the addon throws into errors with remedies.
 * Unless noted, a function may be called from any thread and concerns the calling thread's environment.
 */
import type { CpuFacts, ThreadUsage } from './cpu-facts.js';
import { loadAddon } from './load-addon.js';
import type { NetworkAddon } from './network-addon.js';

export type { ConfidentialFacts, CpuFacts, CpuFlag, ThreadUsage } from './cpu-facts.js';

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
  /** Default false. True: a lock populates nothing, and each page is locked at its first access. */
  lockOnFault?: boolean;
}

/** What a region is. */
export interface RegionFacts {
  /** Its size, a multiple of the page size. */
  bytes: number;
  /** What its first byte is aligned to. */
  align: number;
  /** True if it is locked, so that Linux neither moves nor evicts it. */
  locked: boolean;
  /** 0 when the lock was granted or not asked for. */
  lockErrno: number;
  /** RLIMIT_MEMLOCK now; -1 for unlimited. */
  lockLimitBytes: number;
  /** What was granted, numbered as in RegionOptions. */
  hugePages: number;
  /** Why hugetlb was refused; 0 when it was not. */
  hugePagesErrno: number;
  /** Size of a page of this host. */
  pageBytes: number;
  /** -1 when Linux does not say. */
  numaNode: number;
  /** Of the first byte, in this process. */
  address: number;
  /** Environments (main thread, workers) that hold the region. */
  attachments: number;
}

/** A copy kernel, and whether this CPU has what it needs. */
export interface CopyKernelFacts {
  /** One of `COPY_KERNEL_NAMES`. */
  name: string;
  /** True if it can be used here. */
  supported: boolean;
  /** Why it is not supported, or ''. */
  reason: string;
}

/** Each side walks its span cyclically, in steps of `bytes` rounded up to 64. Offsets and spans are bytes. */
export interface TimedCopySpec {
  /** Index of the copy kernel. */
  copyKernel: number;
  /** Of one copy. */
  bytes: number;
  /** Copies per sample. */
  batch: number;
  /** Id of the region that is written. */
  dstRegion: number;
  /** First byte that is written. */
  dstOffset: number;
  /** Bytes that are walked, at least `bytes`. */
  dstSpan: number;
  /** Evicts what the next batch touches, before it is timed. */
  flushDestination: boolean;
  /** Id of the region that is read. */
  srcRegion: number;
  /** First byte that is read. */
  srcOffset: number;
  /** Bytes that are walked, at least `bytes`. */
  srcSpan: number;
  /** Evicts what the next batch reads, before it is timed. */
  flushSource: boolean;
}

/** Memory of a region that loads are spread over. */
export interface PointerChaseSpec {
  region: number;
  /** Multiple of 64. */
  offset: number;
  /** Power of two from 4 KiB to 1 GiB. They are overwritten. */
  bytes: number;
  /** Timed for each span, 1 to 2^20. */
  loads: number;
  /** No span is begun later than this after the start, 1 to 10,000. */
  limitMs: number;
  /** That the loads run on. */
  cpu: number;
}

/** A counter that Linux refused, and the error number. */
export interface RefusedCounter {
  /** What it would count. */
  name: string;
  /** Error number of Linux. */
  errno: number;
}

/** The counters of a thread: those that are open, in the order of their readings, and the others. */
export interface OpenedCounters {
  /** What those count that are open. */
  names: string[];
  /** Those that Linux refused. */
  refused: RefusedCounter[];
}

/** How the addon that runs was compiled. */
export interface BuildFacts {
  /** Of the package whose sources it was compiled from. */
  version: string;
  /** Name and version: `gcc 13.3.0`. */
  compiler: string;
  /** Flags that decide what code is made, with spaces between them; a value that may be a path is `...`. */
  flags: string;
  /** Version of Node-API that it asks for. */
  nodeApi: number;
  /** Name and version of the C library that it runs with; null where that does not tell. */
  libc: string | null;
}

export interface Addon extends NetworkAddon {
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
  /** Populates a range of a region that was created without: all of it may take seconds. `offset`: a multiple of 8. */
  regionPopulate(id: number, offset: number, bytes: number): void;
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
  /**
   * Writes the nanoseconds of a batch to each element. `counts`: for each batch, and in it for each open counter of
   * this thread, what it counted, how long it was enabled and how long it ran, nanoseconds; as many as fit.
   */
  timedCopy(spec: TimedCopySpec, nsPerBatch: Float64Array, counts?: Float64Array): void;
  copyKernels(): CopyKernelFacts[];
  // The addon itself.
  build(): BuildFacts;
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
  /**
   * Nanoseconds of one load that depends on the one before it, for each span until the time is up: `spans` are bytes
   * from the offset on, multiples of 64, at most 2^14 of them. All lines of a span have been touched before. Blocks;
   * the loads run on a native thread of its own. Throws ERR_CPU_PIN.
   */
  pointerChase(spec: PointerChaseSpec, spans: Float64Array): Float64Array;
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
  /** Opens hardware counters of this thread, in user mode. A refusal is returned and never thrown. */
  countersOpen(): OpenedCounters;
  /** As `counts` of `timedCopy`, since countersOpen(); empty when there are none. */
  countersRead(): Float64Array;
  countersClose(): void;
}

let loaded: Addon | undefined;

/**
 * Returns the addon of this thread, which its first call loads. Throws ERR_ADDON_NOT_BUILT, ERR_ADDON_DAMAGED,
 * ERR_ADDON_DISABLED or ERR_ADDON_BUNDLED, each with the file or folder and what to do.
 */
export function addon(): Addon {
  loaded ??= loadAddon() as Addon;
  return loaded;
}
