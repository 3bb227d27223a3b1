import { describe, expect, it } from '@jest/globals';
import { cpuQuota, throttledMs } from '../../../lib/bench/host/cgroup.js';
import { HostFiles } from '../../../lib/bench/host/host-files.js';
import { hostTree } from '../fixtures/host-tree.js';

const host = (files: Readonly<Record<string, string>>) => new HostFiles(hostTree(files));
const at = (path: string) => `sys/fs/cgroup/${path}`;
const OWN = { 'proc/self/cgroup': '1:name=systemd:/other\n0::/outer/inner\n' };

describe('cpuQuota', () => {
  it('returns null if no group has a limit', () => {
    expect(cpuQuota(host({}))).toBeNull();
    expect(cpuQuota(host({ ...OWN, [at('outer/cpu.max')]: 'max 100000' }))).toBeNull();
    expect(cpuQuota(host({ ...OWN, [at('outer/cpu.max')]: 'odd', [at('other/cpu.max')]: '1 1000' }))).toBeNull();
  });

  it('returns the smallest quota on the way to the root, which may be the root of a container', () => {
    const outer = { ...OWN, [at('outer/cpu.max')]: '150000 100000' };
    expect(cpuQuota(host(outer))).toBe(1.5);
    expect(cpuQuota(host({ ...outer, [at('outer/inner/cpu.max')]: '50000 100000' }))).toBe(0.5);
    expect(cpuQuota(host({ ...outer, [at('cpu.max')]: '25000 100000' }))).toBe(0.25);
    expect(cpuQuota(host({ [at('cpu.max')]: '200000 100000' }))).toBe(2);
  });

  it('treats a path that leaves the container as one below its root', () => {
    const files = { 'proc/self/cgroup': '0::/../inner\n', [at('inner/cpu.max')]: '30000 10000' };
    expect(cpuQuota(host(files))).toBe(3);
  });

  it('reads the quota of control groups of version 1', () => {
    const v1 = (quota: string, period: string) =>
      cpuQuota(host({ [at('cpu/cpu.cfs_quota_us')]: quota, [at('cpu/cpu.cfs_period_us')]: period }));
    expect(v1('50000', '100000')).toBe(0.5);
    expect(v1('-1', '100000')).toBeNull();
    expect(v1('50000', '0')).toBeNull();
  });
});

describe('throttledMs', () => {
  const stat = (microseconds: number) => `usage_usec 900\nnr_throttled 3\nthrottled_usec ${microseconds}\n`;

  it('returns the time of the innermost group that has a counter', () => {
    const outer = { ...OWN, [at('outer/cpu.stat')]: stat(2500) };
    expect(throttledMs(host(outer))).toBe(2.5);
    expect(throttledMs(host({ ...outer, [at('outer/inner/cpu.stat')]: stat(0) }))).toBe(0);
    expect(throttledMs(host({ ...outer, [at('outer/inner/cpu.stat')]: 'usage_usec 900' }))).toBe(2.5);
  });

  it('returns null if no group has a counter', () => {
    expect(throttledMs(host({}))).toBeNull();
    expect(throttledMs(host({ [at('cpu.stat')]: 'nr_throttled 3\n' }))).toBeNull();
  });
});
