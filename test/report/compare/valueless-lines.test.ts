import { describe, expect, it } from '@jest/globals';
import type { ResultDocument } from '../../../lib/bench/result/result.js';
import { comparisonText } from '../../../lib/report/compare/comparison-text.js';
import { valuelessLines } from '../../../lib/report/compare/valueless-lines.js';
import { type Change, comparisonOf, FIVE } from './fixtures/differences.js';

/** The first cell has no value, for this reason, in the runs of which that is asked for. */
function without(message: string, isOf: (run: number) => boolean): Change {
  return (result: ResultDocument, run: number): ResultDocument => {
    if (!isOf(run)) return result;
    const [{ id, scenario, params }] = result.results as [ResultDocument['results'][number]];
    const failed = [{ id, scenario, params, samples: 3, why: 'not here' as const, message }];
    const ratios = result.ratios.filter(({ of, to }) => of !== id && to !== id);
    return { ...result, results: result.results.slice(1), ratios, failed };
  };
}

const always = () => true;
const lackingTo = (change: Change) =>
  comparisonOf([
    { name: 'a', speeds: FIVE },
    { name: 'b', speeds: FIVE, change },
  ]);

describe('what a comparison says of cells without a value', () => {
  it('is which group has none, and the reason of its files', () => {
    const comparison = lackingTo(without('its memory is on one node', always));
    const [line, ...others] = valuelessLines(comparison)
      .join('\n')
      .split(/\n(?! {4})/);
    expect(others).toEqual([]);
    expect(line!.replaceAll(/\s+/g, ' ')).toMatch(/^ b: tx-designs\S+: no value, because its memory is on one node$/);
    const view = { all: false, isSame: false, conditions: [], repeated: [], shared: [] };
    expect(comparisonText(comparison, view)).toContain('Without a value\n  b: tx-designs/');
  });

  it('is nothing where another run of the group has a value', () => {
    expect(valuelessLines(lackingTo(without('why', (run) => run > 0)))).toEqual([]);
  });

  it('is said once of groups that lack the same', () => {
    const change = without('why', always);
    const sides = ['a', 'b', 'c'].map((name) => ({ name, speeds: FIVE, change }));
    const said = valuelessLines(comparisonOf(sides)).join(' ').replaceAll(/\s+/g, ' ');
    expect(said).toMatch(/^ all: tx-designs[^:]*: no value, because why$/);
    const two = valuelessLines(comparisonOf([{ name: 'd', speeds: FIVE }, ...sides]));
    expect(two.join(' ')).toMatch(/^ {2}a, b, c: /);
  });
});
