import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type PagePrice, priceOf } from '../../../lib/bench/plan/break-even-spec.js';
import { type BreakEven, breakEvens, type CostSamples } from '../../../lib/bench/statistics/break-even.js';

const PAGE = 4096;
const PAGES = [1, 4, 16, 64, 256];
const LARGEST = 256 * PAGE;

const price = (nsPerUse: number, nsPerPage: number): PagePrice => ({
  name: `${nsPerUse} + ${nsPerPage}`,
  nsPerUse,
  nsPerPage,
  isLowerBound: false,
  includes: 'both ways',
  source: null,
});

/** A cost of `fixed` nanoseconds and `perPage` for each page, which each round multiplies by its weather. */
const line = (fixed: number, perPage: number, weather: readonly number[]): CostSamples[] =>
  PAGES.map((pages) => ({ bytes: pages * PAGE, ns: weather.map((factor) => factor * (fixed + perPage * pages)) }));

const CALM = new Array<number>(12).fill(1);
const one = (costs: readonly CostSamples[], of: PagePrice, seed = 1): BreakEven => breakEvens(costs, [of], seed)[0]!;
const exactly = (pages: number | null) => {
  const size = pages === null ? null : pages * PAGE;
  return { median: size, low: size, high: size };
};

describe('a break-even', () => {
  it('is the first page at which the price is below a cost that is known', () => {
    // 5000 + 300 k < 1000 + 400 k from k = 41 on: at 40 both are the same.
    expect(one(line(1000, 400, CALM), price(5000, 300))).toEqual({
      wins: [[41 * PAGE, LARGEST]],
      shown: [[41 * PAGE, LARGEST]],
      smallest: exactly(41),
      largest: exactly(256),
      rounds: 12,
    });
  });

  it('is the last page where only small buffers are dearer to bounce', () => {
    // 300 k < 1000 + 200 k up to k = 9.
    expect(one(line(1000, 200, CALM), price(0, 300))).toMatchObject({
      wins: [[PAGE, 9 * PAGE]],
      smallest: exactly(1),
      largest: exactly(9),
    });
  });

  it('is every size or none where the price is below or above the whole cost', () => {
    expect(one(line(1000, 200, CALM), price(0, 100))).toMatchObject({ wins: [[PAGE, LARGEST]], smallest: exactly(1) });
    const never = one(line(1000, 200, CALM), price(0, 5000));
    expect(never).toMatchObject({ wins: [], smallest: exactly(null), largest: exactly(null) });
    expect(one(line(0, 200, CALM), price(0, 200)).wins).toEqual([]); // the same is not below
  });

  it('is shown where the costs that were measured differ from the price, with six rounds or more', () => {
    const noise = CALM.map((_, round) => (round < 7 ? 1.1 : 0.8));
    const noisy = one(line(0, 200, noise), price(0, 200));
    expect(noisy).toMatchObject({ wins: [[PAGE, LARGEST]], shown: [] });
    expect(one(line(0, 400, noise), price(0, 200)).shown).toEqual([[PAGE, LARGEST]]);
    expect(one(line(0, 400, noise.slice(0, 5)), price(0, 200)).shown).toEqual([]);
  });

  it('has several ranges where the cost is not a line', () => {
    const costs = PAGES.map((pages, at) => ({ bytes: pages * PAGE, ns: [[500, 800, 3200, 12800, 100_000][at]!] }));
    const { wins } = one(costs, price(0, 300));
    expect(wins).toHaveLength(2);
    expect(wins[0]).toEqual([PAGE, PAGE]);
    expect(wins[1]![1]).toBe(LARGEST);
  });

  it('has an interval that may end at never', () => {
    const weather = [0.9, 1.1, 0.9, 1.1, 0.9, 1.1, 0.9, 1.1, 0.9, 1.1, 1];
    const { smallest, largest } = one(line(0, 300, weather), price(0, 295));
    expect(smallest).toEqual({ median: PAGE, low: PAGE, high: null });
    expect(largest).toEqual({ median: LARGEST, low: null, high: LARGEST });
  });

  it('has an interval without the few resamples that are far off at either end', () => {
    const weather = (rare: number) => Array.from({ length: 24 }, (_, round) => (round % 4 === 0 ? rare : 1));
    expect(one(line(0, 400, weather(2)), price(10_000, 0)).smallest).toEqual(exactly(26));
    expect(one(line(0, 400, weather(0.5)), price(10_000, 0)).smallest).toEqual(exactly(26));
    expect(one(line(1000, 200, weather(0.5)), price(0, 300)).largest).toEqual(exactly(9));
    expect(one(line(1000, 200, weather(1.2)), price(0, 300)).largest).toEqual(exactly(9));
  });

  it('has the extremes of the rounds for an interval where there are few', () => {
    // 10000 < w * 400 k: from k = 26, 24 and 21 on.
    const { smallest, rounds } = one(line(0, 400, [1, 1.05, 1.2]), price(10_000, 0));
    expect({ smallest, rounds }).toEqual({
      smallest: { median: 24 * PAGE, low: 21 * PAGE, high: 26 * PAGE },
      rounds: 3,
    });
  });

  it('counts only rounds that have all sizes, and is not there without one', () => {
    const costs = line(1000, 400, CALM);
    const cut = costs.map(({ bytes, ns }, at) => ({ bytes, ns: ns.slice(0, at === 2 ? 7 : 12) }));
    expect(one(cut, price(5000, 300)).rounds).toBe(7);
    expect(
      breakEvens(
        costs.map(({ bytes }) => ({ bytes, ns: [] })),
        [price(1, 1)],
        1,
      ),
    ).toEqual([]);
    expect(breakEvens([], [price(1, 1)], 1)).toEqual([]);
  });

  it('is the same for the same seed', () => {
    const weather = [0.8, 1.3, 1, 0.9, 1.2, 1.1, 0.7, 1];
    const all = (seed: number) => breakEvens(line(1000, 400, weather), [price(5000, 300), price(9000, 0)], seed);
    expect(all(5)).toEqual(all(5));
  });

  it('lies within its interval, and has ranges that a search page by page finds', () => {
    const size = (pages: number | null, none: number) => pages ?? none;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 5, maxLength: 5 }),
        fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 1, maxLength: 9 }),
        fc.integer({ min: 0, max: 50_000 }),
        fc.integer({ min: 0, max: 500 }),
        (base, weather, nsPerUse, nsPerPage) => {
          const costs = PAGES.map((pages, at) => ({
            bytes: pages * PAGE,
            ns: weather.map((factor) => factor * base[at]!),
          }));
          const { wins, smallest, largest } = one(costs, price(nsPerUse, nsPerPage));
          for (const [{ low, median, high }, none] of [
            [smallest, Infinity],
            [largest, -Infinity],
          ] as const) {
            expect(size(low, none)).toBeLessThanOrEqual(size(median, none));
            expect(size(median, none)).toBeLessThanOrEqual(size(high, none));
          }
          const sorted = [...weather].sort((a, b) => a - b);
          const half = sorted.length / 2;
          const factor = (sorted[Math.floor(half - 0.5)]! + sorted[Math.ceil(half - 0.5)]!) / 2;
          const isWin = (pages: number) => wins.some(([from, to]) => from <= pages * PAGE && pages * PAGE <= to);
          for (const [at, pages] of PAGES.entries()) {
            const difference = factor * base[at]! - priceOf({ nsPerUse, nsPerPage }, pages);
            if (Math.abs(difference) > 1e-6) expect(isWin(pages)).toBe(difference > 0);
          }
          expect(smallest.median).toBe(wins[0]?.[0] ?? null);
          expect(largest.median).toBe(wins.at(-1)?.[1] ?? null);
        },
      ),
      { numRuns: 60 },
    );
  });
});
