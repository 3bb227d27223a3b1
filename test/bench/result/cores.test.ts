import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  coresOf,
  costDifference,
  isGiven,
  NS_PER_64K_PER_CORE,
  type RoundCost,
  roundCost,
  totalOf,
  withCores,
} from '../../../lib/bench/result/cores.js';
import { coresSchema, costDifferenceSchema } from '../../../lib/bench/result/cores-schema.js';
import { CORE_KEYS, type CoreKey, type Ledger } from '../../../lib/bench/types/ledger-keys.js';

const cost = (...values: number[]): Record<CoreKey, number> =>
  Object.fromEntries(CORE_KEYS.map((key, at) => [key, values[at] ?? 0])) as Record<CoreKey, number>;

const anyCost = fc
  .array(fc.double({ min: 0, max: 20, noNaN: true }), { minLength: CORE_KEYS.length, maxLength: CORE_KEYS.length })
  .map((values) => cost(...values));
const anyRounds = fc.array(fc.option(anyCost, { freq: 6 }), { minLength: 1, maxLength: 40 });
const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

describe('the cost of a round', () => {
  it('is that of its parts, or none where the ledger lacks one or has one that is not a number', () => {
    const ledger: Ledger = { gbps: 100, ...cost(0.5, 0.25, 0.125, 0, 0.125) };
    expect(roundCost(ledger)).toEqual(cost(0.5, 0.25, 0.125, 0, 0.125));
    expect(totalOf(roundCost(ledger)!)).toBe(1);
    expect(roundCost({ ...ledger, coresLockWait: Number.NaN })).toBeNull();
    expect(roundCost({ coresUser: 1 })).toBeNull();
    expect([roundCost(undefined), roundCost(null), roundCost({})]).toEqual([null, null, null]);
  });
});

describe('isGiven', () => {
  it.each([
    [6, 6, true],
    [5, 5, false],
    [6, 12, true],
    [6, 13, false],
    [0, 0, false],
  ])('for %d of %d rounds is %p', (having, rounds, given) => {
    expect(isGiven(having, rounds)).toBe(given);
  });
});

describe('the cost of a cell', () => {
  it('has parts that add up to the median of the totals of its rounds, whatever these are', () => {
    fc.assert(
      fc.property(anyRounds, (rounds) => {
        const found = coresOf(rounds);
        const having = rounds.filter((one) => one !== null);
        expect(found !== null).toBe(isGiven(having.length, rounds.length));
        if (found === null) return;
        const totals = having.map(totalOf);
        const below = totals.filter((total) => total <= found.median).length;
        expect(below).toBeGreaterThanOrEqual(having.length / 2);
        expect(found.rounds).toBe(having.length);
        expect(sumOf(CORE_KEYS.map((key) => found.parts[key].cores))).toBeCloseTo(found.median, 9);
        for (const { cores, low, high } of Object.values(found.parts)) {
          expect(low).toBeLessThanOrEqual(cores);
          expect(high).toBeGreaterThanOrEqual(cores);
        }
        expect(coresSchema().parse(found)).toEqual(found);
      }),
    );
  });

  it('is not that of medians of parts, each of which is of another round', () => {
    // An interruption lands in another part each time; all rounds cost 2, and medians of parts add up to 1.
    const rounds = CORE_KEYS.flatMap((hit) =>
      [0, 1].map(() => cost(...CORE_KEYS.map((key) => (key === hit ? 1.2 : 0.2)))),
    );
    const { median, parts } = coresOf(rounds)!;
    expect(median).toBeCloseTo(2);
    expect(sumOf(Object.values(parts).map(({ cores }) => cores))).toBeCloseTo(2);
  });

  it('takes its parts from the middle half of the rounds, so that a few spoilt ones do not move them', () => {
    const clean = Array.from({ length: 10 }, () => cost(0.5, 0.5));
    const spoilt = [cost(0.5, 0.5, 50), cost(0.5, 0.5, 50)];
    const { median, parts } = coresOf([...clean, ...spoilt])!;
    expect(median).toBe(1);
    expect(parts.coresSlotPage.cores).toBe(0);
    expect(parts.coresUser.cores).toBeCloseTo(0.5);
  });

  it('takes as many rounds from the middle half on either side of the median', () => {
    // Round k of 12 costs k + 1. Those of 4 to 9 are in the middle half, and only the dearest of them has a bounce.
    const rounds = Array.from({ length: 12 }, (_, k) => (k === 8 ? cost(8, 1) : cost(k + 1)));
    expect(coresOf(rounds)!.parts.coresBounce.cores).toBeCloseTo(6.5 / (4 + 5 + 6 + 7 + 8 + 9), 9);
  });

  it('has parts that lie in their intervals, also where the middle half of the rounds is not like the others', () => {
    // One core of user copy in all rounds but two, both of which are in the middle half.
    const order = [0, 11, 4, 1, 10, 2, 9, 3, 6, 8, 5, 7];
    const rounds = order.map((k) => (k === 4 || k === 6 ? cost(0, k + 1) : cost(1, k)));
    const { cores, low } = coresOf(rounds)!.parts.coresUser;
    expect(cores).toBeCloseTo((6.5 * 4) / 39, 9);
    expect(low).toBe(cores);
  });

  it('is not given where less than half of the rounds have one', () => {
    const rounds = Array.from({ length: 13 }, (_, round) => (round < 6 ? cost(1) : null));
    expect(coresOf(rounds)).toBeNull();
    expect(coresOf(rounds.slice(0, 12))).toMatchObject({ rounds: 6 });
  });

  it('is nothing to divide by where nothing costs anything', () => {
    const { median, parts } = coresOf(Array.from({ length: 6 }, () => cost()))!;
    expect([median, parts.coresUser.cores]).toEqual([0, 0]);
  });
});

describe('the difference of two costs', () => {
  const steady = (value: number, rounds = 12): RoundCost[] =>
    Array.from({ length: rounds }, (_, round) => cost(value + (round % 3) / 10, 0.5));

  it('is formed within each round, so that the weather of the host cancels out', () => {
    const weather = Array.from({ length: 12 }, (_, round) => 1 + (round % 4));
    const to = weather.map((times) => cost(0.5 * times, 0.5));
    const of = weather.map((times) => cost(0.5 * times, 0.25));
    const found = costDifference(of, to)!;
    expect(found).toMatchObject({ median: -0.25, low: -0.25, high: -0.25, rounds: 12, significant: true });
    expect(found.parts.coresBounce).toEqual({ median: -0.25, low: -0.25, high: -0.25, significant: true });
    expect(found.parts.coresUser).toEqual({ median: 0, low: 0, high: 0, significant: false });
    expect(costDifferenceSchema().parse({ id: 'a', scenario: 'b', of: 'c', to: 'd', ...found })).toBeTruthy();
  });

  it('is not significant where the interval includes 0, or below 3 % of what it is a change of', () => {
    const noisy = steady(1).map((one, round) => (round % 2 === 0 ? cost(2, 0.5) : one && cost(0.2, 0.5)));
    expect(costDifference(noisy, steady(1))!.significant).toBe(false);
    const less = (by: number) => steady(1).map((one) => one && { ...one, coresUser: one.coresUser - by });
    expect(costDifference(less(0.04), steady(1))!.significant).toBe(false); // of 1.6
    expect(costDifference(less(0.06), steady(1))!.significant).toBe(true);
  });

  it('is compared with 3 % of the cost that it is a change of, not with that after the change', () => {
    const to = new Array<RoundCost>(8).fill(cost(1));
    const by = (change: number) => costDifference(new Array<RoundCost>(8).fill(cost(1 + change)), to)!.significant;
    expect([by(0.0305), by(-0.0295)]).toEqual([true, false]);
  });

  it('is compared with 3 % of the median cost, which a spoilt round does not move', () => {
    const rounds = [1, 1, 1, 1, 1, 1, 1, 10];
    const of = rounds.map((one) => cost(one + 0.04));
    expect(
      costDifference(
        of,
        rounds.map((one) => cost(one)),
      )!.significant,
    ).toBe(true);
  });

  it('turns its sign when the cells change places', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyCost, anyCost), { minLength: 6, maxLength: 20 }), (pairs) => {
        const [of, to] = [pairs.map(([one]) => one), pairs.map(([, other]) => other)];
        const [there, back] = [costDifference(of, to)!, costDifference(to, of)!];
        expect(there.median).toBeCloseTo(-back.median, 9);
        expect(there.low).toBeCloseTo(-back.high, 9);
      }),
    );
  });

  it('is none without six rounds in which both have a cost, or where one is not given', () => {
    expect(costDifference(steady(1, 5), steady(2, 5))).toBeNull();
    const odd = steady(1).map((one, round) => (round % 2 === 0 ? one : null));
    const even = steady(1).map((one, round) => (round % 2 === 1 ? one : null));
    expect(costDifference(odd, even)).toBeNull();
    expect(costDifference(odd, steady(1))).toMatchObject({ rounds: 6 });
    const early = steady(1).map((one, round) => (round < 8 ? one : null));
    const late = steady(1).map((one, round) => (round > 3 ? one : null));
    expect(costDifference(early, late)).toBeNull(); // each is given, and four rounds have both
    const few = steady(1, 13).map((one, round) => (round < 6 ? one : null));
    expect(costDifference(few, steady(1, 13))).toBeNull();
  });
});

describe('the ledger beside a cost', () => {
  const rounds = Array.from({ length: 12 }, (_, round) => cost(1 + round / 10, 0.5, 0.25, 0.1, 0.1));
  const ledger: Ledger = { gbps: 90, ...cost(9, 9, 9, 9, 9), coresTotal: 45, allocNsPer64K: 500, refillNsPer64K: 100 };

  it('says the same: parts that add up, and the work on slots and pages in nanoseconds', () => {
    const cores = coresOf(rounds)!;
    const agreeing = withCores(ledger, cores);
    expect(sumOf(CORE_KEYS.map((key) => agreeing[key]!))).toBeCloseTo(agreeing.coresTotal!, 9);
    expect(agreeing).toMatchObject({ gbps: 90, coresTotal: cores.median });
    expect(agreeing.allocNsPer64K).toBeCloseTo(agreeing.coresSlotPage! * NS_PER_64K_PER_CORE, 9);
    expect(agreeing.refillNsPer64K! / agreeing.allocNsPer64K!).toBeCloseTo(0.2, 9);
  });

  it('has no cost per byte where none is given', () => {
    expect(withCores({ ...ledger, controlNsPerSkb: 5 }, null)).toEqual({ gbps: 90 });
  });

  it('stays as it is where it has none', () => {
    expect(withCores({ gbps: 90, stopped: 1 }, null)).toEqual({ gbps: 90, stopped: 1 });
  });
});
