import { describe, expect, it } from '@jest/globals';
import { type BenchSettings, defaultSettings } from '../../../lib/bench/plan/settings.js';
import { scenarioTime, timeLeft, wantsRound, wantsWarmUp } from '../../../lib/bench/run/time-budget.js';

const settings: BenchSettings = {
  ...defaultSettings('quick', [0], 1),
  budgetMs: 10_000,
  limitMs: 12_000,
  minRounds: 5,
};

describe('time of a scenario', () => {
  it('is its share of what is left', () => {
    expect(scenarioTime(settings, 2000, [3, 1])).toMatchObject({
      ...{ start: 2000, warmUpEnd: 4000, deadline: 8000, limit: 9500 },
    });
    expect(scenarioTime(settings, 9000, [1])).toMatchObject({ start: 9000, deadline: 10_000, limit: 12_000 });
    expect(scenarioTime(settings, 20_000, [1])).toMatchObject({ start: 20_000, deadline: 20_000, limit: 20_000 });
  });
});

describe('another warm-up round', () => {
  const time = { start: 0, warmUpEnd: 300, deadline: 1000, limit: 1500, mostRounds: 100 };

  it('begins while it would end in the part of the time that is for it', () => {
    expect([100, 101].map((now) => wantsWarmUp(settings, time, now, 1, 200))).toEqual([true, false]);
  });

  it('always begins once, and not more often than a fixed number of rounds', () => {
    expect(wantsWarmUp(settings, time, 9999, 0, 200)).toBe(true);
    const fixed = { ...settings, rounds: 3 };
    expect([2, 3].map((rounds) => wantsWarmUp(fixed, time, 0, rounds, 1))).toEqual([true, false]);
  });
});

describe('another round', () => {
  const time = { start: 0, warmUpEnd: 300, deadline: 1000, limit: 1500, mostRounds: 100 };

  it('begins while it would end before the deadline', () => {
    expect(wantsRound(settings, time, 800, 7, 200)).toBe(true);
    expect(wantsRound(settings, time, 801, 7, 200)).toBe(false);
  });

  it('may pass the deadline for the minimum, never the limit', () => {
    expect(wantsRound(settings, time, 1300, 4, 200)).toBe(true);
    expect(wantsRound(settings, time, 1301, 4, 200)).toBe(false);
  });

  it('always begins once', () => {
    expect(wantsRound(settings, time, 9999, 0, 200)).toBe(true);
  });

  it('obeys a fixed number whatever the time', () => {
    const fixed = { ...settings, rounds: 3 };
    expect(wantsRound(fixed, time, 1e9, 2, 200)).toBe(true);
    expect(wantsRound(fixed, time, 0, 3, 200)).toBe(false);
  });

  it('ends at some point even when rounds cost nothing', () => {
    expect(wantsRound(settings, time, 0, 99, 0)).toBe(true);
    expect(wantsRound(settings, time, 0, 100, 0)).toBe(false);
    expect(scenarioTime(settings, 0, [1])).toMatchObject({ mostRounds: 100 });
  });

  it('is one too many for a scenario that has enough of them, unless their number is fixed', () => {
    const few = scenarioTime(settings, 0, [1], 2);
    expect([1, 2].map((rounds) => wantsRound(settings, few, 0, rounds, 1))).toEqual([true, false]);
    expect(wantsRound({ ...settings, rounds: 3 }, few, 0, 2, 1)).toBe(true);
  });
});

describe('time left', () => {
  const time = { start: 1000, warmUpEnd: 2000, deadline: 5000, limit: 6000, mostRounds: 100 };

  it('is what the budget leaves', () => {
    expect(timeLeft(settings, time, 4000, 3, 100, [1, 1])).toBe(6000);
    expect(timeLeft(settings, time, 11_000, 3, 100, [1])).toBe(0);
  });

  it('is counted in rounds when their number is fixed', () => {
    const fixed = { ...settings, rounds: 10 };
    expect(timeLeft(fixed, time, 2000, 5, null, [1])).toBeNull();
    expect(timeLeft(fixed, time, 2000, 5, 200, [1])).toBe(1000);
    expect(timeLeft(fixed, time, 2000, 5, 200, [2, 1])).toBe(2000);
  });
});
