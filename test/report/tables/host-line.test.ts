import { describe, expect, it } from '@jest/globals';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { hostLine } from '../../../lib/report/tables/host-line.js';
import { ARM_BARE, hostTree, X86_GUEST } from '../../bench/fixtures/host-tree.js';
import { lastLevelCache } from '../../bench/fixtures/memory-facts.js';
import { resultOf } from '../fixtures/result.js';

const lineOf = (files: Readonly<Record<string, string>>, arch = 'x64') =>
  hostLine({ ...resultOf(), machine: hostFacts({ root: hostTree(files), arch }) });

describe('hostLine', () => {
  it('names the CPU, the caches, the hypervisor and Linux', () => {
    expect(lineOf(X86_GUEST)).toBe(
      'AMD EPYC (family 25 model 17 stepping 1), 2 CPUs, L2 1 MiB and L3 32 MiB as the hypervisor tells, ' +
        'guest of QEMU, sev_snp, Linux 6.12.1',
    );
  });

  it('has the number of caches of each size, and says where it is not known', () => {
    const machine = hostFacts({ root: hostTree({}), arch: 'x64' });
    const cache = lastLevelCache(8 << 20);
    const caches = [
      { ...cache, level: 1, instances: 4 },
      { ...cache, level: 2, bytes: 1 << 19, instances: 48 },
      { ...cache, level: 2, bytes: 1 << 21, instances: null },
      { ...cache, instances: 16 },
      { ...cache, type: 'Instruction' },
      { ...cache, level: 4, bytes: null },
    ];
    expect(hostLine({ machine: { ...machine, caches, cachesIncomplete: [3] } })).toBe(
      'x64, L2 512 KiB × 48 and 2 MiB each, L3 8 MiB × 16, L4 of unknown size, caches of 1 CPU not all known',
    );
  });

  it('has the caches in front of memory', () => {
    const machine = hostFacts({ root: hostTree({}), arch: 'x64' });
    const node = { id: 0, cpus: null, bytes: null, distances: null, kind: null };
    const numaNodes = [1, 1, null].map((gib) => ({
      ...node,
      memorySideCache: gib === null ? null : { bytes: gib * 1024 ** 3, lineBytes: 64 },
    }));
    expect(hostLine({ machine: { ...machine, numaNodes } })).toBe('x64, memory-side cache 1 GiB × 2');
  });

  it('has a singular for one CPU, and leaves out what the host does not have', () => {
    const info = 'vendor_id : GenuineIntel\nmodel name : Xeon\nflags : erms\n';
    const bare = { 'proc/cpuinfo': info, 'sys/devices/system/cpu/online': '0' };
    expect(lineOf(bare)).toBe('Xeon, 1 CPU');
  });

  it('says that the host is a guest also if the hypervisor is not known', () => {
    expect(lineOf({ 'proc/cpuinfo': 'model name : Xeon\nflags : hypervisor\n' })).toBe('Xeon, 1 CPU, guest');
  });

  it('falls back to the vendor of the CPU, and then to the architecture', () => {
    expect(lineOf({ 'proc/cpuinfo': 'vendor_id : GenuineIntel\nflags : erms\n' })).toBe('GenuineIntel, 1 CPU');
    expect(lineOf({}, 'riscv64')).toBe('riscv64');
    expect(lineOf(ARM_BARE, 'arm64')).toBe('Neoverse-N1, 1 CPU');
  });
});
