import { describe, expect, it } from '@jest/globals';
import { comparisonDocument } from '../../../lib/bench/compare/comparison-document.js';
import { comparisonSchema } from '../../../lib/bench/compare/comparison-schema.js';
import { judgeCondition, parseFailCondition } from '../../../lib/bench/compare/fail-condition.js';
import { comparisonOf, FIVE, times } from '../../report/compare/fixtures/differences.js';

describe('the document of a comparison', () => {
  const comparison = comparisonOf([
    { name: 'before', speeds: FIVE },
    { name: 'after', speeds: times(0.8) },
  ]);
  const conditions = [judgeCondition(parseFailCondition('tx-designs/*:ratio < 0.95'), comparison)];
  const shared = [{ source: 'b.json', as: 'a.json' }];
  const document = comparisonDocument({ comparison, conditions, repeated: [], shared, notMeasured: 'the wire' });

  it('is what its schema says, as JSON without a number that is none', () => {
    const text = JSON.stringify(document);
    expect(comparisonSchema().parse(JSON.parse(text))).toEqual(document);
    const numbers = document.compared.flatMap(({ rows }) => rows.flatMap(({ ratio, low, high }) => [ratio, low, high]));
    expect(numbers.every(Number.isFinite)).toBe(true);
  });

  it('has all rows, significant or not, with their chances and families', () => {
    const [{ rows, group, method, variationFrom }] = document.compared as [(typeof document.compared)[number]];
    expect({ group, method, variationFrom }).toEqual({ group: 'after', method: 'runs', variationFrom: 'runs' });
    expect(rows).toHaveLength(comparison.compared[0]!.differences.length);
    expect(rows[0]).toMatchObject({ kind: 'value', significant: true, chance: 2 / 252 });
  });

  it('has runs, hosts, what is unlike, and what became of conditions', () => {
    expect(document.groups.map(({ name, runs }) => [name, runs.length])).toEqual([
      ['before', 5],
      ['after', 5],
    ]);
    expect(document).toMatchObject({ shared, notMeasured: 'the wire', conditions: [{ failed: true, told: 3 }] });
    expect(document.unlike.length).toBe(comparison.unlikes.length);
  });
});
