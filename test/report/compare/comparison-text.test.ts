import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ResultDocument } from '../../../lib/bench/result/result.js';
import { comparisonText } from '../../../lib/report/compare/comparison-text.js';
import { REPORT_WIDTH } from '../../../lib/report/tables/format.js';
import { LOWER_BOUND } from '../../../lib/report/verdict.js';
import { comparisonOf, FIVE, times } from './fixtures/differences.js';

describe('the text of a comparison', () => {
  it('counts rows that differ and rows that do not, and says what was not measured', () => {
    const comparison = comparisonOf([
      { name: 'before', speeds: FIVE },
      { name: 'after', speeds: times(0.8) },
    ]);
    const text = comparisonText(comparison, { all: false, isSame: false, conditions: [], repeated: [], shared: [] });
    expect(text).toMatch(/^3 rows of \d+ differ; \d+ do not \(~\)\.$/m);
    expect(text.replaceAll('\n', ' ')).toContain(LOWER_BOUND);
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(REPORT_WIDTH);
  });

  it('shows nothing of groups that are alike', () => {
    const comparison = comparisonOf([
      { name: 'before', speeds: FIVE },
      { name: 'after', speeds: FIVE },
    ]);
    const text = comparisonText(comparison, { all: false, isSame: false, conditions: [], repeated: [], shared: [] });
    expect(text).toMatch(/^None of \d+ rows differs significantly\.$/m);
    expect(text).not.toContain('tx-designs');
  });

  it('shows no control characters of ids in files', () => {
    const change = (result: ResultDocument): ResultDocument =>
      JSON.parse(JSON.stringify(result).replaceAll('libc', 'li\\u001bbc'));
    const sides = ['before', 'after'].map((name) => ({ name, speeds: FIVE, change }));
    const view = { all: true, isSame: false, conditions: [], repeated: [], shared: [] };
    const text = comparisonText(comparisonOf(sides), view);
    expect(text).toContain('li bc');
    expect(text).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it('is never wider than a report, whatever names and hosts are', () => {
    const name = fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme-ascii' });
    const comparison = comparisonOf(['a', 'b', 'c'].map((side, at) => ({ name: side, speeds: [1 + at / 4] })));
    fc.assert(
      fc.property(fc.array(name, { minLength: 3, maxLength: 3 }), fc.boolean(), (names, all) => {
        const groups = comparison.groups.map((group, at) => ({ ...group, name: names[at]! }));
        const same = [{ source: names[0]!, as: names[1]! }];
        const view = { all, isSame: false, conditions: [], repeated: same, shared: same };
        const text = comparisonText({ ...comparison, groups }, view);
        expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(REPORT_WIDTH);
      }),
      { numRuns: 50 },
    );
  });
});
