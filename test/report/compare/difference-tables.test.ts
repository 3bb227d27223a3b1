import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { differenceLines, shownRows } from '../../../lib/report/compare/difference-tables.js';
import { REPORT_WIDTH } from '../../../lib/report/tables/format.js';
import { comparisonOf, differenceOf, FIVE, rowOf, times } from './fixtures/differences.js';

describe('the tables of a comparison', () => {
  it('have the significant rows, with both values, their ratio and which is better', () => {
    const comparison = comparisonOf([
      { name: 'before', speeds: FIVE },
      { name: 'after', speeds: times(0.8) },
    ]);
    const lines = differenceLines(comparison, false);
    expect(lines[0]).toMatch(/^tx-designs, all with senders=2\/queues=1\//);
    expect(lines[1]!.trim().split(/ {2,}/)).toEqual(['before', 'after', '/ before']);
    const bounce = lines.find((line) => /^ {2}bounce +rate/.test(line))!;
    expect(bounce).toMatch(/ 121 Gbit\/s +97\.0 Gbit\/s +0\.80 \[0\.7\d, 0\.8\d\] {2}worse$/);
    expect(lines.join('\n')).not.toContain('copy-cost');
    expect(shownRows(comparison.compared, false)).toHaveLength(3);
  });

  it('have all rows on request, those without a difference after ~', () => {
    const comparison = comparisonOf([
      { name: 'before', speeds: FIVE },
      { name: 'after', speeds: FIVE },
    ]);
    expect(differenceLines(comparison, false)).toEqual([]);
    const text = differenceLines(comparison, true).join('\n');
    for (const name of ['tx-designs', 'copy-cost', 'control-cost', '~ 1.00']) expect(text).toContain(name);
  });

  it('have a column for each further group', () => {
    const comparison = comparisonOf([
      { name: 'a', speeds: FIVE },
      { name: 'b', speeds: times(0.8) },
      { name: 'c', speeds: times(1.3) },
    ]);
    const bounce = differenceLines(comparison, false).find((line) => /^ {2}bounce +rate/.test(line))!;
    expect(bounce).toMatch(/ 121 Gbit\/s +0\.80 \[.*\] worse +1\.30 \[.*\] better$/);
  });

  it('have a mark beside each difference on a terminal, or below where there is no room', () => {
    const comparison = comparisonOf([
      { name: 'before', speeds: FIVE },
      { name: 'after', speeds: times(0.8) },
    ]);
    const marked = (columns: number) => differenceLines(comparison, false, { columns, isPlain: true });
    const beside = marked(120).find((line) => /^ {2}bounce +rate/.test(line))!;
    expect(beside).toMatch(/ 0\.80 \[0\.7\d, 0\.8\d\] {2}worse {2} *\[?-*\*-*\]? +\|$/);
    const below = marked(72).filter((line) => /^ {2}bounce +rate/.test(line));
    expect([below.length, below[0]!.includes('worse')]).toEqual([2, true]);
    expect(below[1]).toMatch(/^ {2}bounce +rate +\[?-*\*-*\]? +\|$/);
  });

  it('are never wider than a report, whatever ids and names are', () => {
    const word = fc.string({ minLength: 1, maxLength: 50, unit: fc.constantFrom(...'abcdefgh-=/:0123') });
    fc.assert(
      fc.property(fc.array(word, { minLength: 2, maxLength: 9 }), fc.array(word, { minLength: 1 }), (names, ids) => {
        const [first, ...others] = names.map((name, at) => ({ name: `${name}${at}`, runs: [] }));
        const differences = ids.map((id) => differenceOf({ base: 1e9, value: 1e-9, high: 1e6 }, rowOf(`s/${id}`)));
        const common = { method: 'runs', differences, place: null, onlyBase: [], onlyOther: [] } as const;
        const compared = others.map((_, at) => ({ ...common, group: at + 1 }));
        const lines = differenceLines(
          {
            mode: 'same machine',
            groups: [first!, ...others],
            minimalEffect: 0.03,
            isStrict: false,
            isTold: false,
            unlikes: [],
            compared,
          },
          true,
        );
        expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(REPORT_WIDTH);
      }),
      { numRuns: 60 },
    );
  });
});
