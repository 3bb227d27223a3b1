import { describe, expect, it } from '@jest/globals';
import { mean } from 'simple-statistics';
import {
  coverageOf,
  DEPENDENT,
  INDEPENDENT,
  normal,
  type RoundSource,
} from '../../../benchmarks/shared/simulated-rounds.js';
import { pairedRatio } from '../../../lib/bench/statistics/paired-ratio.js';
import { medianInterval } from '../../../lib/bench/statistics/statistics.js';
import { random, seedFor } from '../../../lib/random.js';

const COUNTS = [8, 12, 20, 30, 60];
const seed = (source: RoundSource, count: number) => random(seedFor(7, `${source.name} ${count}`));

/** Returns the coverage in %, and the mean width in multiples of that without regard to the order of rounds. */
function cover(source: RoundSource, count: number, runs: number) {
  const found = coverageOf(source, count, runs, seed(source, count), (values) => medianInterval(values));
  const plain = coverageOf(source, count, runs, seed(source, count), (values) => medianInterval(values, 1));
  const wider = found.meanWidth / plain.meanWidth;
  return { covered: 100 * found.covered, plain: 100 * plain.covered, wider };
}

describe('simulated rounds', () => {
  it.each([...INDEPENDENT, ...DEPENDENT])('have the true median that they name: $name', (source) => {
    const next = random(2);
    let below = 0;
    const runs = 2000;
    for (let run = 0; run < runs; run++) {
      below += source.rounds(20, next).filter((value) => value < source.trueMedian).length;
    }
    expect(Math.abs(below / runs / 20 - 0.5)).toBeLessThan(0.025);
  });
});

describe('the interval of independent rounds', () => {
  it.each(COUNTS)('holds the true median in 95 ± 1.5 %% of the runs of %i rounds, and is hardly wider', (count) => {
    const found = INDEPENDENT.map((source) => cover(source, count, 3000));
    // Three standard errors of 3,000 runs are 1.2 %, of all 12,000 together 0.6 %.
    for (const { covered, wider } of found) {
      expect(Math.abs(covered - 95)).toBeLessThan(1.5 + 1);
      expect(wider).toBeLessThan(count < 16 ? 1.35 : 1.15);
    }
    expect(Math.abs(mean(found.map(({ covered }) => covered)) - 95)).toBeLessThan(1.5);
    expect(Math.abs(mean(found.map(({ plain }) => plain)) - 95)).toBeLessThan(0.6);
  });
});

describe('the interval of dependent rounds', () => {
  // The least coverage and, for comparison, the most that an interval for independent rounds reaches.
  it.each([
    ['AR(1), 0.3', 12, 90, 90],
    ['AR(1), 0.3', 30, 93, 91],
    ['AR(1), 0.5', 12, 87, 83],
    ['AR(1), 0.5', 30, 91, 83],
    ['AR(1), 0.5', 60, 93.5, 83],
    ['AR(1), 0.7', 30, 88, 70],
    ['AR(1), 0.7', 60, 92.5, 70],
    ['AR(1), 0.5, 5 % + 10', 30, 89, 84],
    ['level per 3 rounds', 30, 92, 90],
    ['level per 6 rounds', 60, 88, 81],
    ['weather, 8 changes', 30, 93, 94],
    ['weather, 4 changes', 20, 91, 92],
  ])('holds the true median nearly as often: %s, %i rounds, %d %% instead of %d %%', (name, count, least, most) => {
    const source = DEPENDENT.find((one) => one.name === name)!;
    const { covered, plain } = cover(source, count, 2000);
    expect(covered).toBeGreaterThan(least);
    expect(plain).toBeLessThan(most);
  });
});

describe('the interval of a ratio', () => {
  it.each(COUNTS)('holds the true ratio in 95 ± 1.5 %% of the runs of %i rounds, whatever the weather is', (count) => {
    const weather = DEPENDENT.find(({ name }) => name === 'weather, 1 changes')!;
    const next = random(count);
    const runs = 4000;
    let covered = 0;
    for (let run = 0; run < runs; run++) {
      const load = weather.rounds(count, next).map((level) => Math.exp(0.2 * level));
      const sample = (rate: number) => (level: number) => rate * level * Math.exp(0.05 * normal(next));
      const { low, high } = pairedRatio(load.map(sample(2)), load.map(sample(1)))!;
      if (low <= 2 && 2 <= high) covered++;
    }
    expect(Math.abs((100 * covered) / runs - 95)).toBeLessThan(1.5);
  });
});
