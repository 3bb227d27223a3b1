import { describe, expect, it } from '@jest/globals';
import { chunkBytesOf, SAMPLE_BYTES, spansOf } from '../../../benchmarks/copy-surface/copy-states.js';
import {
  autoPoints,
  batchOf,
  pagePoints,
  repeatsOf,
  sizePoints,
  statePoints,
  surfaceSizes,
} from '../../../benchmarks/copy-surface/surface-points.js';
import { EFFORTS } from '../../../lib/bench/plan/settings.js';
import { GIB, KIB, MIB, roundUp } from '../../../lib/units.js';
import { lastLevelCache, memoryHost } from '../../bench/fixtures/memory-facts.js';

const caches = [48 * KIB, MIB, 32 * MIB].map((bytes, at) => ({ ...lastLevelCache(bytes), level: at + 1 }));
const spans = spansOf('default', { ...memoryHost(null, 64 * GIB), caches }, 0, 32 * GIB);
const without = spansOf('default', memoryHost(null, 64 * GIB), 0, 32 * GIB);
const KERNELS = ['libc', 'nt-avx2'] as const;
const always = () => true;

describe('surfaceSizes', () => {
  it.each(EFFORTS)('are ascending, with an MTU and the largest packet, for effort %s', (effort) => {
    const sizes = surfaceSizes(effort, spans);
    expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
    for (const size of [64, 1500, 64 * KIB]) expect(sizes).toContain(size);
  });

  it('have one byte less and one more than powers of two', () => {
    for (const size of [64, 4 * KIB, 64 * KIB]) {
      expect(surfaceSizes('default', spans)).toEqual(expect.arrayContaining([size - 1, size, size + 1]));
    }
  });

  it('come from the last-level cache above it, and end where memory does', () => {
    expect(surfaceSizes('default', spans).slice(-3)).toEqual([16 * MIB, 64 * MIB, 128 * MIB]);
    const small = spansOf('default', { ...memoryHost(null, 64 * GIB), caches }, 0, 16 * MIB);
    expect(surfaceSizes('default', small).at(-1)).toBe(MIB);
  });

  it('have none above a small last-level cache that does not come from it', () => {
    const two = [48 * KIB, 512 * KIB, 2 * MIB].map((bytes, at) => ({ ...lastLevelCache(bytes), level: at + 1 }));
    const ofTwo = spansOf('default', { ...memoryHost(null, 64 * GIB), caches: two }, 0, 32 * GIB);
    expect(surfaceSizes('default', ofTwo).slice(-3)).toEqual([MIB, 4 * MIB, 8 * MIB]);
    const one = [48 * KIB, 512 * KIB].map((bytes, at) => ({ ...lastLevelCache(bytes), level: at + 1 }));
    const ofOne = spansOf('full', { ...memoryHost(null, 64 * GIB), caches: one }, 0, 32 * GIB);
    const above = surfaceSizes('full', ofOne).filter((size) => size > 512 * KIB);
    expect(above).toEqual([MIB, 2 * MIB]);
  });
});

describe('the points of a copy surface', () => {
  it('are of copies that fit where they are made, and hot ones stay within half of the cache', () => {
    const points = [...sizePoints('full', KERNELS, spans), ...statePoints('full', KERNELS, spans, always)];
    for (const point of points) {
      const { from, to, size } = point;
      const bytes = roundUp(size, 64) * batchOf(point, spans);
      for (const state of [from, to]) {
        if (state === 'hot') expect(size).toBeLessThanOrEqual(16 * MIB);
        else expect(bytes).toBeLessThanOrEqual(Math.max(chunkBytesOf(state, spans), SAMPLE_BYTES));
      }
      expect(repeatsOf(point)).toBeGreaterThanOrEqual(1);
    }
  });

  it('are all states of the source with all of the destination, where a host can make them', () => {
    const pairs = (told: typeof spans, possible: (state: string) => boolean) => {
      const points = statePoints('quick', ['libc'], told, possible);
      return new Set(points.map(({ from, to }) => `${from} ${to}`)).size;
    };
    expect(pairs(spans, always)).toBe(6 * 7);
    expect(pairs(spans, (state) => state !== 'other core')).toBe(5 * 6);
    expect(pairs(without, always)).toBe(4 * 5);
  });

  it('have each copy kernel with pages of each kind, and auto beside each', () => {
    expect(pagePoints(KERNELS, ['4 KiB', 'transparent'], 64 * MIB)).toHaveLength(2 * 2 * 2);
    expect(pagePoints(KERNELS, [], 64 * MIB)).toEqual([]);
    const auto = autoPoints('default', KERNELS);
    expect(auto).toHaveLength(2 * new Set(auto.map(({ size }) => size)).size);
  });
});
