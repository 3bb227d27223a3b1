import { describe, expect, it } from '@jest/globals';
import { HostFiles } from '../../../lib/bench/host/host-files.js';
import {
  caches,
  lastLevelCacheBytes,
  lastLevelCacheBytesOrUsual,
  onlineCpus,
  possibleCpus,
  smtActive,
} from '../../../lib/bench/host/topology.js';
import { hostTree, X86_GUEST } from '../fixtures/host-tree.js';

const siblings = (cpu: number) => `sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`;

describe('the topology of a host', () => {
  it('lists each instance of a private cache', () => {
    const files = { ...X86_GUEST };
    for (const cpu of [0, 1]) files[`sys/devices/system/cpu/cpu${cpu}/cache/index2/shared_cpu_list`] = `${cpu}`;
    const found = caches(new HostFiles(hostTree(files)), [0, 1]);
    expect(found?.find((cache) => cache.level === 2)?.sharedBy).toEqual([[0], [1]]);
    expect(found?.find((cache) => cache.level === 3)?.sharedBy).toEqual([[0, 1]]);
  });

  it('has the CPUs of cpuinfo if there is no sysfs', () => {
    const files = new HostFiles(hostTree({ 'proc/cpuinfo': 'processor\t: 0\n\nprocessor\t: 5\n' }));
    expect(onlineCpus(files)).toEqual([0, 5]);
  });

  it('has the number of CPUs that Linux may bring online, if sysfs lists them', () => {
    expect(possibleCpus(new HostFiles(hostTree({ 'sys/devices/system/cpu/possible': '0-3,8\n' })))).toBe(5);
    expect(possibleCpus(new HostFiles(hostTree({})))).toBeNull();
  });

  it('has hyperthreads if the lists of siblings say so', () => {
    const shared = new HostFiles(hostTree({ [siblings(0)]: '0-1', [siblings(1)]: '0-1' }));
    expect(smtActive(shared, [0, 1])).toBe(true);
    const single = new HostFiles(hostTree({ [siblings(0)]: '0' }));
    expect(smtActive(single, [0])).toBe(false);
    const silent = new HostFiles(hostTree({}));
    expect(smtActive(silent, [0])).toBeNull();
    expect(silent.missing).toHaveLength(1);
    expect(smtActive(silent, [])).toBeNull(); // the CPUs are not known either
  });

  it('has the largest cache of data as last level', () => {
    const found = caches(new HostFiles(hostTree(X86_GUEST)), [0, 1]);
    expect(lastLevelCacheBytes({ caches: found })).toBe(32 << 20);
    expect(lastLevelCacheBytes({ caches: null })).toBeNull();
    expect(lastLevelCacheBytesOrUsual({ caches: null })).toBe(32 << 20);
    expect(lastLevelCacheBytesOrUsual({ caches: found })).toBe(32 << 20);
  });
});
