/**
 * The native addon: its one interface, and the one place that loads it.
 * Everything here is the raw boundary. Use the classes beside this file; only they turn codes into errors with remedies.
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
  /** -1: wherever the kernel likes. */
  numaNode: number;
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
  /** Backed by huge pages now; -1 when the kernel does not say. */
  hugeBytes: number;
  pageBytes: number;
  /** -1 when the kernel does not say. */
  numaNode: number;
  /** Environments (main thread, workers) that hold the region. */
  attachments: number;
}

export interface KernelFacts {
  name: string;
  supported: boolean;
  /** Why it is not supported, or ''. */
  reason: string;
}

export interface Addon {
  copyList(count: number, kernelIndex: number): number;
  checksumList(count: number, seed: number): number;
  clock(): void;
  relax(spins: number): void;
  noop(): void;
  listAttach(): ArrayBuffer;
  regionCreate(options: RegionOptions): number;
  regionAttach(id: number): ArrayBuffer;
  regionClose(id: number): boolean;
  regionInfo(id: number): RegionFacts;
  kernels(): KernelFacts[];
  pinThread(cpu: number): void;
  affinity(): number[];
  currentCpu(): number;
}

const FILE = '../../../native/build/Release/copytax.node';
let loaded: Addon | undefined;

/** The addon of this thread. Throws ERR_ADDON_NOT_BUILT with the command that builds it. */
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
