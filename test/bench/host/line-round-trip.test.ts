import { describe, expect, it } from '@jest/globals';
import { addon } from '../../../lib/addon/addon.js';
import { lineRoundTrip } from '../../../lib/bench/host/line-round-trip.js';

/** A measurement that returns these trips in turn, and keeps the pairs for which it was called. */
function trips(of: (b: number, time: number) => number) {
  const asked: string[] = [];
  const trip = (a: number, b: number) => {
    asked.push(`${a}-${b}`);
    return of(b, asked.filter((pair) => pair === `${a}-${b}`).length - 1);
  };
  return { asked, trip };
}

describe('lineRoundTrip', () => {
  it('returns the longest round trip from the first CPU, of which the shortest try counts', () => {
    const { asked, trip } = trips((b, time) => [900, 100 * b, 700][time]!);
    expect(lineRoundTrip([0, 2, 3], trip)).toBe(300);
    expect(asked).toEqual(['0-2', '0-2', '0-2', '0-3', '0-3', '0-3']);
  });

  it('measures a few CPUs only', () => {
    const { asked, trip } = trips(() => 60);
    expect(lineRoundTrip([4, 5, 6, 7, 8, 9], trip)).toBe(60);
    expect([...new Set(asked)]).toEqual(['4-5', '4-6', '4-7']);
  });

  it('returns null for less than two CPUs, and measures nothing', () => {
    const { asked, trip } = trips(() => 60);
    for (const cpus of [[], [3]]) expect(lineRoundTrip(cpus, trip)).toBeNull();
    expect(asked).toEqual([]);
  });

  it('returns null if a thread cannot run on one of the CPUs', () => {
    expect(lineRoundTrip([0, 1, 2], trips((b) => (b === 2 ? -1 : 60)).trip)).toBeNull();
    const noAddon = () => {
      throw new Error('not built');
    };
    expect(lineRoundTrip([0, 1], noAddon)).toBeNull();
  });

  it('returns a time, or null, on this host', () => {
    const cpus = addon().affinity();
    const ns = lineRoundTrip(cpus);
    expect(cpus.length === 1 ? ns === null : ns === null || ns > 0).toBe(true);
  });
});
