import { describe, expect, it } from '@jest/globals';
import { GUARD_NAMES, GUARDS } from '../../../lib/bench/doctor/guard-list.js';
import { comparison, guardReport } from '../../../lib/bench/doctor/guard-report.js';

const pair = (without: number[], guarded: number[]) => ({
  what: 'a copy',
  unit: 'ns' as const,
  without,
  with: guarded,
});

describe('a comparison', () => {
  it('has medians, intervals and the ratio of each repeat', () => {
    const without = [20, 22, 24, 26, 28, 30, 32];
    const found = comparison(
      pair(
        without,
        without.map((value) => value / 2),
      ),
    );
    expect(found).toMatchObject({
      without: { median: 26, low: 20, high: 32 },
      with: { median: 13 },
      factor: { median: 2, low: 2, high: 2, rounds: 7, significant: true },
      samples: { without },
    });
    expect(found.with.confidence).toBe(0.95);
  });

  it('has no factor where a value was zero in all repeats', () => {
    expect(comparison(pair([0, 0], [1, 2]))).toMatchObject({ without: { median: 0 }, factor: null });
  });
});

describe('guardReport', () => {
  it('leaves repeats out that are no number, and a pair that has none', () => {
    const pairs = [pair([1, Number.NaN, 3], [2, 2, Number.POSITIVE_INFINITY]), pair([Number.NaN], [1])];
    const { comparisons, refusal } = guardReport('zero-page', { pairs, facts: [] });
    expect(refusal).toBeNull();
    expect(comparisons.map(({ samples }) => samples)).toEqual([{ without: [1], with: [2] }]);
  });

  it('says why a guard was not tried', () => {
    expect(guardReport('small-pages', { refusal: 'no huge pages' })).toEqual({
      name: 'small-pages',
      ...GUARDS['small-pages'],
      refusal: 'no huge pages',
      comparisons: [],
      facts: [],
    });
  });

  it('has texts for nine guards, all of them different', () => {
    const texts = GUARD_NAMES.flatMap((name) => Object.values(GUARDS[name]));
    expect(GUARD_NAMES).toHaveLength(9);
    expect(new Set(texts).size).toBe(27);
  });
});
