import { describe, expect, it } from '@jest/globals';
import { judgeCondition, parseFailCondition } from '../../../lib/bench/compare/fail-condition.js';
import { failLines } from '../../../lib/report/compare/fail-lines.js';
import { comparisonOf, FIVE, times } from './fixtures/differences.js';

const comparison = comparisonOf([
  { name: 'before', speeds: FIVE },
  { name: 'after', speeds: times(0.8) },
]);
const textOf = (condition: string, of = comparison) =>
  failLines([judgeCondition(parseFailCondition(condition), of)], of)
    .join('\n')
    .replaceAll(/\n {4}/g, ' ');

describe('what became of a condition', () => {
  it('names the rows that met it, with numbers', () => {
    const text = textOf('tx-designs/*:ratio < 0.95');
    expect(text).toContain("--fail-if 'tx-designs/*:ratio < 0.95': FAILED: met by 3 of 3 rows");
    expect(text).toMatch(/ {2}tx-designs\/bounce\/\S+, rate: 121 Gbit\/s -> 97\.0 Gbit\/s: 0\.80 \[.*\] \(after\)/);
    expect(textOf('tx-designs/bounce/*:worse > 1.1')).toContain(', 1.25 times as bad (after)');
  });

  it('says that none met it', () => {
    expect(textOf('copy-cost/libc/*:worse > 1.1')).toMatch(/: not met by any of \d+ rows$/);
  });

  it('names rows that cannot be told', () => {
    const [one] = comparison.compared;
    const lost = { ...one!, differences: [], onlyBase: one!.differences.map(({ row }) => `${row.kind} ${row.id}`) };
    const text = textOf('*:ratio < 0.95', { ...comparison, compared: [lost] });
    expect(text).toContain('FAILED: it could not be told of any row');
    expect(text).toMatch(/cannot be told of \d+ rows \(only in before\): .* and \d+ more$/s);
  });
});
