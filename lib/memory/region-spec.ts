/** What a region is asked to be, checked, and what Linux made of it. */

import type { RegionFacts, RegionOptions } from '../addon/addon.js';
import { filteredLockRemedy } from '../addon/refusals.js';
import { CopytaxError } from '../errors.js';
import { checkOptions, shown } from '../limits.js';
import { isPowerOfTwo } from '../units.js';

/** Whether memory has to be locked, may be, or is not. */
export type LockPolicy = 'must' | 'try' | 'no';
/** Which pages back a region: small ones, transparent huge pages where there are any, or reserved huge pages. */
export type HugePagePolicy = 'never' | 'thp' | 'hugetlb';

export const LOCKS: readonly LockPolicy[] = ['no', 'try', 'must'];
export const HUGE_PAGES: readonly HugePagePolicy[] = ['never', 'thp', 'hugetlb'];
/** The largest region, bytes. */
export const MAX_REGION_BYTES = 2 ** 32;
const MIN_ALIGN = 64;
const MAX_ALIGN = 2 ** 30;

const RAISE_LIMIT = 'raise the limit (`ulimit -l`, LimitMEMLOCK=)';
const SPEC = ['bytes', 'align', 'lock', 'hugePages', 'numaNode', 'populate'];

/** What `Region.create` takes. */
export interface RegionSpec {
  /** 1 to 4 GiB; rounded up to the page size. */
  bytes: number;
  /** Power of two from 64 B to 1 GiB. Default 4096. */
  align?: number;
  /** Default 'try': continue unlocked when Linux refuses, and report it in `locked` and `lockRefusal`. */
  lock?: LockPolicy;
  /** Default 'thp'. 'hugetlb' falls back to 'thp' when Linux has none to give: see info().hugePages. */
  hugePages?: HugePagePolicy;
  /** Preferred NUMA node; unset: wherever Linux likes. */
  numaNode?: number;
  /**
   * Default true. False writes no page: unlocked ones fault at their first access, and until they are written all of
   * them read as one page of zeros. Of use where that is to be measured.
   */
  populate?: boolean;
}

/** Why memory is not locked. */
export interface LockRefusal {
  /** Error number of Linux for the call that failed. */
  readonly errno: number;
  /** RLIMIT_MEMLOCK, bytes; -1 for unlimited. */
  readonly limitBytes: number;
  /** What to do: one clause, without a full stop. */
  readonly remedy: string;
}

/** What a region is. */
export interface RegionInfo extends Omit<RegionFacts, 'hugePages'> {
  /** What was granted. */
  readonly hugePages: HugePagePolicy;
  /** Backed by huge pages now; -1 when Linux does not say. */
  readonly hugeBytes: number;
}

/** Returns why a lock that was asked for was not granted; null otherwise. */
export function refusalOf(facts: RegionFacts): LockRefusal | null {
  if (facts.locked || facts.lockErrno === 0) return null;
  const { lockErrno: errno, lockLimitBytes: limitBytes } = facts;
  return { errno, limitBytes, remedy: filteredLockRemedy(errno, limitBytes) ?? RAISE_LIMIT };
}

/** What a spec says to the addon. */
export type FullOptions = Required<Omit<RegionOptions, 'lockOnFault'>>;

/** Returns the options of a spec as the addon takes them. @throws as Region.create does for a bad spec */
export function requireSpec(spec: RegionSpec): FullOptions {
  checkOptions('Region.create', spec, SPEC);
  const { bytes, align = 4096, lock = 'try', hugePages = 'thp', numaNode = -1, populate = true } = spec ?? {};
  requireInteger('bytes', bytes, 1, MAX_REGION_BYTES);
  requireInteger('align', align, MIN_ALIGN, MAX_ALIGN);
  requireInteger('numaNode', numaNode, -1, 1023);
  if (!isPowerOfTwo(align)) throw new CopytaxError('ERR_NOT_POWER_OF_TWO', `align must be a power of two: ${align}`);
  return {
    bytes,
    align,
    lock: requireMember('lock', lock, LOCKS),
    hugePages: requireMember('hugePages', hugePages, HUGE_PAGES),
    numaNode,
    populate: requireBoolean('populate', populate),
  };
}

/** @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE */
export function requireInteger(name: string, value: number, low: number, high: number): void {
  if (typeof value !== 'number') throw new CopytaxError('ERR_INVALID_ARG_TYPE', `${name} must be a number`, { name });
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new CopytaxError('ERR_OUT_OF_RANGE', `${name} must be an integer from ${low} to ${high}: ${value}`, { name });
}

function requireBoolean(name: string, value: boolean): boolean {
  if (typeof value === 'boolean') return value;
  throw new CopytaxError('ERR_INVALID_ARG_TYPE', `${name} must be a boolean`, { name });
}

function requireMember<Member extends string>(name: string, value: Member, members: readonly Member[]): number {
  const index = members.indexOf(value);
  if (index >= 0) return index;
  throw new CopytaxError('ERR_OUT_OF_RANGE', `${name} must be one of ${members.join(', ')}: ${shown(value)}`, { name });
}

/** Returns the signal of the options of `call`. @throws ERR_UNKNOWN_OPTION, ERR_INVALID_ARG_TYPE */
export function requireSignal(call: string, options: { signal?: AbortSignal | undefined }): AbortSignal | undefined {
  checkOptions(call, options, ['signal']);
  const { signal } = options;
  if (signal === undefined || typeof signal?.throwIfAborted === 'function') return signal;
  throw new CopytaxError('ERR_INVALID_ARG_TYPE', `signal must be an AbortSignal, not ${shown(signal)}`, {
    name: 'signal',
  });
}
