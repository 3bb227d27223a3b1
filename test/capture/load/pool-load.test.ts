import { describe, expect, it } from '@jest/globals';
import { EARLIER, isTooLarge, loadFacts } from '../../../lib/capture/load/pool-load.js';
import { loadOf } from './loads.js';

describe('isTooLarge', () => {
  it.each([
    [262144, 0, false],
    [262145, 0, true],
    [262144, 1, true],
    [262143, 1, false],
    [262144, 2048, false],
    [261120, 3072, false],
  ])('of %d bytes at offset %d is %p', (bytes, offset, is) => {
    expect(isTooLarge(bytes, offset)).toBe(is);
  });
});

describe('loadFacts', () => {
  it('leaves out what no pool has room for, and ends of mappings of before', () => {
    const load = loadOf([
      { bytes: 100, cpu: 2 },
      { bytes: 300_000, cpu: 5, timeNs: 50 },
      { bytes: 4096, heldNs: EARLIER, timeNs: 60, cpu: 9 },
      { bytes: 5000, heldNs: Number.POSITIVE_INFINITY, timeNs: 70 },
    ]);
    expect(loadFacts(load)).toEqual({
      name: 'rows',
      mappings: 2,
      bytes: 5100,
      tooLarge: 1,
      largestBytes: 5000,
      durationNs: 70,
      heldToEnd: 1,
      cpus: 6,
    });
    expect(loadFacts(loadOf([]))).toMatchObject({ mappings: 0, durationNs: 0, cpus: 1 });
  });
});
