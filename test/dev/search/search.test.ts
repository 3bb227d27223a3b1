/** A range of seeds: each is played once, by however many explorers, and what is left can be gone on with. */
import { describe, expect, it } from '@jest/globals';
import { Search, type SearchPlan } from '../../../dev/search/search.js';

const never = new AbortController().signal;
const plan = (given: Partial<SearchPlan>) => ({
  fixed: {},
  from: 0,
  seeds: 12,
  parallel: 2,
  mostFailures: 5,
  ...given,
});
const watched = () => {
  const found: number[] = [];
  let ended = 0;
  const watcher = {
    onFailure: (run: { schedule: { seed: number } }) => found.push(run.schedule.seed),
    onSeed: () => ended++,
  };
  return { watcher, found, ended: () => ended };
};

describe('a search', () => {
  it.each([1, 3])('plays every seed of its range once, %i at a time', async (parallel) => {
    const search = new Search(plan({ from: 7, parallel }));
    const { watcher, found, ended } = watched();
    await search.run(watcher, never);
    expect([search.passed, search.failed, ended(), found, search.resumeFrom]).toEqual([12, 0, 12, [], 19]);
  });

  it('tells of a failure, and ends when enough machines have failed', async () => {
    const fixed = { flavour: 'faithful' as const };
    const one = watched();
    await new Search(plan({ fixed, from: 30, seeds: 1 })).run(one.watcher, never);
    expect(one.found).toEqual([30]);
    const search = new Search(plan({ fixed, from: 30, seeds: 60, mostFailures: 1 }));
    const { watcher, found } = watched();
    await search.run(watcher, never);
    expect([search.failed, found.length]).toEqual([1, 1]);
    expect(search.passed).toBeLessThan(59);
  });

  it('stops when it is told to: whatever is below the seed to go on with has ended', async () => {
    const stop = new AbortController();
    const search = new Search(plan({ seeds: 1000, parallel: 2 }));
    await search.run({ onFailure: () => {}, onSeed: () => search.passed >= 5 && stop.abort() }, stop.signal);
    expect(search.passed).toBeGreaterThanOrEqual(5);
    expect(search.resumeFrom).toBe(search.passed);
  });
});
