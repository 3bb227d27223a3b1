import { describe, expect, it } from '@jest/globals';
import { shareOf, sweptPools, UNKNOWN_MEMORY } from '../../../lib/bench/plan/swept-pools.js';
import { MIB } from '../../../lib/units.js';

const mebibytes = ({ pools, leftOut }: ReturnType<typeof sweptPools>) => ({
  pools: pools.map((bytes) => bytes / MIB),
  leftOut: leftOut.map(({ bytes, limit, limitBytes }) => [bytes / MIB, limit, limitBytes / MIB]),
});

describe('sweptPools', () => {
  it('returns four sizes if no limit is known', () => {
    expect(mebibytes(sweptPools(UNKNOWN_MEMORY))).toEqual({ pools: [16, 64, 256, 1024], leftOut: [] });
  });

  it('leaves out slot pools that would take more than a quarter of the memory', () => {
    const small = mebibytes(sweptPools({ ...UNKNOWN_MEMORY, available: 2048 * MIB }));
    expect(small).toEqual({ pools: [16, 64, 256], leftOut: [[1024, 'memory', 512]] });
    expect(sweptPools({ ...UNKNOWN_MEMORY, available: MIB }).pools).toEqual([16 * MIB]);
    expect(shareOf({ ...UNKNOWN_MEMORY, available: 400 })).toBe(100);
  });

  it('leaves out slot pools that may not be locked if smaller ones may', () => {
    const limited = mebibytes(sweptPools({ ...UNKNOWN_MEMORY, lockable: 128 * MIB }));
    expect(limited.pools).toEqual([16, 64]);
    expect(limited.leftOut).toEqual([
      [256, 'lock', 128],
      [1024, 'lock', 128],
    ]);
    expect(sweptPools({ ...UNKNOWN_MEMORY, lockable: 8 * MIB }).leftOut).toEqual([]);
  });
});
