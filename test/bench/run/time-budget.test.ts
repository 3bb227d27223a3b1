import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type BenchSettings, defaultSettings } from '../../../lib/bench/plan/settings.js';
import {
  type Measuring,
  nextTurn,
  plannedRounds,
  timeLeft,
  wantsRound,
  wantsWarmUp,
} from '../../../lib/bench/run/time-budget.js';

const settings: BenchSettings = {
  ...defaultSettings('quick', [0], 1),
  budgetMs: 1000,
  limitMs: 1500,
  minRounds: 5,
};
const measuring = (more: Partial<Measuring>): Measuring => ({ weight: 1, rounds: 7, roundMs: 200, ...more });

describe('another warm-up round', () => {
  it('begins if it would end within the time for warming up', () => {
    expect([200, 199].map((leftMs) => wantsWarmUp(settings, 1, leftMs, 200))).toEqual([true, false]);
  });

  it('begins in any case once, and at most as often as a fixed number of rounds', () => {
    expect(wantsWarmUp(settings, 0, -9999, 200)).toBe(true);
    const fixed = { ...settings, rounds: 3 };
    expect([2, 3].map((rounds) => wantsWarmUp(fixed, rounds, 100, 1))).toEqual([true, false]);
  });
});

describe('another round', () => {
  const wants = (more: Partial<Measuring>, now: number, given = settings) => wantsRound(given, measuring(more), now);

  it('begins if it would end within the budget', () => {
    expect([800, 801].map((now) => wants({}, now))).toEqual([true, false]);
  });

  it('may end after the budget to complete the minimum, but not after the limit', () => {
    expect([1300, 1301].map((now) => wants({ rounds: 4 }, now))).toEqual([true, false]);
    expect([800, 801].map((now) => wants({ rounds: 5 }, now))).toEqual([true, false]);
  });

  it('begins in any case once', () => {
    expect(wants({ rounds: 0 }, 9999)).toBe(true);
  });

  it('begins until a fixed number is reached, whatever the time', () => {
    const fixed = { ...settings, rounds: 3 };
    expect([2, 3].map((rounds) => wants({ rounds }, rounds === 2 ? 1e9 : 0, fixed))).toEqual([true, false]);
  });

  it('does not begin after as many as narrow an interval, or as the scenario allows', () => {
    expect([99, 100].map((rounds) => wants({ rounds }, 0))).toEqual([true, false]);
    expect([1, 2].map((rounds) => wants({ rounds, maxRounds: 2 }, 0))).toEqual([true, false]);
  });
});

describe('the plan of rounds', () => {
  it('gives each scenario its part of the time by weight', () => {
    const all = [measuring({ weight: 3, roundMs: 100 }), measuring({ weight: 1, roundMs: 50 })];
    expect(plannedRounds(all, 4000)).toEqual([30, 20]);
  });

  it('gives the others what a scenario with a limit of rounds leaves over', () => {
    const all = [measuring({ weight: 1, roundMs: 100, maxRounds: 5 }), measuring({ weight: 1, roundMs: 100 })];
    expect(plannedRounds(all, 4000)).toEqual([5, 35]);
  });

  it('never plans more time than there is, nor more rounds than are allowed', () => {
    const scenario = fc.record({
      weight: fc.double({ min: 0.1, max: 5, noNaN: true }),
      rounds: fc.constant(0),
      roundMs: fc.double({ min: 1, max: 5000, noNaN: true }),
      maxRounds: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(
        fc.array(scenario, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 1e6 }),
        (all, totalMs) => {
          const planned = plannedRounds(all, totalMs);
          const spent = planned.reduce((sum, rounds, at) => sum + rounds * all[at]!.roundMs, 0);
          expect(spent).toBeLessThanOrEqual(totalMs * (1 + 1e-9));
          for (const [at, rounds] of planned.entries()) expect(rounds).toBeLessThanOrEqual(all[at]!.maxRounds ?? 100);
        },
      ),
    );
  });
});

describe('the next turn', () => {
  it('is that of the scenario furthest behind its plan, with chance within a round', () => {
    const all = [measuring({ rounds: 10 }), measuring({ rounds: 2 })];
    expect(nextTurn(all, [20, 10], [0, 0])).toBe(1);
    expect(nextTurn(all, [30, 5], [0, 0])).toBe(0);
    expect(nextTurn(all, [20, 4], [0.1, 0.9])).toBe(0);
    expect(nextTurn(all, [20, 4], [0.9, 0.1])).toBe(1);
    expect(nextTurn(all, [40, 4], [0.9, 0.1])).toBe(0); // by much more than chance
  });

  it('spreads the rounds of every scenario over the whole run', () => {
    const planned = [30, 10, 3];
    const done = [0, 0, 0];
    const order: number[] = [];
    for (let round = 0; round < 43; round++) {
      const at = nextTurn(
        done.map((rounds) => measuring({ rounds })),
        planned,
        [0.5, 0.5, 0.5],
      );
      done[at]!++;
      order.push(at);
    }
    expect(done).toEqual(planned);
    for (const at of [0, 1, 2]) {
      expect(order.indexOf(at)).toBeLessThan(43 / planned[at]!);
      expect(order.lastIndexOf(at)).toBeGreaterThan(42 - 43 / planned[at]!);
    }
  });
});

describe('the time left', () => {
  it('is what is left of the budget', () => {
    expect([400, 1001].map((now) => timeLeft(settings, [], now))).toEqual([600, 0]);
  });

  it('follows from the rounds if their number is fixed, and is unknown before the first', () => {
    const fixed = { ...settings, rounds: 10 };
    const all = [measuring({ rounds: 4, roundMs: 100 }), measuring({ rounds: 9, roundMs: 50 })];
    expect(timeLeft(fixed, all, 0)).toBe(650);
    expect(timeLeft(fixed, [...all, measuring({ roundMs: 0 })], 0)).toBeNull();
    expect(timeLeft(fixed, [], 0)).toBeNull();
  });
});
