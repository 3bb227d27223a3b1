import { describe, expect, it } from '@jest/globals';
import type { CacheKnee } from '../../../lib/bench/facts/host-schema.js';
import { judge } from '../../../lib/bench/result/warning-rules.js';
import { KIB, MIB } from '../../../lib/units.js';
import { lastLevelCache } from '../fixtures/memory-facts.js';
import { codesOf, quietResult } from '../fixtures/quiet-result.js';

const knee = (bytes: number): CacheKnee => ({
  bytes,
  low: bytes / 1.2,
  high: bytes * 1.2,
  beforeNs: 4,
  afterNs: 98,
});
const L1 = knee(48 * KIB);

/** A result of a host that tells of a last cache of some MiB, with these knees. */
function resultOf(toldMib: number, cacheKnees: CacheKnee[] | null | undefined) {
  const quiet = quietResult();
  const caches = [lastLevelCache(toldMib * MIB, quiet.settings.cpus)];
  return { ...quiet, machine: { ...quiet.machine, caches, cacheKnees } };
}

describe('the warning CACHES_DIFFER', () => {
  it.each([
    ['the last knee is far below', 16, [L1, knee(4 * MIB)]],
    ['the last knee is far above', 16, [L1, knee(1 * MIB), knee(60 * MIB)]],
  ])('is given where %s the told size', (_name, told, knees) => {
    expect(codesOf(resultOf(told, knees))).toEqual(['CACHES_DIFFER']);
  });

  it('says both sizes', () => {
    const [warning] = judge(resultOf(16, [L1, knee(600 * KIB), knee(60 * MIB)]));
    expect(warning!.seen).toBe('a last cache of 16.0 MiB is told, and memory gets slower from 60.0 MiB on');
  });

  it.each([
    ['a knee is near it', 32, [L1, knee(1 * MIB), knee(20 * MIB)]],
    ['only the first cache shows', 32, [L1]],
    ['the last knee was lost in noise', 32, [L1, { ...knee(1 * MIB), afterNs: 14 }]],
    ['there is no knee', 32, []],
    ['nothing could be measured', 32, null],
    ['nothing was measured', 32, undefined],
    ['the told cache is larger than what is measured', 256, [L1, knee(1 * MIB)]],
  ])('is not given where %s', (_name, told, knees) => {
    expect(codesOf(resultOf(told, knees))).toEqual([]);
  });
});
