import { describe, expect, it } from '@jest/globals';
import { DoctorThreads } from '../../../lib/bench/doctor/doctor-threads.js';
import { HostWatch } from '../../../lib/bench/doctor/host-watch.js';
import { HostFiles } from '../../../lib/bench/facts/host-files.js';
import { copyKernelIndex } from '../../../lib/memory/copy-kernels.js';
import { hostTree } from '../fixtures/host-tree.js';

async function watched(cpus: readonly number[], tree: Parameters<typeof hostTree>[0], looks: number) {
  const threads = new DoctorThreads(cpus, copyKernelIndex('libc'));
  const watch = new HostWatch(threads, new HostFiles(hostTree(tree)));
  for (let look = 0; look < looks; look++) await watch.look(5);
  const observed = watch.observed();
  const missing = Object.fromEntries(watch.missing(observed).map(({ fact, reason }) => [fact, reason]));
  await threads.close();
  return { observed, missing, facts: watch.quotaFacts() };
}

describe('a HostWatch', () => {
  it('that has not looked knows no busy thread and no distance', async () => {
    const { observed, missing } = await watched([0], {}, 0);
    expect(observed).toMatchObject({ onCpuShare: null, copySpread: null, lineFactor: null, isPinned: null });
    expect(missing).toMatchObject({
      quota: '/proc/self/cgroup is not there on this host',
      'cache line between CPUs': 'there is one CPU',
    });
  });

  it('that has looked knows what a busy thread has seen', async () => {
    const { observed } = await watched([0], {}, 2);
    expect(observed.onCpuShare).toBeGreaterThan(0);
    expect(observed.fullSpeedShare).toBeGreaterThan(0);
    expect(observed.copySpread).toBeGreaterThanOrEqual(0);
  });

  it('tells a quota that does not exist from one that is not known', async () => {
    const quota = async (tree: Parameters<typeof hostTree>[0]) => {
      const { observed, facts } = await watched([], tree, 0);
      return [observed.quotaCpus, facts[0]!.value];
    };
    expect(await quota({})).toEqual([null, null]);
    expect(await quota({ 'proc/self/cgroup': '0::/a\n' })).toEqual([null, null]);
    expect(await quota({ 'proc/self/cgroup': '' })).toEqual(['none', 'none']);
    const free = { 'proc/self/cgroup': '0::/a\n', 'sys/fs/cgroup/a/cpu.max': 'max 100000\n' };
    expect(await quota(free)).toEqual(['none', 'none']);
    const limited = { 'proc/self/cgroup': '0::/a\n', 'sys/fs/cgroup/a/cpu.max': '150000 100000\n' };
    expect(await quota(limited)).toEqual([1.5, 1.5]);
  });

  it('writes down what was refused', async () => {
    const threads = new DoctorThreads([8191], copyKernelIndex('libc'));
    const watch = new HostWatch(threads, new HostFiles(hostTree({})));
    await watch.prepare();
    const observed = watch.observed();
    expect(observed.isPinned).toBe(false);
    expect(watch.missing(observed).find(({ fact }) => fact === 'pinned threads')?.reason).toMatch(/^cannot run on CPU/);
    await threads.close();
  });

  it('takes no distance for one that could not be measured in time', async () => {
    const trips = [60, null, 90];
    const slice = { wallNs: 1, cpuNs: 1, copies: 1, involuntarySwitches: 0, pulseNs: [1], copyNs: [1] };
    const ask = async (_place: string, job: string) => (job === 'line' ? trips.shift() : slice);
    const watch = new HostWatch({ cpus: [0, 1], ask } as unknown as DoctorThreads, new HostFiles(hostTree({})));
    for (let look = 0; look < 3; look++) await watch.look(1);
    expect(watch.observed().lineFactor).toBe(1.5);
  });
});
