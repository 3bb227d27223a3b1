import { describe, expect, it } from '@jest/globals';
import { emailText } from '../../../lib/report/compare/email.js';
import { noiseParagraph, warningCounts } from '../../../lib/report/compare/noise.js';
import { LOWER_BOUND } from '../../../lib/report/verdict.js';
import { quietResult } from '../../bench/fixtures/quiet-result.js';
import { type Change, comparisonOf, FIVE } from './fixtures/differences.js';

const warned: Change = (result, run) => {
  const warning = { code: 'NOISY_HOST', seen: 's', why: 'w', remedy: 'r' } as const;
  return { ...result, warnings: run < 2 ? [warning, warning] : [] };
};
const SIDES = [
  { name: 'a', speeds: FIVE, change: warned },
  { name: 'b', speeds: FIVE },
];
const NONE = { repeated: [], shared: [] };

describe('the paragraph on noise', () => {
  it('tells warnings of all runs once, with the number of runs that have them', () => {
    const comparison = comparisonOf(SIDES);
    const found = warningCounts(comparison).find(({ code }) => code === 'NOISY_HOST')!;
    expect(found.runs).toBe(2);
    expect(noiseParagraph(comparison, NONE)).toContain('NOISY_HOST in 2');
  });

  it('says what a chance of 5 % is of, what counts as no effect, and what was not measured', () => {
    const text = noiseParagraph(comparisonOf(SIDES), NONE);
    for (const part of ['within families', 'in 5 % of comparisons', 'Effects below 3 %', LOWER_BOUND]) {
      expect(text).toContain(part);
    }
    expect(noiseParagraph(comparisonOf(SIDES, { isStrict: true }), NONE)).toContain('All rows are one family');
  });

  it("says nothing about bouncing of scenarios of one's own", () => {
    const comparison = comparisonOf(SIDES.map((side) => ({ ...side, change: () => quietResult() })));
    expect(comparison.compared[0]!.differences.length).toBeGreaterThan(0);
    expect(noiseParagraph(comparison, NONE)).not.toMatch(/bounc/);
    expect(emailText(comparison)).not.toMatch(/bounc/);
  });

  it('names groups together whose CPUs were at the same distance', () => {
    const comparison = comparisonOf(['a', 'b', 'c', 'd'].map((name) => ({ name, speeds: FIVE })));
    const places = [
      { low: 40, high: 50 },
      { low: 40, high: 50 },
      { low: 400, high: 500 },
    ];
    const compared = comparison.compared.map((one, at) => ({ ...one, place: places[at]! }));
    const text = noiseParagraph({ ...comparison, compared }, NONE);
    expect(text).toContain('over rounds in which they were 40 to 50 ns apart (b, c).');
    expect(text).toContain('over rounds in which they were 400 to 500 ns apart (d).');
    expect(text.match(/The CPUs moved/g)).toHaveLength(2);
  });

  it('says which rows one group lacks, and which runs are the same', () => {
    const less: Change = (result) => ({ ...result, results: result.results.slice(1) });
    const text = noiseParagraph(comparisonOf([SIDES[0]!, { ...SIDES[1]!, change: less }]), {
      repeated: [{ source: 'x.json', as: 'y.json' }],
      shared: [{ source: 'z.json', as: 'y.json' }],
    });
    expect(text).toMatch(/\d+ rows of a are not in b\./);
    expect(text).toContain('twice in a group, and counts once: x.json and y.json.');
    expect(text).toContain('in two groups, and shows no difference: z.json and y.json.');
  });
});
