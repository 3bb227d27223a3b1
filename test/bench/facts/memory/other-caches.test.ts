import { describe, expect, it } from '@jest/globals';
import { HostFiles } from '../../../../lib/bench/facts/host-files.js';
import { otherCaches } from '../../../../lib/bench/facts/memory/other-caches.js';
import { hostTree } from '../../fixtures/host-tree.js';

const S390 =
  'vendor_id : IBM/S390\ncache0 : level=1 type=Data scope=Private size=128K line_size=256 associativity=8\n' +
  'cache1 : level=4 type=Unified scope=Shared size=960M line_size=256 associativity=60\n' +
  'cache2 : level=4 type=Unified scope=Shared size=983040K line_size=256 associativity=60\n';

describe('caches that stand elsewhere', () => {
  it('are those of /proc/cpuinfo on s390, and it is not known who shares them', () => {
    const files = new HostFiles(hostTree({ 'proc/cpuinfo': S390 }));
    const own = { cpu: 0, level: 1, type: 'Data', bytes: 1, lineBytes: 1, sharedBy: [0] };
    expect(otherCaches(files, [0, 1], [own])).toEqual(
      [0, 1].map((cpu) => ({ cpu, level: 4, type: 'Unified', bytes: 960 << 20, lineBytes: 256, sharedBy: null })),
    );
    expect(files.missing).toEqual([{ fact: 'caches.sharedBy', reason: 'level 4: nothing says which CPUs share one' }]);
  });

  it('belong to the only CPU there is', () => {
    const files = new HostFiles(hostTree({ 'proc/cpuinfo': S390 }));
    expect(otherCaches(files, [3], []).map(({ level, sharedBy }) => [level, sharedBy])).toEqual([
      [1, [3]],
      [4, [3]],
    ]);
    expect(files.missing).toEqual([]);
  });

  it('are files of the CPU on sparc', () => {
    const folder = 'sys/devices/system/cpu/cpu2';
    const tree = { [`${folder}/l1_dcache_size`]: '16384\n', [`${folder}/l1_dcache_line_size`]: '32\n' };
    expect(otherCaches(new HostFiles(hostTree(tree)), [2, 3], [])).toEqual([
      { cpu: 2, level: 1, type: 'Data', bytes: 16384, lineBytes: 32, sharedBy: null },
    ]);
  });

  it('are not the one that x86 names in /proc/cpuinfo', () => {
    const files = new HostFiles(hostTree({ 'proc/cpuinfo': 'processor : 0\ncache size : 16384 KB\n' }));
    expect(otherCaches(files, [0], [])).toEqual([]);
  });
});
