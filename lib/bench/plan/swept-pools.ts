/**
 * The sizes of the slot pool in a sweep, less those for which a host is too small: memory is populated, and locked if
 * that is allowed. All machines of a run share one region, so one slot pool too large to be locked would leave all
 * unlocked.
 */
import { MIB } from '../../units.js';
import type { PoolLeftOut } from '../types/result.js';

/** Memory that a host has for a run, bytes. Null: no limit is known. */
export interface HostMemory {
  /** What this process can still get. */
  readonly available: number | null;
  /** What this process may lock. */
  readonly lockable: number | null;
}

export const UNKNOWN_MEMORY: HostMemory = { available: null, lockable: null };

/** A slot pool that a sweep leaves out, and the limit that it exceeds. */
export type LeftOut = Readonly<PoolLeftOut>;

const SWEPT_POOLS = [16 * MIB, 64 * MIB, 256 * MIB, 1024 * MIB] as const;
/** Share of the available memory for the slot pool. Data in flight may take as much again. */
const SHARE = 1 / 4;
/** Part of a region besides its slot pool: user buffers and pages of sockets. */
const BESIDES = 64 * MIB;

/** Bytes that a slot pool, or all data in flight, may take. */
export function shareOf({ available }: HostMemory): number {
  return available === null ? Number.POSITIVE_INFINITY : available * SHARE;
}

/**
 * Returns at least one slot pool. A limit on locking leaves out slot pools only if smaller ones can be locked: if none
 * can, memory is not locked in any case, and the result says so.
 */
export function sweptPools(memory: HostMemory): { pools: number[]; leftOut: LeftOut[] } {
  const share = shareOf(memory);
  const lockable = memory.lockable ?? Number.POSITIVE_INFINITY;
  const isLocked = SWEPT_POOLS[0] + BESIDES <= lockable;
  const why = (bytes: number): LeftOut | null => {
    if (bytes > share) return { bytes, limit: 'memory', limitBytes: Math.floor(share) };
    if (isLocked && bytes + BESIDES > lockable) return { bytes, limit: 'lock', limitBytes: lockable };
    return null;
  };
  const leftOut = SWEPT_POOLS.slice(1).flatMap((bytes) => why(bytes) ?? []);
  return { pools: SWEPT_POOLS.filter((bytes) => leftOut.every((left) => left.bytes !== bytes)), leftOut };
}
