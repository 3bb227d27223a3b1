import { describe, expect, it } from '@jest/globals';
import { commonPlace, isOnePlaceOf, runIn } from '../../../lib/bench/compare/places.js';
import type { Measured, Place, RunFacts } from '../../../lib/bench/compare/run-facts.js';
import { realRun, rowOf } from './fixtures/simulated-runs.js';

const at = (ns: number): Place => ({ low: ns, high: 1.1 * ns });

/** A run with these distances, the value of each round being its number. */
function runAt(...distances: (Place | null)[]): RunFacts {
  const samples = distances.map((_, round) => round + 1);
  const row = { ...rowOf({ id: 'tx' }), needsCpus: true };
  const numbers = new Map<string, Measured>([
    ['value tx', { row, median: 99, spread: 0.1, rounds: { samples, distances } }],
    ['value page', { row: rowOf({ id: 'page' }), median: 7, spread: 0.1, rounds: null }],
  ]);
  return { ...realRun(), distance: null, distances, numbers };
}

const far = (count: number) => new Array<Place>(count).fill(at(300));
const near = (count: number) => new Array<Place>(count).fill(at(70));

describe('the place that groups of runs have in common', () => {
  it('is where most runs of both have rounds', () => {
    const place = commonPlace([[runAt(...near(9), ...far(3)), runAt(...far(9))], [runAt(...near(3), ...far(5))]])!;
    expect(place.low).toBeLessThanOrEqual(300);
    expect(place.high).toBeGreaterThanOrEqual(330);
    expect(place.high / place.low).toBeCloseTo(1.5, 9);
  });

  it('is nowhere if they were never at the same distance, or hardly, or if that is not known', () => {
    expect(commonPlace([[runAt(...near(9))], [runAt(...far(9))]])).toBeNull();
    expect(commonPlace([[runAt(...near(9), ...far(2))], [runAt(...far(9))]])).toBeNull();
    expect(commonPlace([[runAt(null, null, null)], [runAt(null, null, null)]])).toBeNull();
  });
});

describe('a run in a place', () => {
  it('has the medians of the rounds there, of what several CPUs do together', () => {
    const { numbers, distance } = runIn(runAt(...near(2), ...far(3)), { low: 280, high: 420 });
    expect(numbers.get('value tx')?.median).toBe(4);
    expect(numbers.get('value page')?.median).toBe(7);
    expect(distance).toEqual({ low: 280, high: 420 });
  });

  it('leaves out rounds during which the CPUs moved, and numbers of too few rounds', () => {
    const moved = { low: 70, high: 300 };
    const { numbers } = runIn(runAt(moved, ...near(2), at(300), null), { low: 60, high: 90 });
    expect([...numbers.keys()]).toEqual(['value page']);
  });
});

describe('runs', () => {
  it('are in one place unless their distances are known to differ', () => {
    const withDistance = (distance: Place | null): RunFacts => ({ ...runAt(), distance });
    expect(isOnePlaceOf([withDistance(null), withDistance(null)])).toBe(true);
    expect(isOnePlaceOf([withDistance(at(70)), withDistance(null), withDistance(at(80))])).toBe(true);
    expect(isOnePlaceOf([withDistance(at(70)), withDistance(at(300))])).toBe(false);
  });
});
