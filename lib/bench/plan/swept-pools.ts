/**
 * The pools of a sweep, and which of them a host is too small for: memory is populated, and locked where that is allowed.
 * All machines of a run share one region, so a pool that may not be locked would leave all of them unlocked.
 */

/** Bytes; null: as far as is known, there is no limit. */
export interface HostMemory {
  /** What this process may still have. */
  readonly available: number | null;
  /** What it may lock. */
  readonly lockable: number | null;
}

export const UNKNOWN_MEMORY: HostMemory = { available: null, lockable: null };

/** A pool that is not swept, and what it was too large for. */
export interface LeftOut {
  readonly bytes: number;
  readonly limit: 'memory' | 'lock';
  readonly limitBytes: number;
}

const MIB = 2 ** 20;
const SWEPT_POOLS = [16 * MIB, 64 * MIB, 256 * MIB, 1024 * MIB] as const;
/** Of what is available, for the pool; as much again for what is in flight. */
const SHARE = 1 / 4;
/** Of a region, besides its pool: user buffers and pages of sockets. */
const BESIDES = 64 * MIB;

/** The most that a pool, or all that is in flight, may take. */
export function shareOf({ available }: HostMemory): number {
  return available === null ? Number.POSITIVE_INFINITY : available * SHARE;
}

/**
 * At least one pool. A limit on locking leaves out pools only where it lets smaller ones be locked: where it allows none,
 * memory is not locked anyhow, and the result says so.
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
