import { describe, expect, it } from '@jest/globals';
import { cpuBlocks } from '../../../../lib/bench/facts/cpu/cpu-blocks.js';
import { hiddenCpus, isolatedCpus, offlineCpus, onlineCpus } from '../../../../lib/bench/facts/cpu/online.js';
import type { HostFiles } from '../../../../lib/bench/facts/host-files.js';
import { cpuInfo, cpuTree, filesOf } from '../../fixtures/cpu-tree.js';

const none = cpuBlocks('');
const told = (files: HostFiles, info = none) => {
  const online = onlineCpus(files, info);
  return { online, offline: offlineCpus(files, online) };
};

describe('the online CPUs', () => {
  it('are those that sysfs lists', () => {
    const tree = cpuTree({ online: '0,4-5', present: '0-5' }, [{ online: 1 }, { online: 0 }]);
    expect(told(filesOf(tree))).toEqual({ online: [0, 4, 5], offline: [1, 2, 3] });
  });

  it('are the folders of CPUs that are not switched off, where no list is there', () => {
    const tree = cpuTree({}, [{ 'topology/core_id': 0 }, { online: 0 }, { online: 1 }]);
    expect(told(filesOf(tree), cpuBlocks(cpuInfo({ 0: {} })))).toEqual({ online: [0, 2], offline: [1] });
    const empty = cpuTree({ online: '' }, [{ online: 1 }]);
    expect(told(filesOf(empty)).online).toEqual([0]);
  });

  it('are those of cpuinfo without sysfs, and of the others nothing is known', () => {
    const files = filesOf({});
    const info = `${cpuInfo({ 5: {} })}\n${cpuInfo({ 0: {} })}`;
    expect(told(files, cpuBlocks(info))).toEqual({ online: [0, 5], offline: null });
    expect(files.missing).toEqual([
      { fact: 'cpu.offline', reason: '/sys/devices/system/cpu/present is not there on this host' },
    ]);
  });

  it('are not known where nothing tells them', () => {
    const files = filesOf({});
    expect(told(files)).toEqual({ online: null, offline: null });
    expect(files.missing.map(({ fact }) => fact)).toEqual(['cpu.online', 'cpu.offline']);
  });
});

describe('the offline CPUs', () => {
  it('are not those that a hypervisor might add', () => {
    expect(told(filesOf(cpuTree({ online: '0-3', present: '0-3', offline: '4-127' }))).offline).toEqual([]);
    expect(told(filesOf(cpuTree({ online: '0-3', offline: '4-127' }))).offline).toBeNull();
  });
});

describe('CPUs that a container hides', () => {
  it('say that they are online, or are left out by lxcfs', () => {
    const claiming = filesOf(cpuTree({ online: '0', present: '0-1' }, [{ online: 1 }, { online: 1 }]));
    expect(hiddenCpus(claiming, [0])).toEqual([1]);
    expect(offlineCpus(claiming, [0])).toBeNull();
    expect(claiming.missing[0]?.reason).toBe('a container hides CPUs 1, which may be online');
    const mount = '31 20 0:5 / /sys/devices/system/cpu/online rw - fuse.lxcfs lxcfs rw\n';
    const tree = { ...cpuTree({ online: '0', present: '0-3' }), 'proc/self/mountinfo': mount };
    expect(hiddenCpus(filesOf(tree), [0])).toEqual([1, 2, 3]);
  });

  it('are not those that are switched off, or that may be added', () => {
    const off = cpuTree({ online: '0', present: '0-1', possible: '0-7' }, [{ online: 1 }, { online: 0 }]);
    expect(hiddenCpus(filesOf(off), [0])).toEqual([]);
    expect(hiddenCpus(filesOf(cpuTree({ online: '0', present: '0-1' })), [0])).toEqual([]);
  });
});

describe('the isolated CPUs', () => {
  it('are online ones', () => {
    expect(isolatedCpus(filesOf(cpuTree({ isolated: '2-3,9' })), [0, 1, 2, 3])).toEqual([2, 3]);
    expect(isolatedCpus(filesOf(cpuTree({ isolated: '' })), [0])).toEqual([]);
    expect(isolatedCpus(filesOf(cpuTree({ isolated: '1' })), null)).toEqual([1]);
    expect(isolatedCpus(filesOf({}), [0])).toBeNull();
  });
});
