/** Which copies of a thread are counted: with counters that a test has, and copies that count what it says. */
import { describe, expect, it, jest } from '@jest/globals';
import { BatchCounts, CounterLender } from '../../../lib/bench/counters/batch-counts.js';
import { Counters } from '../../../lib/bench/counters/counters.js';
import type { TimedCopyOptions } from '../../../lib/memory/copy.js';
import * as real from '../../../lib/memory/copy.js';
import { CopyList } from '../../../lib/memory/copy-list.js';
import { Region } from '../../../lib/memory/region.js';
import { KIB } from '../../../lib/units.js';
import { fakeCounters } from '../../bench/counters/fixtures/fake-counters.js';

const HALF = 64 * KIB;
const BATCH_BYTES = 16 * KIB;
const CYCLES_PER_KIB = 5;
/** Whether each call of timedCopy was counted, in turn. */
let calls: boolean[] = [];
const timed = (spec: TimedCopyOptions, samples: number, ns?: Float64Array, counts?: Float64Array): Float64Array => {
  calls.push(counts !== undefined);
  counts?.set([(CYCLES_PER_KIB * spec.bytes * spec.batch) / KIB, 10, 10]);
  return real.timedCopy(spec, samples, ns);
};
jest.unstable_mockModule('../../../lib/memory/copy.js', () => ({ ...real, timedCopy: timed }));

async function copied(counts?: BatchCounts) {
  const { copyUntil } = await import('../../../benchmarks/shared/copy-until.js');
  using region = Region.create({ bytes: 2 * HALF });
  const begin = CopyList.ofThisThread().clock() + 1e5;
  const request = { copyKernel: 0, copyBytes: 4 * KIB, batch: 4, begin, end: begin + 1e6 };
  calls = [];
  return copyUntil(request, { region: region.id, source: 0, destination: HALF, spanBytes: HALF }, counts);
}
const openCounts = (names: string[]) => {
  const counts = new BatchCounts(new CounterLender(() => new Counters(fakeCounters(names))));
  counts.open();
  return counts;
};

describe('copyUntil', () => {
  it('counts copies after those that are timed, and none of these', async () => {
    const counts = openCounts(['cycles']);
    const { bytes, counted, countedBytes } = await copied(counts);
    counts.close();
    expect(counted).toEqual({ cyclesPerKiB: CYCLES_PER_KIB, countersRanShare: 1 });
    const after = calls.slice(calls.indexOf(true));
    expect(after).toEqual(Array(countedBytes! / BATCH_BYTES).fill(true));
    expect(calls.length - after.length).toBeGreaterThanOrEqual(bytes / BATCH_BYTES);
  });

  it('copies no longer than before where there is nothing to count with', async () => {
    const counts = openCounts([]);
    const ends = [await copied(counts), await copied()];
    counts.close();
    for (const end of ends) expect(Object.keys(end)).toEqual(['bytes', 'ns']);
    expect(calls).not.toContain(true);
  });
});
