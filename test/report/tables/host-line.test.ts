import { describe, expect, it } from '@jest/globals';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { hostLine } from '../../../lib/report/tables/host-line.js';
import { ARM_BARE, hostTree, X86_GUEST } from '../../bench/fixtures/host-tree.js';
import { resultOf } from '../fixtures/result.js';

const lineOf = (files: Readonly<Record<string, string>>, arch = 'x64') =>
  hostLine({ ...resultOf(), machine: hostFacts({ root: hostTree(files), arch }) });

describe('hostLine', () => {
  it('names the CPU, the caches, the hypervisor and Linux', () => {
    expect(lineOf(X86_GUEST)).toBe(
      'AMD EPYC (family 25 model 17 stepping 1), 2 CPUs, L2 1 MiB, L3 32 MiB, guest of QEMU, sev sev_es sev_snp, Linux 6.12.1',
    );
  });

  it('has a singular for one CPU, and leaves out what the host does not have', () => {
    const info = 'vendor_id : GenuineIntel\nmodel name : Xeon\nflags : erms\n';
    const bare = { 'proc/cpuinfo': info, 'sys/devices/system/cpu/online': '0' };
    expect(lineOf(bare)).toBe('Xeon, 1 CPU');
  });

  it('says that the host is a guest also if the hypervisor is not known', () => {
    expect(lineOf({ 'proc/cpuinfo': 'model name : Xeon\nflags : hypervisor\n' })).toBe('Xeon, guest');
  });

  it('falls back to the vendor of the CPU, and then to the architecture', () => {
    expect(lineOf({ 'proc/cpuinfo': 'vendor_id : GenuineIntel\nflags : erms\n' })).toBe('GenuineIntel');
    expect(lineOf({}, 'riscv64')).toBe('riscv64');
    expect(lineOf(ARM_BARE, 'arm64')).toBe('Neoverse-N1, 1 CPU');
  });
});
