import { describe, expect, it } from '@jest/globals';
import { machineSchema } from '../../../lib/bench/host/facts.js';
import { machineFacts } from '../../../lib/bench/host/host-facts.js';
import { ARM_BARE, hostTree, X86_GUEST } from '../fixtures/host-tree.js';

const facts = (files: Readonly<Record<string, string>>, arch = 'x64') => machineFacts({ root: hostTree(files), arch });
const reasonFor = (machine: ReturnType<typeof facts>, fact: string) =>
  machine.missing.find((entry) => entry.fact === fact)?.reason;

describe('machineFacts', () => {
  it('gathers an x86 guest', () => {
    const machine = facts(X86_GUEST);
    expect(machine.cpu).toEqual({
      vendor: 'AuthenticAMD',
      model: 'AMD EPYC',
      family: 25,
      modelNumber: 17,
      stepping: 1,
      microcode: '0xa101148',
      flags: ['avx2', 'constant_tsc', 'erms', 'fsrm', 'hypervisor', 'nonstop_tsc', 'rdtscp', 'sse4_2'],
      online: [0, 1],
      smt: true,
      governor: 'powersave',
    });
    expect(machine.caches?.map(({ level, bytes, sharedBy }) => [level, bytes, sharedBy])).toEqual([
      [1, 32768, [[0, 1]]],
      [2, 1 << 20, [[0, 1]]],
      [3, 32 << 20, [[0, 1]]],
    ]);
    expect(machine.memory).toEqual({
      totalBytes: 8000 * 1024,
      memlockLimit: 65536,
      transparentHugePages: 'madvise',
      hugePagesFree: 3,
    });
    expect(machine.encryption).toEqual(['sev', 'sev_es', 'sev_snp']);
    expect(machine.hypervisor).toEqual({ present: true, vendor: 'QEMU' });
    expect(machine.numaNodes).toEqual([{ id: 0, cpus: [0, 1], bytes: 8000 * 1024 }]);
    expect(machine.missing).toEqual([]);
    expect(machineSchema.parse(machine)).toEqual(machine);
  });

  it('keeps only tokens about bouncing of the command line', () => {
    const machine = facts(X86_GUEST);
    expect(machine.kernel.bootTokens).toEqual(['swiotlb=262144,force', 'iommu.strict=1']);
    expect(JSON.stringify(machine)).not.toContain('secret');
  });

  it('reads a wrapped counter as unknown', () => {
    expect(facts(X86_GUEST).swiotlb).toEqual([
      { pool: '', slots: 32768, used: null, highWater: 512 },
      { pool: 'nic', slots: 128, used: null, highWater: null },
    ]);
  });

  it('gathers arm64 without sysfs, with a reason for each gap', () => {
    const machine = facts(ARM_BARE, 'arm64');
    expect(machine.cpu).toMatchObject({ vendor: 'ARM', model: 'Neoverse-N1', modelNumber: 0xd0c, stepping: 1 });
    expect(machine.cpu.flags).toEqual(['asimd', 'crc32', 'dcpop', 'mops']);
    expect(machine.cpu.online).toEqual([0]);
    expect(machine.caches).toBeNull();
    expect(reasonFor(machine, 'caches')).toContain('/sys/devices/system/cpu');
    expect(reasonFor(machine, 'memory.totalBytes')).toBe('/proc/meminfo is not there on this host');
    expect(machineSchema.parse(machine)).toEqual(machine);
  });

  it('survives a host that says nothing at all', () => {
    const machine = facts({});
    expect(machine.cpu.online).toBeNull();
    expect(machine.encryption).toBeNull();
    for (const fact of [
      'cpu.vendor',
      'cpu.online',
      'numaNodes',
      'swiotlb',
      'kernel.bootTokens',
      'hypervisor.present',
    ]) {
      expect(reasonFor(machine, fact)).toBeTruthy();
    }
    expect(machineSchema.parse(machine)).toEqual(machine);
  });

  it('has one fingerprint for one kind of host, whatever the moment', () => {
    const later = { ...X86_GUEST, 'proc/meminfo': 'MemTotal: 9000 kB\nHugePages_Free: 0\n', 'proc/cmdline': 'quiet' };
    expect(facts(later).fingerprint).toBe(facts(X86_GUEST).fingerprint);
    const other = { ...X86_GUEST, 'proc/cpuinfo': X86_GUEST['proc/cpuinfo']!.replaceAll('17', '1') };
    expect(facts(other).fingerprint).not.toBe(facts(X86_GUEST).fingerprint);
  });

  it('asks the CPU for its hypervisor before the board', () => {
    const root = hostTree(X86_GUEST);
    expect(machineFacts({ root, hypervisorVendor: () => 'KVMKVMKVM' }).hypervisor.vendor).toBe('KVM');
  });
});
