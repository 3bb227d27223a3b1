/** Each seed of a range is played once, by any number of explorers, and a stopped search can be continued. */
import { describe, expect, it } from '@jest/globals';
import { Search, type SearchPlan } from '../../../dev/search/search.js';

const never = new AbortController().signal;
const plan = (given: Partial<SearchPlan>) => ({
  fixed: {},
  from: 0,
  seeds: 12,
  parallel: 2,
  maxFailures: 5,
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
    const { passed, failed, resumeFrom } = search;
    expect({ passed, failed, ended: ended(), found, resumeFrom }).toEqual({
      passed: 12,
      failed: 0,
      ended: 12,
      found: [],
      resumeFrom: 19,
    });
  });

  it('reports each failure, and ends when enough machines have failed', async () => {
    const fixed = { design: 'bounce-pages', flavour: 'faithful' } as const;
    const one = watched();
    await new Search(plan({ fixed, from: 30, seeds: 1 })).run(one.watcher, never);
    expect(one.found).toEqual([30]);
    const search = new Search(plan({ fixed, from: 30, seeds: 60, maxFailures: 1 }));
    const { watcher, found } = watched();
    await search.run(watcher, never);
    expect({ failed: search.failed, found: found.length }).toEqual({ failed: 1, found: 1 });
    expect(search.passed).toBeLessThan(59);
  });

  it('stops on request, with all seeds played below the one to continue from', async () => {
    const stop = new AbortController();
    const search = new Search(plan({ seeds: 1000, parallel: 2 }));
    await search.run({ onFailure: () => {}, onSeed: () => search.passed >= 5 && stop.abort() }, stop.signal);
    expect(search.passed).toBeGreaterThanOrEqual(5);
    expect(search.resumeFrom).toBe(search.passed);
  });
});
