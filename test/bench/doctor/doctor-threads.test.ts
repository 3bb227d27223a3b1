/** Every job once, in almost no time. Nothing here depends on a speed. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addon } from '../../../lib/addon/addon.js';
import { DoctorThreads } from '../../../lib/bench/doctor/doctor-threads.js';
import type { Findings } from '../../../lib/bench/doctor/guards/guard.js';
import { copyKernelIndex } from '../../../lib/memory/copy-kernels.js';

let threads: DoctorThreads;
beforeAll(() => {
  threads = new DoctorThreads(addon().affinity(), copyKernelIndex('libc'));
});
afterAll(() => threads.close());

/** What a job found, checked for its shape. */
async function found(job: Parameters<DoctorThreads['ask']>[1]): Promise<Findings> {
  const findings = (await threads.ask('home', job, 1)) as Findings;
  for (const { without, with: guarded } of findings.pairs) {
    expect(without.length).toBeGreaterThan(0);
    expect(guarded).toHaveLength(without.length);
    expect([...without, ...guarded].every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
  }
  return findings;
}

describe('the threads of the doctor', () => {
  it('find page faults in the first walk through memory that was not populated', async () => {
    const { pairs, facts } = await found('first-touch');
    expect(pairs).toHaveLength(1);
    expect(facts[0]!.value).toBeGreaterThanOrEqual(64); // of 64 KiB each on some hosts
  });

  it.each(['zero-page', 'pending-stores', 'one-layout'] as const)('measure the guard %s', async (job) => {
    expect((await found(job)).pairs.length).toBeGreaterThanOrEqual(1);
  });

  it('measure huge pages, or say that Linux gives none', async () => {
    const { pairs, refusal } = await found('small-pages').then(
      ({ pairs: all }) => ({ pairs: all.length, refusal: '' }),
      ({ message }: Error) => ({ pairs: 0, refusal: message }),
    );
    expect(pairs === 1 || /^Linux gave huge pages for \d+ of \d+ MiB$/.test(refusal)).toBe(true);
  });

  it('time single copies by both clocks', async () => {
    const { pairs, facts } = await found('saturated-timer');
    expect(pairs).toHaveLength(2);
    expect(facts.map(({ value }) => value)).toContain(addon().cpuInfo().clockSource);
  });

  it('count the CPU time, copies and pulses of a busy thread', async () => {
    const slice = await threads.ask('home', 'busy', 20);
    expect(slice.wallNs).toBeGreaterThanOrEqual(20e6);
    expect(slice.cpuNs).toBeGreaterThan(0);
    expect(slice.cpuNs).toBeLessThan(1.1 * slice.wallNs + 5e6);
    expect(slice.copies).toBe(slice.copyNs.length * 32);
    expect(slice.pulseNs).toHaveLength(slice.copyNs.length);
    expect(Math.min(...slice.pulseNs, ...slice.copyNs)).toBeGreaterThan(0);
  });

  it('make bursts, and tell on which CPU they ran', async () => {
    const { ns, moves } = await threads.ask('loose', 'bursts', 0);
    expect(ns).toHaveLength(8);
    expect(moves).toBeLessThan(8);
  });

  it('are pinned, and then have no moves', async () => {
    expect(await threads.pin()).toBeNull();
    expect((await threads.ask('home', 'bursts', 0)).moves).toBe(0);
  });

  it('refuse to move where there is one CPU', async () => {
    await expect(threads.ask('home', 'moved', 1, [threads.cpus[0]!])).rejects.toMatchObject({ code: 'ERR_CPU_PIN' });
  });

  it('give up on round trips of a cache line when their time is up', async () => {
    expect(await threads.ask('loose', 'line', -1)).toBeNull();
  });
});

describe('threads that have ended', () => {
  it('refuse every job', async () => {
    const ended = new DoctorThreads([], copyKernelIndex('libc'));
    await ended.close();
    await expect(ended.ask('home', 'busy', 1)).rejects.toMatchObject({ code: 'ERR_WORKER_DIED' });
  });
});

describe('threads that cannot be pinned', () => {
  it.each([
    { cpus: [8191], why: /^cannot run on CPU 8191/ },
    { cpus: [], why: /^Linux does not tell which CPUs/ },
  ])('to the CPUs $cpus say why', async ({ cpus, why }) => {
    const others = new DoctorThreads(cpus, copyKernelIndex('libc'));
    expect(await others.pin()).toMatch(why);
    await others.close();
  });
});
