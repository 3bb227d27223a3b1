/** Schedules are found and played again alike, and they show planted bugs. */
import { afterAll, describe, expect, it } from '@jest/globals';
import { sameFailure } from '../../../dev/machine/failure.js';
import { Explorer, type Run } from '../../../dev/search/explorer.js';
import { BUGS } from '../fixtures/bugs.js';

const explorers: Explorer[] = [];
afterAll(() => Promise.all(explorers.map((explorer) => explorer.close())));

function explorerWith(bug: string | null): Explorer {
  const preload = bug === null ? null : new URL('../fixtures/bugs.js', import.meta.url);
  if (bug !== null) preload!.searchParams.set('bug', bug);
  const explorer = new Explorer({}, preload);
  explorers.push(explorer);
  return explorer;
}

async function firstFailure(explorer: Explorer): Promise<Run> {
  for (let seed = 0; seed < 1000; seed++) {
    const run = await explorer.run({ seed, preemptions: null });
    if (run.failure !== null) return run;
  }
  throw new Error('a thousand seeds have not found it');
}

const correct = explorerWith(null);
const trace = ({ hash, steps, switches, preemptions }: Run) => ({ hash, steps, switches, preemptions });

describe('a schedule', () => {
  it('is the same each time: in other threads, after other machines, and as a list of preemptions', async () => {
    const other = explorerWith(null);
    for (let seed = 0; seed < 40; seed++) {
      const first = await correct.run({ seed, preemptions: null });
      expect(first.failure).toBeNull();
      expect(trace(await correct.run({ seed, preemptions: null }))).toEqual(trace(first));
      if (seed % 3 === 0) expect(trace(await other.run({ seed, preemptions: null }))).toEqual(trace(first));
      const { hash, steps } = await correct.run({ seed, preemptions: first.preemptions });
      expect({ hash, steps }).toEqual({ hash: first.hash, steps: first.steps });
    }
  });

  it('differs from seed to seed, and from the default schedule', async () => {
    const seeds = Array.from({ length: 10 }, (_, seed) => seed);
    const hashes = new Set<number>();
    for (const seed of seeds) {
      hashes.add((await correct.run({ seed, preemptions: null })).hash);
      hashes.add((await correct.run({ seed, preemptions: [] })).hash);
    }
    expect(hashes.size).toBe(20);
  });

  it('fills rings and slot pools in some machines', async () => {
    let stops = 0;
    let failures = 0;
    for (let seed = 0; seed < 150; seed++) {
      const run = await correct.run({ seed, preemptions: null });
      expect(run.failure).toBeNull();
      if (run.ringStops > 0) stops++;
      if (run.mapFailures > 0) failures++;
    }
    expect(stops).toBeGreaterThan(8);
    expect(failures).toBeGreaterThan(3);
  });
});

describe.each(Object.keys(BUGS))('the planted bug "%s"', (bug) => {
  it('is found, and fails again by a shorter schedule', async () => {
    const explorer = explorerWith(bug);
    const found = await firstFailure(explorer);
    const { seed } = found.schedule;
    const preemptions = await explorer.shrink(found);
    expect(preemptions!.length).toBeLessThanOrEqual(found.preemptions!.length);
    const again = await explorer.run({ seed, preemptions });
    expect(sameFailure(again.failure, found.failure)).toBe(true);
    expect((await correct.run({ seed, preemptions })).failure).toBeNull();
    await explorer.close();
  }, 600_000);
});

describe('an explorer', () => {
  it('reports how a machine failed, and goes on with the next one', async () => {
    const explorer = explorerWith('no TX lock');
    const { failure, schedule } = await firstFailure(explorer);
    expect(failure).toMatchObject({ thread: expect.any(Number), code: expect.stringMatching(/^ERR_/) });
    expect(failure!.stack).toContain(failure!.message);
    const next = await explorer.run({ seed: schedule.seed, preemptions: [] });
    expect(next.failure).toBeNull();
  });

  it('rejects when a thread dies', async () => {
    const explorer = explorerWith('none of them'); // which its threads cannot plant
    await expect(explorer.run({ seed: 1, preemptions: null })).rejects.toMatchObject({ code: 'ERR_WORKER_DIED' });
  });
});
