/**
 * Bytes that a device could touch: populated, wherever possible locked, outside the JavaScript heap.
 *
 * A region belongs to the process and is named by an id. Each thread that uses it is attached to it; when the last
 * thread detaches, it is unmapped. Send the id to a worker and attach there: posting the buffer would copy it (silently
 * on Node 20). A thread stays attached until close(), or until both its Region and every view of its buffer have been
 * collected: a caller that uses an id in a CopyList must keep the Region.
 */
import { CopytaxError, remedyFor } from '../errors.js';
import { isPowerOfTwo } from '../units.js';
import { addon, type RegionFacts } from './addon.js';
import { guarded } from './native-error.js';

export type LockPolicy = 'must' | 'try' | 'no';
export type HugePagePolicy = 'never' | 'thp' | 'hugetlb';

const LOCKS: readonly LockPolicy[] = ['no', 'try', 'must'];
const HUGE_PAGES: readonly HugePagePolicy[] = ['never', 'thp', 'hugetlb'];
export const MAX_REGION_BYTES = 2 ** 32;
const MIN_ALIGN = 64;
const MAX_ALIGN = 2 ** 30;

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

export interface LockRefusal {
  readonly errno: number;
  /** RLIMIT_MEMLOCK, bytes; -1 for unlimited. */
  readonly limitBytes: number;
  readonly remedy: string;
}

export interface RegionInfo extends Omit<RegionFacts, 'hugePages'> {
  /** What was granted. */
  readonly hugePages: HugePagePolicy;
  /** Backed by huge pages now; -1 when Linux does not say. */
  readonly hugeBytes: number;
}

/** By region id: what this thread has lent its regions to. Each says how many references packets have to the region. */
const holds = new Map<number, Set<() => number>>();

export class Region {
  readonly id: number;
  /** Rounded up to the page size. */
  readonly bytes: number;
  readonly locked: boolean;
  /** Why the region is not locked although `lock` asked for it; null otherwise. */
  readonly lockRefusal: LockRefusal | null;
  readonly #buffer: ArrayBuffer;

  private constructor(id: number) {
    this.#buffer = guarded(() => addon().regionAttach(id));
    const facts = addon().regionInfo(id);
    this.id = id;
    this.bytes = facts.bytes;
    this.locked = facts.locked;
    this.lockRefusal = refusalOf(facts);
  }

  /**
   * Maps, locks and writes every page, unless `populate` is false: the time grows with the size.
   * @throws ERR_REGION_MAP, ERR_REGION_LOCK (only for lock: 'must'), ERR_EXTERNAL_MEMORY, ERR_ADDON_NOT_BUILT,
   * ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE, ERR_NOT_POWER_OF_TWO
   */
  static create(spec: RegionSpec): Region {
    const { bytes, align = 4096, lock = 'try', hugePages = 'thp', numaNode = -1, populate = true } = spec;
    requireInteger('bytes', bytes, 1, MAX_REGION_BYTES);
    requireInteger('align', align, MIN_ALIGN, MAX_ALIGN);
    requireInteger('numaNode', numaNode, -1, 1023);
    if (!isPowerOfTwo(align)) throw new CopytaxError('ERR_NOT_POWER_OF_TWO', `align must be a power of two: ${align}`);
    const options = {
      bytes,
      align,
      lock: requireMember('lock', lock, LOCKS),
      hugePages: requireMember('hugePages', hugePages, HUGE_PAGES),
      numaNode,
      populate: requireBoolean('populate', populate),
    };
    const id = guarded(() => addon().regionCreate(options));
    try {
      return new Region(id);
    } catch (error) {
      addon().regionClose(id);
      throw error;
    }
  }

  /** Attaches this thread to the same memory. @throws ERR_REGION_CLOSED when no thread is attached to it any more. */
  static attach(id: number): Region {
    requireInteger('id', id, 1, 2 ** 31 - 1);
    return new Region(id);
  }

  /** Bounded by the region; byteLength 0 after close(). Never post it: send the id. */
  get buffer(): ArrayBuffer {
    return this.#buffer;
  }

  /** Returns the facts of this moment. Reads /proc: cold. @throws ERR_REGION_CLOSED */
  info(): RegionInfo {
    const facts = guarded(() => addon().regionInfo(this.id));
    return { ...facts, hugePages: HUGE_PAGES[facts.hugePages]!, hugeBytes: addon().regionHugeBytes(this.id) };
  }

  /**
   * Keeps the region open until the function that is returned is called: a machine does it with a region that is
   * registered with it, and lets go when it is closed. `inFlight` says how many references packets have to it.
   */
  hold(inFlight: () => number): () => void {
    const ofRegion = holds.get(this.id) ?? new Set();
    holds.set(this.id, ofRegion.add(inFlight));
    return () => {
      ofRegion.delete(inFlight);
      if (ofRegion.size === 0) holds.delete(this.id);
    };
  }

  /**
   * Detaches this thread and its buffer. Idempotent; Regions of the same id in this thread share one attachment.
   * @throws ERR_IN_FLIGHT while the region is held, for example registered with a machine
   */
  close(): void {
    const held = holds.get(this.id);
    if (held !== undefined) throw isHeld(this.id, [...held]);
    addon().regionClose(this.id);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function isHeld(id: number, held: readonly (() => number)[]): CopytaxError {
  const references = held.reduce((sum, inFlight) => sum + inFlight(), 0);
  const why = `it is registered, and packets have ${references} references to it`;
  const message = `region ${id} cannot be closed: ${why}; close its machine first, or unregister it`;
  return new CopytaxError('ERR_IN_FLIGHT', message, { region: id, references });
}

function refusalOf(facts: RegionFacts): LockRefusal | null {
  if (facts.locked || facts.lockErrno === 0) return null;
  return { errno: facts.lockErrno, limitBytes: facts.lockLimitBytes, remedy: remedyFor('ERR_REGION_LOCK') };
}

function requireInteger(name: string, value: number, low: number, high: number): void {
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
  throw new CopytaxError('ERR_OUT_OF_RANGE', `${name} must be one of ${members.join(', ')}: ${value}`, { name });
}
