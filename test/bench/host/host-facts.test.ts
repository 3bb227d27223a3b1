import { describe, expect, it } from '@jest/globals';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { hostSchema } from '../../../lib/bench/host/host-schema.js';
import { ARM_BARE, hostTree, X86_GUEST } from '../fixtures/host-tree.js';

const facts = (files: Readonly<Record<string, string>>, arch = 'x64') => hostFacts({ root: hostTree(files), arch });
const reasonFor = (host: ReturnType<typeof facts>, fact: string) =>
  host.missing.find((entry) => entry.fact === fact)?.reason;

describe('hostFacts', () => {
  it('gathers the facts of an x86 guest', () => {
    const host = facts(X86_GUEST);
    expect(host.cpu).toEqual({
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
    expect(host.caches?.map(({ level, bytes, sharedBy }) => [level, bytes, sharedBy])).toEqual([
      [1, 32768, [[0, 1]]],
      [2, 1 << 20, [[0, 1]]],
      [3, 32 << 20, [[0, 1]]],
    ]);
    expect(host.memory).toEqual({
      totalBytes: 8000 * 1024,
      memlockLimit: 65536,
      transparentHugePages: 'madvise',
      hugePagesFree: 3,
    });
    expect(host.encryption).toEqual(['sev', 'sev_es', 'sev_snp']);
    expect(host.hypervisor).toEqual({ present: true, vendor: 'QEMU' });
    expect(host.numaNodes).toEqual([{ id: 0, cpus: [0, 1], bytes: 8000 * 1024 }]);
    expect(host.missing).toEqual([]);
    expect(hostSchema.parse(host)).toEqual(host);
  });

  it('keeps only those tokens of the command line that are about bouncing', () => {
    const host = facts(X86_GUEST);
    expect(host.kernel.bootTokens).toEqual(['swiotlb=262144,force', 'iommu.strict=1']);
    expect(JSON.stringify(host)).not.toContain('secret');
  });

  it('reads a counter that fell below zero as unknown', () => {
    expect(facts(X86_GUEST).swiotlb).toEqual([
      { pool: '', slots: 32768, used: null, highWater: 512 },
      { pool: 'nic', slots: 128, used: null, highWater: null },
    ]);
  });

  it('gathers the facts of an arm64 host without sysfs, with a reason for each missing fact', () => {
    const host = facts(ARM_BARE, 'arm64');
    expect(host.cpu).toMatchObject({ vendor: 'ARM', model: 'Neoverse-N1', modelNumber: 0xd0c, stepping: 1 });
    expect(host.cpu.flags).toEqual(['asimd', 'crc32', 'dcpop', 'mops']);
    expect(host.cpu.online).toEqual([0]);
    expect(host.caches).toBeNull();
    expect(reasonFor(host, 'caches')).toContain('/sys/devices/system/cpu');
    expect(reasonFor(host, 'memory.totalBytes')).toBe('/proc/meminfo is not there on this host');
    expect(hostSchema.parse(host)).toEqual(host);
  });

  it('returns nulls for a host that tells nothing', () => {
    const host = facts({});
    expect(host.cpu.online).toBeNull();
    expect(host.encryption).toBeNull();
    for (const fact of [
      'cpu.vendor',
      'cpu.online',
      'numaNodes',
      'swiotlb',
      'kernel.bootTokens',
      'hypervisor.present',
    ]) {
      expect(reasonFor(host, fact)).toBeTruthy();
    }
    expect(hostSchema.parse(host)).toEqual(host);
  });

  it('returns the same fingerprint at any time, and another one for another host', () => {
    const later = { ...X86_GUEST, 'proc/meminfo': 'MemTotal: 9000 kB\nHugePages_Free: 0\n', 'proc/cmdline': 'quiet' };
    expect(facts(later).fingerprint).toBe(facts(X86_GUEST).fingerprint);
    const other = { ...X86_GUEST, 'proc/cpuinfo': X86_GUEST['proc/cpuinfo']!.replaceAll('17', '1') };
    expect(facts(other).fingerprint).not.toBe(facts(X86_GUEST).fingerprint);
  });

  it('prefers the name of the hypervisor from the CPU to that from the board', () => {
    const root = hostTree(X86_GUEST);
    expect(hostFacts({ root, hypervisorVendor: () => 'KVMKVMKVM' }).hypervisor.vendor).toBe('KVM');
  });
});
