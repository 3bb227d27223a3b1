import { describe, expect, it } from '@jest/globals';
import { hostSchema } from '../../../lib/bench/facts/host-schema.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { ARM_BARE, hostTree, X86_GUEST } from '../fixtures/host-tree.js';

const facts = (files: Readonly<Record<string, string>>, arch = 'x64') => hostFacts({ root: hostTree(files), arch });
const reasonFor = (host: ReturnType<typeof facts>, fact: string) =>
  host.missing.find((entry) => entry.fact === fact)?.reason;

describe('hostFacts', () => {
  it('refuses sources that there are not', () => {
    const call = (sources: unknown) => () => hostFacts(sources as object);
    expect(call({ roots: '/' })).toThrow(expect.objectContaining({ code: 'ERR_UNKNOWN_OPTION' }));
    expect(call(null)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
  });

  it('gathers the facts of an x86 guest', () => {
    const host = facts(X86_GUEST);
    expect(host.cpu).toMatchObject({
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
    expect(new Set(host.caches?.map(({ toldBy }) => toldBy))).toEqual(new Set(['hypervisor']));
    expect(host.memory).toMatchObject({
      totalBytes: 8000 * 1024,
      memlockLimit: 65536,
      transparentHugePages: 'madvise',
      hugePagesFree: 3,
    });
    expect(host.encryption).toEqual({
      able: [],
      guest: 'sev_snp',
      inEffect: ['sev_snp'],
      notInEffect: [],
      undecided: [],
    });
    expect(host.kernel).toMatchObject({ preemption: 'full', mitigations: { spectre_v2: 'Retpolines' } });
    expect(host.hypervisor).toEqual({ present: true, vendor: 'QEMU' });
    expect(host.numaNodes).toMatchObject([{ id: 0, cpus: [0, 1], bytes: 8000 * 1024 }]);
    // What x86 has not is no gap of this host.
    expect(host.missing.filter(({ fact }) => !fact.startsWith('cpu.types[].'))).toEqual([]);
    expect(hostSchema().parse(host)).toEqual(host);
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
    expect(hostSchema().parse(host)).toEqual(host);
  });

  it('returns nulls for a host that tells nothing', () => {
    const host = facts({});
    expect(host.cpu.online).toBeNull();
    expect(host.encryption.able).toBeNull();
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
    expect(hostSchema().parse(host)).toEqual(host);
  });

  it('returns the same fingerprint at any time, and another one for another host', () => {
    const later = { ...X86_GUEST, 'proc/meminfo': 'MemTotal: 9000 kB\nHugePages_Free: 0\n', 'proc/cmdline': 'quiet' };
    expect(facts(later).fingerprint).toBe(facts(X86_GUEST).fingerprint);
    const other = { ...X86_GUEST, 'proc/cpuinfo': X86_GUEST['proc/cpuinfo']!.replaceAll('17', '1') };
    expect(facts(other).fingerprint).not.toBe(facts(X86_GUEST).fingerprint);
  });

  it('returns the same fingerprint with the addon and without it, and in a container that sees no devices', () => {
    const root = hostTree(X86_GUEST);
    const cpuid = {
      hypervisorVendor: 'KVMKVMKVM',
      offered: ['sev'],
      caches: [],
      tdxGuest: true,
      hyperVIsolation: null,
    };
    const known = hostFacts({ root, arch: 'x64' }).fingerprint;
    expect(known).toMatch(/^2-/);
    expect(hostFacts({ root, arch: 'x64', cpuid: () => cpuid }).fingerprint).toBe(known);
    const contained = { ...X86_GUEST, 'proc/self/limits': '', 'proc/meminfo': '', 'sys/class/dmi/id/sys_vendor': '' };
    expect(facts(contained).fingerprint).toBe(known);
  });

  it('has the caches that the CPU reports where Linux tells none, and a fingerprint of its own with them', () => {
    const silent = Object.fromEntries(Object.entries(X86_GUEST).filter(([path]) => !path.includes('/cache/')));
    const reporting = (bytes: number) => () => ({
      hypervisorVendor: '',
      offered: [],
      caches: [{ level: 2, type: 'Unified', bytes }],
      tdxGuest: false,
      hyperVIsolation: null,
    });
    const of = (files: typeof silent, bytes: number) =>
      hostFacts({ root: hostTree(files), arch: 'x64', cpuid: reporting(bytes) });
    expect(of(silent, 1 << 20).reportedCaches).toEqual([{ level: 2, type: 'Unified', bytes: 1 << 20 }]);
    expect(of(silent, 1 << 20).caches).toBeNull();
    expect(of(silent, 1 << 20).fingerprint).toMatch(/^2-/);
    expect(of(silent, 1 << 20).fingerprint).toBe(of(silent, 1 << 20).fingerprint);
    expect(of(silent, 1 << 21).fingerprint).not.toBe(of(silent, 1 << 20).fingerprint);
    expect(of(silent, 1 << 20).fingerprint).not.toBe(facts(X86_GUEST).fingerprint);
    expect(of(X86_GUEST, 1 << 20).reportedCaches).toBeUndefined();
    expect(facts(silent).fingerprint).toBeNull();
    const nothing = { ...reporting(1)(), caches: [] };
    const asked = hostFacts({ root: hostTree(silent), arch: 'x64', cpuid: () => nothing });
    expect(asked.reportedCaches).toBeUndefined();
  });

  it('returns no fingerprint where a part of it is not known, with the reason', () => {
    const host = facts(ARM_BARE, 'arm64');
    expect(host.fingerprint).toBeNull();
    expect(reasonFor(host, 'fingerprint')).toMatch(/^not known: .*caches/);
    expect(reasonFor(host, 'fingerprint')).toContain('hypervisor.present');
    expect(facts({ 'proc/sys/kernel/osrelease': '\n' }).kernel.release).toBeNull();
  });

  it('prefers the name of the hypervisor from the CPU to that from the board', () => {
    const root = hostTree(X86_GUEST);
    const cpuid = { hypervisorVendor: 'KVMKVMKVM', offered: [], caches: [], tdxGuest: false, hyperVIsolation: null };
    expect(hostFacts({ root, cpuid: () => cpuid }).hypervisor.vendor).toBe('KVM');
  });
});
