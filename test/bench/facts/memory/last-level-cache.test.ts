import { describe, expect, it } from '@jest/globals';
import {
  lastLevelCacheBytes,
  lastLevelCacheBytesOrUsual,
  lastLevelCachesTogetherBytes,
} from '../../../../lib/bench/facts/memory/last-level-cache.js';
import { lastLevelCache } from '../../fixtures/memory-facts.js';

const MIB = 1 << 20;
/** Two clusters with different caches, and a CPU 6 that has no third level. */
const MIXED = {
  caches: [
    { ...lastLevelCache(MIB, [0]), level: 2, sharedBy: [0, 1, 2, 3, 4, 5, 6].map((cpu) => [cpu]), instances: 7 },
    lastLevelCache(8 * MIB, [0, 1]),
    lastLevelCache(16 * MIB, [2, 3]),
    lastLevelCache(16 * MIB, [4, 5]),
    { ...lastLevelCache(64 * MIB, [0, 1, 2, 3, 4, 5, 6]), type: 'Instruction' },
  ],
};

describe('the last-level cache', () => {
  it('is that of the CPUs that measure, and the smallest of several', () => {
    const of = (...cpus: number[]) => lastLevelCacheBytes(MIXED, cpus);
    expect({ small: of(0, 1), large: of(2), both: of(1, 2), none: of(6) }).toEqual({
      small: 8 * MIB,
      large: 16 * MIB,
      both: 8 * MIB,
      none: MIB,
    });
    expect(lastLevelCacheBytes(MIXED)).toBe(MIB);
  });

  it.each<[string, unknown, unknown]>([
    ['nothing', undefined, undefined],
    ['null', null, undefined],
    ['a text as host', 'host', undefined],
    ['caches that are no list', { caches: 5 }, undefined],
    ['caches that are none', { caches: [null] }, undefined],
    ['incomplete caches that are no list', { caches: [], cachesIncomplete: 5 }, undefined],
    ['CPUs that are no list', MIXED, 5],
    ['null for CPUs', MIXED, null],
  ])('is not told of %s', (_what, host, cpus) => {
    expect(() => lastLevelCacheBytes(host as typeof MIXED, cpus as number[])).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
    );
  });

  it('is not known if that of one of these CPUs is not', () => {
    const sizeless = {
      caches: [
        { ...lastLevelCache(1, [0]), bytes: null },
        { ...lastLevelCache(MIB, [0]), level: 2 },
      ],
    };
    expect(lastLevelCacheBytes(sizeless, [0])).toBeNull();
    expect(lastLevelCacheBytes(MIXED, [0, 7])).toBeNull();
    expect(lastLevelCacheBytes({ ...MIXED, cachesIncomplete: [0] }, [0])).toBeNull();
    expect(lastLevelCacheBytes({ ...MIXED, cachesIncomplete: [0] })).toBeNull();
    expect(lastLevelCacheBytes({ ...MIXED, cachesIncomplete: [0] }, [2])).toBe(16 * MIB);
    expect(lastLevelCacheBytes({ caches: null })).toBeNull();
  });

  it('has a size also if it is not known who shares it', () => {
    const caches = [{ ...lastLevelCache(4 * MIB), sharedBy: [], instances: null, sharingUnknown: [0, 1] }];
    expect(lastLevelCacheBytes({ caches }, [0, 1])).toBe(4 * MIB);
  });

  it('is taken as 32 MiB where it is not known', () => {
    expect(lastLevelCacheBytesOrUsual({ caches: null })).toBe(32 * MIB);
    expect(lastLevelCacheBytesOrUsual(MIXED, [2])).toBe(16 * MIB);
  });
});

describe('the last-level caches together', () => {
  it('hold what each of them does, a shared one counted once', () => {
    expect(lastLevelCachesTogetherBytes(MIXED, [0, 1])).toBe(8 * MIB);
    expect(lastLevelCachesTogetherBytes(MIXED, [0, 1, 2, 4, 5])).toBe(40 * MIB);
  });

  it('count once for each CPU of which it is not known who shares one', () => {
    const caches = [{ ...lastLevelCache(4 * MIB, [0, 1]), instances: null, sharingUnknown: [2, 3] }];
    expect(lastLevelCachesTogetherBytes({ caches }, [0, 1, 2, 3])).toBe(12 * MIB);
    expect(lastLevelCachesTogetherBytes({ caches: null }, [0])).toBe(32 * MIB);
  });
});
