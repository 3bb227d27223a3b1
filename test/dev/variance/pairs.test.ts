import { describe, expect, it } from '@jest/globals';
import type { Observation } from '../../../dev/variance/observations.js';
import { blockOf, pairClasses, relationOf, semivariance, stepsWithin } from '../../../dev/variance/pairs.js';
import { random } from '../../../lib/random.js';

const at = (y: number, atMs: number, place: Partial<Observation> = {}): Observation => ({
  y,
  atMs,
  process: 0,
  threads: 0,
  memory: 0,
  trip: null,
  pulse: null,
  ...place,
});

describe('relationOf', () => {
  it('takes threads and memory of two processes for different ones, whatever their numbers are', () => {
    const a = at(0, 0);
    expect(relationOf(a, at(0, 0))).toEqual({ process: false, memory: false, threads: false });
    expect(relationOf(a, at(0, 0, { memory: 1 }))).toEqual({ process: false, memory: true, threads: false });
    expect(relationOf(a, at(0, 0, { threads: 1 }))).toEqual({ process: false, memory: false, threads: true });
    expect(relationOf(a, at(0, 0, { process: 1 }))).toEqual({ process: true, memory: true, threads: true });
  });
});

describe('stepsWithin', () => {
  it('counts the steps of lag, each from its own time on', () => {
    expect([0, 1499, 1500, 9999, 10_000, 60_000, 1e7].map(stepsWithin)).toEqual([0, 0, 1, 1, 2, 3, 3]);
  });
});

describe('pairClasses', () => {
  it('has each pair once, in the class of its relation and lag', () => {
    const observations = [at(0, 0), at(1, 100), at(3, 20_000), at(7, 20_100, { process: 1 })];
    const classes = pairClasses(observations, random(1)).map(({ relation, steps, differences, pairs }) => ({
      process: relation.process,
      steps,
      differences: [...differences],
      pairs,
    }));
    expect(classes).toHaveLength(4);
    expect(classes).toContainEqual({ process: false, steps: 0, differences: [1], pairs: 1 });
    expect(classes).toContainEqual({ process: false, steps: 2, differences: [2, 3], pairs: 2 });
    expect(classes).toContainEqual({ process: true, steps: 2, differences: [6, 7], pairs: 2 });
    expect(classes).toContainEqual({ process: true, steps: 0, differences: [4], pairs: 1 });
  });

  it('keeps a fair part of a large class, and its number of pairs', () => {
    const observations = Array.from({ length: 200 }, (_, number) => at(number, number));
    const [one, ...others] = pairClasses(observations, random(1));
    expect(others).toEqual([]);
    expect(one!.pairs).toBe((200 * 199) / 2);
    expect(one!.differences.length).toBe(4000);
    expect([...one!.differences]).toEqual([...one!.differences].toSorted((a, b) => a - b));
    // The mean difference of two of n consecutive numbers is (n + 1) / 3.
    const mean = one!.differences.reduce((sum, value) => sum + value, 0) / 4000;
    expect(Math.abs(mean - 67)).toBeLessThan(4);
  });
});

describe('semivariance', () => {
  const differing = (y: readonly number[], place: (number: number) => Partial<Observation> = () => ({})) =>
    pairClasses(
      y.map((value, number) => at(value, 0, place(number))),
      random(1),
    )[0]!;

  it('is half the mean square of differences, or follows from their median as if they were normal', () => {
    const pairs = differing([0, 1, 3]); // differences 1, 2, 3
    expect(semivariance(pairs, 'mean')).toBeCloseTo(14 / 3 / 2, 12);
    expect(semivariance(pairs, 'median')).toBeCloseTo((2 / 0.67449) ** 2 / 2, 4);
  });

  it('is hardly moved by an outlier if it follows from the median', () => {
    const y = Array.from({ length: 40 }, (_, number) => Math.sin(number));
    const [without, beside] = [differing(y), differing([...y, 1000])];
    expect(semivariance(beside, 'median') / semivariance(without, 'median')).toBeLessThan(1.3);
    expect(semivariance(beside, 'mean') / semivariance(without, 'mean')).toBeGreaterThan(1000);
  });

  it('weighs a pair by each of its processes and blocks once', () => {
    const pairs = differing([0, 1, 3], (number) => ({ process: number })); // all of different processes
    const ofBlock = Float64Array.of(1);
    const only = (...weights: number[]) => ({ ofProcess: Float64Array.from(weights), ofBlock });
    expect(semivariance(pairs, 'mean', only(1, 1, 0))).toBeCloseTo(0.5, 12);
    expect(semivariance(pairs, 'mean', only(2, 1, 1))).toBeCloseTo((2 * 1 + 2 * 9 + 4) / 5 / 2, 12);
    expect(semivariance(pairs, 'median', only(1, 0, 1))).toBeCloseTo((3 / 0.67449) ** 2 / 2, 3);
    expect(semivariance(pairs, 'median', only(0, 0, 0))).toBeNaN();
    const together = differing([0, 1, 3]);
    const weights = { ofProcess: Float64Array.of(5), ofBlock: Float64Array.of(7) };
    expect(semivariance(together, 'mean', weights)).toBeCloseTo(semivariance(together, 'mean'), 12);
  });
});

describe('blockOf', () => {
  it('counts blocks of half a minute', () => {
    expect([-5, 0, 29_999, 30_000, 61_000].map((atMs) => blockOf({ atMs }))).toEqual([0, 0, 0, 1, 2]);
  });
});
