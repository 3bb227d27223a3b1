import { describe, expect, it } from '@jest/globals';
import type { Difference } from '../../../lib/bench/compare/compare-groups.js';
import type { ComparedGroup, Comparison } from '../../../lib/bench/compare/comparison.js';
import { judgeCondition, parseFailCondition, rowOfKey } from '../../../lib/bench/compare/fail-condition.js';
import type { RunFacts } from '../../../lib/bench/compare/run-facts.js';
import { differenceOf, rowOf } from '../../report/compare/fixtures/differences.js';

/** A comparison of five runs a side with these rows. */
function comparisonWith(differences: readonly Difference[], more: Partial<ComparedGroup> = {}, runs = 5): Comparison {
  const group = (name: string) => ({ name, runs: new Array<RunFacts>(runs).fill({} as RunFacts) });
  const one = { group: 1, method: 'runs' as const, differences, place: null, onlyBase: [], onlyOther: [], ...more };
  return {
    mode: 'same machine',
    groups: [group('before'), group('after')],
    minimalEffect: 0.03,
    isStrict: false,
    isTold: false,
    unlikes: [],
    compared: [one],
  };
}

const slower = differenceOf({ ratio: 0.8, low: 0.78, high: 0.82 }, rowOf('tx-designs/bounce/senders=2'));
const judged = (text: string, comparison: Comparison) => judgeCondition(parseFailCondition(text), comparison);

describe('a condition of a build', () => {
  it('is met by a significant difference beyond its limit, and by no other', () => {
    const verdictOf = (more: Partial<Difference>) =>
      judged('tx-designs/*:ratio < 0.95', comparisonWith([{ ...slower, ...more }]));
    expect(verdictOf({})).toMatchObject({ failed: true, told: 1, untold: [], met: [{ value: 0.8, group: 1 }] });
    expect(verdictOf({ significant: false })).toMatchObject({ failed: false, told: 1, met: [] });
    expect(verdictOf({ ratio: 0.96 })).toMatchObject({ failed: false, met: [] });
    expect(verdictOf({ ratio: 1.2 })).toMatchObject({ failed: false, met: [] });
  });

  it.each([
    ['< 0.8', 0],
    ['<= 0.8', 1],
    ['> 1.5', 0],
    ['>= 1.5', 1],
  ])('is met at its limit or not, as its operator says: %s', (limit, met) => {
    const faster = { ...slower, row: rowOf('tx-designs/direct/senders=2'), ratio: 1.5 };
    expect(judged(`*:ratio ${limit}`, comparisonWith([slower, faster])).met).toHaveLength(met);
  });

  it('looks at each group, with the runs and the name of that', () => {
    const lost = { onlyOther: ['value tx-designs/new'] };
    const first = comparisonWith([{ ...slower, significant: false }]);
    const few = comparisonWith([slower], lost, 2);
    const comparison = {
      ...first,
      groups: [...first.groups, { ...few.groups[1]!, name: 'later' }],
      compared: [...first.compared, { ...few.compared[0]!, group: 2 }],
    };
    expect(judged('tx-designs/*:ratio < 0.95', comparison)).toMatchObject({
      told: 1,
      met: [],
      untold: [
        { group: 2, reason: 'too few runs to show anything among 2 rows: take 5 a side' },
        { group: 2, reason: 'only in later' },
      ],
    });
  });

  it('counts towards the worse side, whichever that is, with the measure `worse`', () => {
    const time = differenceOf({ ratio: 1.5 }, rowOf('copy-cost/libc', { higherIsBetter: false }));
    const valuesOf = (one: Difference) => judged('*:worse > 1.1', comparisonWith([one])).met.map(({ value }) => value);
    expect([valuesOf(slower), valuesOf(time), valuesOf({ ...time, ratio: 0.5 })]).toEqual([[1.25], [1.5], []]);
  });

  it('looks at rows of its measure alone', () => {
    const cost = differenceOf({ ratio: 1.5 }, { ...slower.row, kind: 'cost' });
    const comparison = comparisonWith([slower, cost]);
    expect(judged('*:cost > 1.1', comparison)).toMatchObject({ told: 1, met: [{ kind: 'cost' }] });
    expect(() => judged('*:bounce-copy > 1.1', comparison)).toThrow('no row has the measure bounce-copy');
    expect(() => judged('*:worth > 1.1', comparison)).toThrow('across machines only');
  });

  it('takes a star for any characters and a question mark for one', () => {
    const comparison = comparisonWith([slower]);
    for (const glob of ['*', 'tx-designs/*', '*senders=2', 'tx-designs/b?unce/*', 'tx-designs/bounce/senders=2']) {
      expect(judged(`${glob}:ratio < 0.9`, comparison).met).toHaveLength(1);
    }
    for (const glob of ['tx', 'tx-designs/?/*', 'tx.designs/*', '(']) {
      expect(() => judged(`${glob}:ratio < 0.9`, comparison)).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }));
    }
  });

  it('without a row is refused with ids that are near', () => {
    expect(() => judged('tx-design/*:ratio < 0.9', comparisonWith([slower]))).toThrow(
      /so that it cannot fail; near are tx-designs\/bounce\/senders=2$/,
    );
  });

  it('names rows that cannot be told, and fails if there are no others', () => {
    const lost = { onlyBase: ['user copy a/b', 'value tx-designs/direct'], onlyOther: ['value tx-designs/new'] };
    expect(judged('tx-designs/*:ratio < 0.95', comparisonWith([slower], lost)).untold).toEqual([
      { group: 1, kind: 'value', id: 'tx-designs/direct', reason: 'only in before' },
      { group: 1, kind: 'value', id: 'tx-designs/new', reason: 'only in after' },
    ]);
    const single = { ...slower, chance: null, significant: false, untold: 'no interval' as const };
    for (const comparison of [comparisonWith([single]), comparisonWith([], lost)]) {
      expect(judged('tx-designs/*:ratio < 0.95', comparison)).toMatchObject({ told: 0, met: [], failed: true });
    }
  });

  it('fails where so few runs cannot show anything', () => {
    const rows = Array.from({ length: 9 }, (_, at) => ({ ...slower, row: rowOf(`a/${at}`), significant: false }));
    const { failed, told, untold } = judged('*:ratio < 0.95', comparisonWith(rows));
    expect({ failed, told, reason: untold[0]!.reason }).toEqual({
      failed: true,
      told: 0,
      reason: 'too few runs to show anything among 9 rows: take 6 a side',
    });
    expect(judged('*:ratio < 0.95', comparisonWith(rows, {}, 8))).toMatchObject({ failed: false, told: 9 });
  });

  it('fails where so few runs cannot show anything in the family of its row', () => {
    const rows = Array.from({ length: 9 }, (_, at) => ({ ...slower, row: rowOf(`a/${at}`) }));
    expect(judged('a/3:ratio < 0.95', comparisonWith(rows))).toMatchObject({
      failed: true,
      told: 0,
      untold: [{ id: 'a/3', reason: 'too few runs to show anything among 9 rows: take 6 a side' }],
    });
  });

  it('corrects chances for all of its rows, whatever families they are of', () => {
    const rowsWith = (count: number) =>
      Array.from({ length: count }, (_, at) => ({
        ...slower,
        row: rowOf(`a/${at}`),
        family: `${at}`,
        chance: at === 0 ? 0.009 : 0.5,
      }));
    const metOf = (count: number) => judged('*:ratio < 0.95', comparisonWith(rowsWith(count), {}, 8)).met.length;
    expect([metOf(5), metOf(6)]).toEqual([1, 0]);
  });

  it.each([
    ['', "write 'GLOB:MEASURE OP NUMBER'"],
    ['tx-designs/*', "write 'GLOB:MEASURE OP NUMBER'"],
    ['*:ratio = 1', "write 'GLOB:MEASURE OP NUMBER'"],
    ['*:ratio < -1', "write 'GLOB:MEASURE OP NUMBER'"],
    ['*:ration < 1', "unknown measure 'ration': did you mean 'ratio'?"],
    ['*:constructor < 1', 'unknown measure'],
    ['*:ratio < 1.05', 'a factor of 1 is no difference, so the limit has to be above 0 and at most 1'],
    ['*:ratio > 0.9', 'a factor of 1 is no difference, so the limit has to be at least 1'],
  ])('is refused as %j', (text, message) => {
    expect(() => parseFailCondition(text)).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }));
    expect(() => parseFailCondition(text)).toThrow(message);
  });

  it('may have colons in its ids, and spaces where one would write them', () => {
    expect(parseFailCondition(' tx/a:b/* : ratio-of-ratios<=.5 ')).toMatchObject({
      glob: 'tx/a:b/*',
      measure: 'ratio-of-ratios',
      operator: '<=',
      limit: 0.5,
    });
    expect(rowOfKey('bounce copy a b/c')).toEqual({ kind: 'bounce copy', id: 'a b/c' });
  });
});
