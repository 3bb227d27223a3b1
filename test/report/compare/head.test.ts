import { describe, expect, it } from '@jest/globals';
import { knowsItsRuns } from '../../../lib/bench/compare/comparison.js';
import { headLines } from '../../../lib/report/compare/head.js';
import { type Change, comparisonOf, FIVE } from './fixtures/differences.js';

const on =
  (fingerprint: string | null): Change =>
  (result) => ({ ...result, machine: { ...result.machine, fingerprint } });

describe('the head of a comparison', () => {
  it('says which runs are compared, where, and how', () => {
    const text = headLines(
      comparisonOf([
        { name: 'before', speeds: FIVE, change: on('2-a') },
        { name: 'after', speeds: FIVE, change: on('2-a') },
      ]),
    ).join('\n');
    expect(text).toContain('before (5 runs, the base), after (5 runs): compared on the same machine');
    expect(text).toContain('by the order of runs');
  });

  it('says what is assumed of single runs, and what would be better', () => {
    const single = [
      { name: 'a', speeds: [1], change: on('2-a') },
      { name: 'b', speeds: [1], change: on('2-b') },
    ];
    const text = headLines(comparisonOf(single)).join(' ').replaceAll(/\s+/g, ' ');
    expect(text).toContain('across machines');
    expect(text).toContain('with 5 % from run to run added');
    expect(text).toContain('`bench --runs 5`');
  });

  it('says where the variation between runs is known from the files', () => {
    const many = [
      { name: 'a', speeds: FIVE, change: on('2-a') },
      { name: 'b', speeds: [1], change: on('2-a') },
    ];
    const comparison = comparisonOf(many);
    expect(knowsItsRuns(comparison, 1)).toBe(true);
    expect(headLines(comparison).join(' ')).toContain('all runs of the same host in these files vary');
  });
});
