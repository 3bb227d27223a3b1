/** The estimator recovers what a simulation put in, in series drawn as the experiment draws them. */
import { describe, expect, it } from '@jest/globals';
import { COMPONENTS, type Estimate, estimateComponents } from '../../../dev/variance/components.js';
import { simulatedSeries, type Truth } from './fixtures/simulated.js';

const NOTHING: Truth = { noise: 0.04, fast: 0, slow: 0, memory: 0, threads: 0, process: 0 };
const PLACES = ['memory', 'threads', 'process'] as const;
const SERIES = 8;

/** Median estimate over several series, as a standard deviation. */
function recovered(truth: Truth, centre: 'mean' | 'median', hit = 0) {
  const estimates = Array.from({ length: SERIES }, (_, seed) =>
    estimateComponents(simulatedSeries(truth, seed, { hit }), centre, seed, 0),
  );
  const middle = (of: (estimate: Estimate) => number) => {
    const sorted = estimates.map(of).toSorted((a, b) => a - b);
    return Math.sqrt((sorted[SERIES / 2 - 1]! + sorted[SERIES / 2]!) / 2);
  };
  const one = (name: (typeof COMPONENTS)[number]) => middle(({ components }) => components[name].variance);
  return {
    noise: one('noise'),
    memory: one('memory'),
    threads: one('threads'),
    process: one('process'),
    weather: middle(({ components: { seconds, minute, minutes } }) => {
      return seconds.variance + minute.variance + minutes.variance;
    }),
  };
}

describe('estimateComponents', () => {
  it.each(PLACES)('finds what differs with %s alone there alone', (place) => {
    const found = recovered({ ...NOTHING, [place]: 0.08 }, 'median');
    expect(found.noise / 0.04).toBeCloseTo(1, 0);
    expect(found[place]).toBeGreaterThan(0.06);
    expect(found[place]).toBeLessThan(0.1);
    for (const other of [...PLACES, 'weather'] as const) {
      if (other !== place) expect({ other, isSmall: found[other] < 0.03 }).toEqual({ other, isSmall: true });
    }
  });

  it('finds weather, and takes it for neither a place nor a process', () => {
    const found = recovered({ ...NOTHING, fast: 0.06, slow: 0.06 }, 'median');
    expect(found.weather).toBeGreaterThan(0.055);
    expect(found.weather).toBeLessThan(0.11);
    for (const place of PLACES) expect({ place, isSmall: found[place] < 0.035 }).toEqual({ place, isSmall: true });
  });

  it.each(['mean', 'median'] as const)('finds all components beside each other, by the %s', (centre) => {
    const found = recovered(
      { noise: 0.04, fast: 0.03, slow: 0.04, memory: 0.06, threads: 0.05, process: 0.06 },
      centre,
    );
    const bounds = { noise: 0.04, weather: 0.05, memory: 0.06, threads: 0.05, process: 0.06 };
    for (const [name, truth] of Object.entries(bounds)) {
      const share = found[name as keyof typeof found] / truth;
      expect({ name, isNear: share > 0.5 && share < 1.6, share }).toMatchObject({ name, isNear: true });
    }
  });

  it('is not moved by samples that another process has hit if it goes by the median, and is by the mean', () => {
    const truth = { ...NOTHING, memory: 0.08 };
    const found = recovered(truth, 'median', 0.05);
    expect(found.memory).toBeGreaterThan(0.055);
    expect(found.memory).toBeLessThan(0.11);
    expect(found.noise).toBeLessThan(0.06);
    expect(recovered(truth, 'mean', 0.05).noise).toBeGreaterThan(0.2);
  });

  it('gives intervals that hold the truth in most series, and says nothing of what is not there', () => {
    const truth: Truth = { noise: 0.04, fast: 0, slow: 0.03, memory: 0.06, threads: 0, process: 0.04 };
    const series = Array.from({ length: 12 }, (_, seed) =>
      estimateComponents(simulatedSeries(truth, 100 + seed), 'median', seed, 50),
    );
    for (const name of ['noise', ...PLACES] as const) {
      const holding = series.filter(({ components: { [name]: found } }) => {
        return found.low <= truth[name] ** 2 && truth[name] ** 2 <= found.high;
      });
      expect({ name, isMost: holding.length >= 9 }).toEqual({ name, isMost: true });
    }
  });

  it('returns every component, the same for the same seed, and none that is negative', () => {
    const series = simulatedSeries(NOTHING, 1, { minutes: 1 });
    const estimate = estimateComponents(series, 'median', 3, 10);
    expect(Object.keys(estimate.components)).toEqual([...COMPONENTS]);
    expect(estimate).toEqual(estimateComponents(series, 'median', 3, 10));
    for (const name of COMPONENTS) {
      const { variance, low, high } = estimate.components[name];
      expect(Math.min(variance, low, high - low)).toBeGreaterThanOrEqual(0);
    }
  });

  it('has no components where there are no pairs', () => {
    const none = estimateComponents({ id: 'x', kind: 'copy', observations: [] }, 'mean', 1, 3);
    for (const name of COMPONENTS) expect(none.components[name]).toEqual({ variance: 0, low: 0, high: 0 });
  });
});
