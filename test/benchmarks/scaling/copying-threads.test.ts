/** Mechanism only: threads share CPUs here, as those of a run never do. */
import { describe, expect, it } from '@jest/globals';
import { CopyingThreads, PLACES } from '../../../benchmarks/scaling/copying-threads.js';
import { BATCH, COPY_BYTES } from '../../../benchmarks/scaling/scaling-plan.js';
import { addon } from '../../../lib/addon/addon.js';
import { Region } from '../../../lib/memory/region.js';
import { MIB } from '../../../lib/units.js';

const [cpu = 0] = addon().affinity();
const SHARED = [cpu, cpu, cpu, cpu];

/** Returns the id of a region that is made for it: one more than the last one of all threads. */
function lastRegion(): number {
  using region = Region.create({ bytes: 4096, lock: 'no' });
  return region.id;
}

describe('CopyingThreads', () => {
  it.each(PLACES)('copies in place "%s" on some threads, on others, and on all', async (place) => {
    const threads = new CopyingThreads(SHARED, 2 * MIB);
    await threads.open();
    try {
      for (const indices of [[0], [1, 3], [0, 1, 2, 3]]) {
        const { value, durationMs, pulseNs } = await threads.sample(indices, place, 0, 5);
        expect(value).toBeGreaterThan(0);
        expect(durationMs).toBeGreaterThan(0);
        expect(pulseNs).toHaveLength(indices.length);
      }
    } finally {
      await threads.close();
    }
  });

  it('tells the rate of what it copied in the time asked for, unless the host stalls', async () => {
    const threads = new CopyingThreads([cpu], 2 * MIB);
    await threads.open();
    try {
      let [durationMs, copied] = [0, 0];
      for (let tries = 0; tries < 100 && durationMs < 2; tries++) {
        const sample = await threads.sample([0], 'cache', 0, 4);
        durationMs = sample.durationMs;
        copied = sample.value! * durationMs * 1e6;
      }
      expect(durationMs).toBeGreaterThanOrEqual(2);
      expect(copied).toBeGreaterThanOrEqual(COPY_BYTES * BATCH);
      const batches = copied / (COPY_BYTES * BATCH);
      expect(batches).toBeCloseTo(Math.round(batches), 6);
    } finally {
      await threads.close();
    }
  });

  it('gives each thread fresh memory when it is renewed, and takes the old one away', async () => {
    const [bytes, renewals, last] = [64 * MIB, 3, lastRegion()];
    const threads = new CopyingThreads([cpu], bytes);
    await threads.open();
    try {
      const before = process.memoryUsage.rss();
      for (let time = 0; time < renewals; time++) await threads.renew();
      expect(process.memoryUsage.rss() - before).toBeLessThan((renewals * bytes) / 2);
      expect((await threads.sample([0], 'memory', 0, 1)).value).toBeGreaterThan(0);
    } finally {
      await threads.close();
    }
    expect(lastRegion() - last).toBe(1 + renewals + 1);
  });

  it('rejects a renewal with the reason when it is aborted', async () => {
    const threads = new CopyingThreads([cpu], 2 * MIB);
    const reason = new Error('enough');
    await expect(threads.renew(AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('can be closed twice, and opened again', async () => {
    const threads = new CopyingThreads([cpu], 2 * MIB);
    for (let time = 0; time < 2; time++) {
      await threads.open();
      expect((await threads.sample([0], 'cache', 0, 1)).value).toBeGreaterThan(0);
      await threads.close();
      await threads.close();
    }
  });

  it('leaves no thread when it is aborted, and rejects with the reason', async () => {
    const threads = new CopyingThreads(SHARED, 2 * MIB);
    const reason = new Error('enough');
    await expect(threads.open(AbortSignal.abort(reason))).rejects.toBe(reason);
    const during = new AbortController();
    const opening = threads.open(during.signal);
    during.abort(reason);
    await expect(opening).rejects.toBe(reason);
  });

  it('rejects where a thread may not run on its CPU, and leaves none', async () => {
    const threads = new CopyingThreads([cpu, 8191], 2 * MIB);
    await expect(threads.open()).rejects.toMatchObject({ code: 'ERR_CPU_PIN' });
  });
});
