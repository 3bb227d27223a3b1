import { describe, expect, it } from '@jest/globals';
import { type BenchSettings, defaultSettings } from '../../../lib/bench/plan/settings.js';
import { scenarioTime, timeLeft, wantsRound, wantsWarmUp } from '../../../lib/bench/run/time-budget.js';

const settings: BenchSettings = {
  ...defaultSettings('quick', [0], 1),
  budgetMs: 10_000,
  limitMs: 12_000,
  minRounds: 5,
};

describe('the time of a scenario', () => {
  it('is its part of the time that is left', () => {
    expect(scenarioTime(settings, 2000, [3, 1])).toMatchObject({
      start: 2000,
      warmUpEnd: 4000,
      deadline: 8000,
      limit: 9500,
    });
    expect(scenarioTime(settings, 9000, [1])).toMatchObject({ start: 9000, deadline: 10_000, limit: 12_000 });
    expect(scenarioTime(settings, 20_000, [1])).toMatchObject({ start: 20_000, deadline: 20_000, limit: 20_000 });
  });
});

describe('another warm-up round', () => {
  const time = { start: 0, warmUpEnd: 300, deadline: 1000, limit: 1500, maxRounds: 100 };

  it('begins if it would end within the time for warming up', () => {
    expect([100, 101].map((now) => wantsWarmUp(settings, time, now, 1, 200))).toEqual([true, false]);
  });

  it('begins in any case once, and at most as often as a fixed number of rounds', () => {
    expect(wantsWarmUp(settings, time, 9999, 0, 200)).toBe(true);
    const fixed = { ...settings, rounds: 3 };
    expect([2, 3].map((rounds) => wantsWarmUp(fixed, time, 0, rounds, 1))).toEqual([true, false]);
  });
});

describe('another round', () => {
  const time = { start: 0, warmUpEnd: 300, deadline: 1000, limit: 1500, maxRounds: 100 };

  it('begins if it would end before the deadline', () => {
    expect(wantsRound(settings, time, 800, 7, 200)).toBe(true);
    expect(wantsRound(settings, time, 801, 7, 200)).toBe(false);
  });

  it('may end after the deadline to complete the minimum, but not after the limit', () => {
    expect(wantsRound(settings, time, 1300, 4, 200)).toBe(true);
    expect(wantsRound(settings, time, 1301, 4, 200)).toBe(false);
  });

  it('begins in any case once', () => {
    expect(wantsRound(settings, time, 9999, 0, 200)).toBe(true);
  });

  it('begins until a fixed number is reached, whatever the time', () => {
    const fixed = { ...settings, rounds: 3 };
    expect(wantsRound(fixed, time, 1e9, 2, 200)).toBe(true);
    expect(wantsRound(fixed, time, 0, 3, 200)).toBe(false);
  });

  it('does not begin after a hundred rounds, even if they take no time', () => {
    expect(wantsRound(settings, time, 0, 99, 0)).toBe(true);
    expect(wantsRound(settings, time, 0, 100, 0)).toBe(false);
    expect(scenarioTime(settings, 0, [1])).toMatchObject({ maxRounds: 100 });
  });

  it('does not begin after the maximum of the scenario, unless the number is fixed', () => {
    const few = scenarioTime(settings, 0, [1], 2);
    expect([1, 2].map((rounds) => wantsRound(settings, few, 0, rounds, 1))).toEqual([true, false]);
    expect(wantsRound({ ...settings, rounds: 3 }, few, 0, 2, 1)).toBe(true);
  });
});

describe('the time left', () => {
  const time = { start: 1000, warmUpEnd: 2000, deadline: 5000, limit: 6000, maxRounds: 100 };

  it('is the rest of the budget', () => {
    expect(timeLeft(settings, time, 4000, { rounds: 3, roundMs: 100, weights: [1, 1] })).toBe(6000);
    expect(timeLeft(settings, time, 11_000, { rounds: 3, roundMs: 100, weights: [1] })).toBe(0);
  });

  it('is counted in rounds if their number is fixed', () => {
    const fixed = { ...settings, rounds: 10 };
    expect(timeLeft(fixed, time, 2000, { rounds: 5, roundMs: null, weights: [1] })).toBeNull();
    expect(timeLeft(fixed, time, 2000, { rounds: 5, roundMs: 200, weights: [1] })).toBe(1000);
    expect(timeLeft(fixed, time, 2000, { rounds: 5, roundMs: 200, weights: [2, 1] })).toBe(2000);
  });
});
