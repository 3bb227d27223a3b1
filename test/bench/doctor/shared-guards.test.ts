import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DoctorThreads } from '../../../lib/bench/doctor/doctor-threads.js';
import { noisyNeighbour, throttledGroup, unpinnedThread } from '../../../lib/bench/doctor/shared-guards.js';
import { addon } from '../../../lib/memory/addon.js';
import { copyKernelIndex } from '../../../lib/memory/copy-kernels.js';

let threads: DoctorThreads;
beforeAll(() => {
  threads = new DoctorThreads(addon().affinity(), copyKernelIndex('libc'));
});
afterAll(() => threads.close());

describe('noisyNeighbour', () => {
  it('measures beside a neighbour that ends with it', async () => {
    const { pairs, facts } = await noisyNeighbour(threads, 5);
    expect(pairs[0]!.without.length).toBeGreaterThan(0);
    expect(threads.cpus).toContain(facts[0]!.value);
    expect((await threads.ask('beside', 'bursts', 0)).ns).toHaveLength(8); // that thread is free again
  });
});

describe('throttledGroup', () => {
  it('divides wall clock and CPU time by copies, and asks for its facts at the end', async () => {
    const facts = [{ what: 'quota', value: 2, unit: 'CPUs' as const }];
    const found = await throttledGroup(threads, 60, () => facts);
    expect(found.facts).toBe(facts);
    expect(found.pairs[0]!.without.length).toBeGreaterThan(0);
    expect(found.pairs[0]!.with.every((ns) => ns > 0)).toBe(true);
  });
});

describe('unpinnedThread', () => {
  it('measures a move and the spread of a loose thread, where there are two CPUs', async () => {
    const found = await unpinnedThread(threads, 1).catch((error: { code: string }) => error.code);
    if (threads.cpus.length < 2) expect(found).toBe('ERR_CPU_PIN');
    else expect(found).toMatchObject({ pairs: [{ unit: 'ns' }, { unit: 'share' }], facts: [{ unit: 'count' }] });
  });
});
