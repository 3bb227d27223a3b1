import { describe, expect, it } from '@jest/globals';
import { lineRoundTrip } from '../../../lib/bench/host/line-round-trip.js';
import { addon } from '../../../lib/memory/addon.js';

/** Answers these trips in turn, and keeps which pairs it was asked for. */
function trips(of: (b: number, time: number) => number) {
  const asked: string[] = [];
  const trip = (a: number, b: number) => {
    asked.push(`${a}-${b}`);
    return of(b, asked.filter((pair) => pair === `${a}-${b}`).length - 1);
  };
  return { asked, trip };
}

describe('lineRoundTrip', () => {
  it('is the longest way from the first CPU, of which the shortest of some tries counts', () => {
    const { asked, trip } = trips((b, time) => [900, 100 * b, 700][time]!);
    expect(lineRoundTrip([0, 2, 3], trip)).toBe(300);
    expect(asked).toEqual(['0-2', '0-2', '0-2', '0-3', '0-3', '0-3']);
  });

  it('looks at a few CPUs only', () => {
    const { asked, trip } = trips(() => 60);
    expect(lineRoundTrip([4, 5, 6, 7, 8, 9], trip)).toBe(60);
    expect([...new Set(asked)]).toEqual(['4-5', '4-6', '4-7']);
  });

  it('is unknown with one CPU or none, and nobody is asked', () => {
    const { asked, trip } = trips(() => 60);
    expect([lineRoundTrip([], trip), lineRoundTrip([3], trip), asked.length]).toEqual([null, null, 0]);
  });

  it('is unknown when one of the CPUs cannot be had', () => {
    expect(lineRoundTrip([0, 1, 2], trips((b) => (b === 2 ? -1 : 60)).trip)).toBeNull();
    const noAddon = () => {
      throw new Error('not built');
    };
    expect(lineRoundTrip([0, 1], noAddon)).toBeNull();
  });

  it('is a time, or unknown, on this host', () => {
    const cpus = addon().affinity();
    const ns = lineRoundTrip(cpus);
    expect(cpus.length === 1 ? ns === null : ns === null || ns > 0).toBe(true);
  });
});
