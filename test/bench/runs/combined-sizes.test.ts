import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BreakEvenResult, CrossingResult, ResultDocument } from '../../../lib/bench/result/result.js';
import { combineBreakEvens, combineCrossings, sizesOfMost } from '../../../lib/bench/runs/combined-sizes.js';
import { scriptedRun } from '../fixtures/runs.js';

type Ranges = [number, number][];

const size = (median: number | null) => ({ median, low: median, high: median });

const crossing = (wins: Ranges): CrossingResult => ({
  id: 'x',
  scenario: 'scripted',
  of: 'one',
  to: 'other',
  compared: [1, 100],
  wins,
  shown: wins,
  smallest: size(wins[0]?.[0] ?? null),
  largest: size(wins.at(-1)?.[1] ?? null),
  rounds: 12,
});

const runWith = (more: Partial<ResultDocument>): ResultDocument => ({
  ...scriptedRun({ cells: { a: [1] } }),
  ...more,
});

const crossingsOf = (...all: Ranges[]) =>
  combineCrossings(all.map((wins) => runWith({ crossings: [crossing(wins)] })))[0]!;

describe('the sizes of several runs', () => {
  it('are those that most of them have', () => {
    expect(crossingsOf([[10, 100]], [[30, 100]], [[20, 100]])).toMatchObject({
      wins: [[20, 100]],
      smallest: { median: 20, low: 10, high: 30 },
      largest: { median: 100, low: 100, high: 100 },
      rounds: 3,
    });
  });

  it('are none where most have none, and then have no smallest', () => {
    expect(crossingsOf([], [[30, 100]], [])).toMatchObject({
      wins: [],
      smallest: { median: null, low: 30, high: null },
      largest: { median: null, low: null, high: 100 },
    });
  });

  it('are shown where more runs agree than chance would make, of six all', () => {
    const alike: Ranges[] = [[[10, 100]], [[20, 100]], [[30, 100]], [[40, 100]], [[50, 100]]];
    expect(crossingsOf(...alike).shown).toEqual([]);
    expect(crossingsOf(...alike, [[60, 100]]).shown).toEqual([[60, 100]]);
    expect(crossingsOf(...alike, []).shown).toEqual([]);
    const nine: Ranges[] = Array.from({ length: 9 }, (_, at) => [[at, 100]]);
    expect(crossingsOf(...nine).shown).toEqual([[7, 100]]);
  });

  it('are combined for each price apart', () => {
    const price = (name: string) => ({ name }) as BreakEvenResult['price'];
    const breakEven = (name: string, from: number) =>
      ({ ...crossing([[from, 100]]), cost: 'c', price: price(name) }) as unknown as BreakEvenResult;
    const runs = [1, 2, 3].map((at) => runWith({ breakEvens: [breakEven('p', at), breakEven('q', 10 * at)] }));
    expect(combineBreakEvens(runs).map(({ price: { name }, wins }) => ({ name, wins }))).toEqual([
      { name: 'p', wins: [[2, 100]] },
      { name: 'q', wins: [[20, 100]] },
    ]);
  });
});

describe('sizesOfMost', () => {
  const isIn = (ranges: readonly (readonly [number, number])[], at: number) =>
    ranges.some(([from, to]) => at >= from && at <= to);

  it('has a size exactly if enough runs have it, whole or between two whole ones', () => {
    // Ranges of one run lie apart: two ends of them never meet.
    const ranges = fc
      .uniqueArray(fc.nat(30), { maxLength: 6 })
      .map((ends) => [...ends].sort((a, b) => a - b))
      .map((ends) =>
        Array.from({ length: ends.length >> 1 }, (_, at): [number, number] => [ends[2 * at]!, ends[2 * at + 1]!]),
      );
    fc.assert(
      fc.property(fc.array(ranges, { minLength: 1, maxLength: 7 }), fc.integer({ min: 1, max: 7 }), (runs, count) => {
        const most = sizesOfMost(runs, count);
        for (let at = 0; at <= 30; at += 0.5) {
          expect({ at, has: isIn(most, at) }).toEqual({ at, has: runs.filter((one) => isIn(one, at)).length >= count });
        }
      }),
    );
  });
});
