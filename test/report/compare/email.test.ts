import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Comparison } from '../../../lib/bench/compare/comparison.js';
import { EMAIL_LINES, EMAIL_WIDTH, emailText } from '../../../lib/report/compare/email.js';
import { LOWER_BOUND } from '../../../lib/report/verdict.js';
import { comparisonOf, FIVE, times } from './fixtures/differences.js';

const two = comparisonOf([
  { name: 'before', speeds: FIVE },
  { name: 'after', speeds: times(0.8) },
]);
const four = comparisonOf([...'abcd'].map((name) => ({ name, speeds: [1] })));
const linesOf = (comparison: Comparison) => emailText(comparison).split('\n').slice(0, -1);

describe('the block for an e-mail', () => {
  it('stands for itself: what, where, how, headline rows, unlike things, noise, and what was not measured', () => {
    const text = emailText(two);
    expect(text).toMatch(/^copytax \S+, .*: before \(5 runs, base\), after \(5 runs\)$/m);
    expect(text).toMatch(/^bounce +121 Gbit\/s +97\.0 Gbit\/s +0\.80 \[0\.\d\d, 0\.\d\d\] worse$/m);
    expect(text).toMatch(/^bounce, second copy +0\.7\d+ cores /m);
    expect(text).toMatch(/^3 of \d+ rows differ significantly; ~ does not$/m);
    expect(text).toMatch(/^(Unlike, or not known: |Alike in all that is known to matter\.$)/m);
    expect(text).toMatch(/^(Warnings, of 10 runs: |No run has warnings)/m);
    expect(text.replaceAll('\n', ' ')).toContain(LOWER_BOUND);
  });

  it('says how many groups have no room', () => {
    expect(emailText(four)).toContain('; 1 more group\n');
  });

  it('never has more than 15 lines or 76 columns, whatever names, ids, hosts and numbers are', () => {
    const name = fc.string({ minLength: 1, maxLength: 90, unit: 'grapheme' });
    const scale = fc.double({ min: 1e-9, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(
        fc.constantFrom(two, four),
        fc.array(name, { minLength: 4, maxLength: 4 }),
        name,
        scale,
        fc.boolean(),
        (given, names, id, by, isDesign) => {
          const groups = given.groups.map((group, at) => ({
            name: names[at]!,
            runs: group.runs.map((run) => ({
              ...run,
              machine: { ...run.machine, cpu: { ...run.machine.cpu, model: at % 2 === 0 ? names[at]! : id } },
              warnings: Array.from({ length: 9 }, (_, warning) => `${id}${warning}`),
            })),
          }));
          const compared = given.compared.map((one) => ({
            ...one,
            differences: one.differences.map((difference) => ({
              ...difference,
              row: isDesign ? difference.row : { ...difference.row, scenario: id, id: `${id}/${difference.row.id}` },
              base: difference.base * by,
              value: difference.value / by,
              low: difference.low / by,
              high: difference.high * by,
            })),
          }));
          const lines = linesOf({ ...given, groups, compared });
          expect(lines.length).toBeLessThanOrEqual(EMAIL_LINES);
          expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(EMAIL_WIDTH);
        },
      ),
      { numRuns: 150 },
    );
  });
});
