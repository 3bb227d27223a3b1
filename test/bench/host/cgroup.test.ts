import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HostFiles } from '../../../lib/bench/facts/host-files.js';
import { cpuQuota, throttled, throttledBetween, whyQuotaUnknown } from '../../../lib/bench/host/cgroup.js';
import { hostTree } from '../fixtures/host-tree.js';

type Tree = Readonly<Record<string, string>>;
const host = (files: Tree) => new HostFiles(hostTree(files));
const at = (path: string) => `sys/fs/cgroup/${path}`;
const OWN = { 'proc/self/cgroup': '1:name=systemd:/other\n0::/outer/inner\n' };

/** A line of mountinfo: a tree of control groups at `mount`, of which one sees `root` and what is below. */
const mounted = (mount: string, root: string, type: string, options: string) =>
  `35 24 0:30 ${root} ${mount} rw,nosuid shared:9 master:2 - ${type} ${type} ${options}\n`;
const HOST_MOUNTS =
  '24 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw,cpu\n' +
  mounted('/sys/fs/cgroup/cpuset', '/', 'cgroup', 'rw,cpuset') +
  mounted('/sys/fs/cgroup/cpu,cpuacct', '/', 'cgroup', 'rw,cpu,cpuacct') +
  mounted('/sys/fs/cgroup/unified', '/', 'cgroup2', 'rw,nsdelegate');
/** A service of a host that has both versions, with CPU time in version 1. */
const SERVICE: Tree = {
  'proc/self/cgroup': '4:cpuset:/\n3:cpu,cpuacct:/system/my service/worker\n0::/other\n',
  'proc/self/mountinfo': HOST_MOUNTS,
};
const one = (path: string, quota: number, period = 100_000): Tree => ({
  [at(`${path}/cpu.cfs_quota_us`)]: `${quota}\n`,
  [at(`${path}/cpu.cfs_period_us`)]: `${period}\n`,
});

describe('cpuQuota', () => {
  it('returns null if no group has a limit', () => {
    expect(cpuQuota(host({}))).toBeNull();
    expect(cpuQuota(host({ ...OWN, [at('outer/cpu.max')]: 'max 100000' }))).toBeNull();
    expect(cpuQuota(host({ ...OWN, [at('outer/cpu.max')]: 'odd', [at('other/cpu.max')]: '1 1000' }))).toBeNull();
    expect(cpuQuota(host({ ...SERVICE, ...one('cpu,cpuacct/system', -1) }))).toBeNull();
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

  it('reads control groups of version 1 without knowing the mounts', () => {
    const quota = (quotaUs: number, periodUs: number) => cpuQuota(host(one('cpu', quotaUs, periodUs)));
    expect(quota(50_000, 100_000)).toBe(0.5);
    expect(quota(-1, 100_000)).toBeNull();
    expect(quota(50_000, 0)).toBeNull();
    expect(cpuQuota(host({ 'proc/self/cgroup': '1:cpu:/a/b\n', ...one('cpu/a', 70_000) }))).toBe(0.7);
  });

  it('reads sub-groups of version 1 up to the mount of their controller, also beside version 2', () => {
    const folder = 'cpu,cpuacct/system/my service';
    expect(cpuQuota(host({ ...SERVICE, ...one(`${folder}/worker`, 50_000), ...one(folder, 80_000) }))).toBe(0.5);
    expect(cpuQuota(host({ ...SERVICE, ...one(`${folder}/worker`, -1), ...one(folder, 80_000) }))).toBe(0.8);
    expect(cpuQuota(host({ ...SERVICE, ...one('cpu,cpuacct/other', 50_000) }))).toBeNull();
    expect(cpuQuota(host({ ...SERVICE, [at('unified/other/cpu.max')]: '20000 100000' }))).toBe(0.2);
  });

  it('reads the group of a container at the mount, where its path on the host does not exist', () => {
    const container = (root: string) => ({
      'proc/self/cgroup': '2:cpu,cpuacct:/docker/id\n',
      'proc/self/mountinfo': mounted('/sys/fs/cgroup/cpu,cpuacct', root, 'cgroup', 'rw,cpu,cpuacct'),
      ...one('cpu,cpuacct', 60_000),
      ...one('cpu,cpuacct/docker', 10_000), // of a container in this container
    });
    expect(cpuQuota(host(container('/docker/id')))).toBe(0.6);
    expect(cpuQuota(host({ ...container('/'), ...one('cpu,cpuacct/docker', -1) }))).toBe(0.6);
    const two = { 'proc/self/cgroup': '0::/kubepods/pod/id/init\n', [at('cpu.max')]: '40000 100000' };
    const mounts = mounted('/sys/fs/cgroup', '/kubepods/pod/id', 'cgroup2', 'rw');
    expect(cpuQuota(host({ ...two, 'proc/self/mountinfo': mounts }))).toBe(0.4);
    const init = { [at('init/cpu.max')]: '30000 100000' };
    expect(cpuQuota(host({ ...two, ...init, 'proc/self/mountinfo': mounts }))).toBe(0.3);
  });

  it('leaves out groups of others that are mounted too, and mounts that another one hides', () => {
    const mounts =
      mounted('/sys/fs/cgroup/cpu', '/', 'cgroup', 'rw,cpu') +
      mounted('/var/others', '/others', 'cgroup', 'rw,cpu') +
      mounted('/sys/fs/cgroup/cpu', '/mine', 'cgroup', 'rw,cpu');
    const files = { 'proc/self/mountinfo': mounts, 'proc/self/cgroup': '1:cpu:/mine/sub\n' };
    const others = { 'var/others/cpu.cfs_quota_us': '10000', 'var/others/cpu.cfs_period_us': '100000' };
    expect(cpuQuota(host({ ...files, ...others, ...one('cpu/mine', 20_000), ...one('cpu/sub', 50_000) }))).toBe(0.5);
  });

  it('reads mounts at paths with a space', () => {
    const mounts = mounted('/my\\040groups', '/', 'cgroup2', 'rw');
    expect(cpuQuota(host({ 'proc/self/mountinfo': mounts, 'my groups/cpu.max': '1 2' }))).toBe(0.5);
  });

  it('reads whatever these files hold without an error', () => {
    const word = fc.constantFrom(
      '/',
      '/a',
      '/..',
      'cgroup2',
      'cgroup',
      'cpu',
      '-',
      '0::/a',
      '1:cpu:/',
      '\\04',
      '\n',
      ' ',
    );
    const text = fc.array(word, { maxLength: 12 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(text, text, text, (cgroup, mountinfo, max) => {
        const files = { 'proc/self/cgroup': cgroup, 'proc/self/mountinfo': mountinfo, [at('cpu.max')]: max };
        expect(cpuQuota(host(files))).toBeNull();
      }),
      { numRuns: 50 },
    );
  });
});

describe('a quota', () => {
  const why = (files: Tree) => whyQuotaUnknown(host(files));

  it('is not known where the groups of this process are not', () => {
    expect(why({})).toBe('/proc/self/cgroup is not there on this host');
    expect(why(OWN)).toMatch(/^\/sys\/fs\/cgroup.* is not there on this host$/);
    expect(why(SERVICE)).toMatch(/ is not there on this host$/);
  });

  it('is known where they are seen, where it is found, and where no group could have one', () => {
    expect(why({ ...OWN, [at('outer/inner/cpu.max')]: 'max 100000' })).toBeNull();
    expect(why({ [at('cpu.max')]: '50000 100000' })).toBeNull();
    expect(why({ 'proc/self/cgroup': '1:name=systemd:/\n' })).toBeNull();
  });
});

describe('throttled', () => {
  const two = (microseconds: number) => `usage_usec 900\nnr_throttled 3\nthrottled_usec ${microseconds}\n`;
  const one = (nanoseconds: number) => `nr_periods 9\nnr_throttled 3\nthrottled_time ${nanoseconds}\n`;

  it('has the counters of all groups on the way to the root, milliseconds', () => {
    const files = { ...OWN, [at('outer/cpu.stat')]: two(2500), [at('outer/inner/cpu.stat')]: two(0) };
    expect(throttled(host({ ...files, [at('other/cpu.stat')]: two(9) }))).toEqual({
      '/sys/fs/cgroup/outer/cpu.stat': 2.5,
      '/sys/fs/cgroup/outer/inner/cpu.stat': 0,
    });
  });

  it('has those of version 1, which are nanoseconds', () => {
    const folder = 'cpu,cpuacct/system/my service';
    expect(throttled(host({ ...SERVICE, [at(`${folder}/cpu.stat`)]: one(2_500_000) }))).toEqual({
      [`/sys/fs/cgroup/${folder}/cpu.stat`]: 2.5,
    });
  });

  it('has what groups above a container did, where Linux counts it', () => {
    const files = { [at('cpu.stat')]: two(0), [at('cpu.stat.local')]: 'throttled_usec 7000\n' };
    expect(throttled(host(files))).toEqual({ '/sys/fs/cgroup/cpu.stat': 0, '/sys/fs/cgroup/cpu.stat.local': 7 });
  });

  it('is null if no group has a counter', () => {
    expect(throttled(host({}))).toBeNull();
    expect(throttled(host({ [at('cpu.stat')]: 'nr_throttled 3\nusage_usec 3\n' }))).toBeNull();
  });
});

describe('throttledBetween', () => {
  it('is the largest increase, of counters that are in both readings', () => {
    expect(throttledBetween({ a: 1, b: 100 }, { a: 21, b: 110, c: 5000 })).toBe(20);
    expect(throttledBetween({ a: 1 }, { a: 0 })).toBe(0);
    expect(throttledBetween({ a: 1 }, { b: 2 })).toBeNull();
    expect(throttledBetween(null, { a: 2 })).toBeNull();
    expect(throttledBetween({ a: 2 }, null)).toBeNull();
  });
});
