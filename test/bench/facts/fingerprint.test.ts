import { describe, expect, it } from '@jest/globals';
import { type FingerprintContext, type Fingerprinted, fingerprintOf } from '../../../lib/bench/facts/fingerprint.js';
import type { CpuType, HostFacts } from '../../../lib/bench/facts/host-schema.js';
import { lastLevelCache } from '../fixtures/memory-facts.js';

const ARM: CpuType = {
  cpus: [0, 1],
  kind: null,
  vendor: 'ARM',
  model: 'Cortex-A53',
  family: null,
  modelNumber: 0xd03,
  stepping: 1,
  microcode: null,
  implementer: '0x41',
  part: '0xd03',
  revision: 'r1p1',
  capacity: null,
  baseMHz: null,
  maxMHz: null,
  threadsPerCore: 1,
};
const X86: CpuType = {
  ...ARM,
  vendor: 'GenuineIntel',
  model: 'Xeon',
  family: 6,
  modelNumber: 85,
  stepping: 7,
  microcode: '0x1',
  implementer: null,
  part: null,
  revision: null,
};
const CPU: HostFacts['cpu'] = {
  vendor: null,
  model: null,
  family: null,
  modelNumber: null,
  stepping: null,
  microcode: null,
  flags: ['avx2'],
  types: [X86],
  online: [0, 1],
  offline: [],
  isolated: [],
  packages: 1,
  dies: null,
  cores: 2,
  threadsPerCore: 1,
  siblings: [[0], [1]],
  smt: false,
  governor: 'powersave',
  frequencyDriver: null,
  turbo: true,
};
const NODE = { id: 0, cpus: [0, 1], bytes: 1, distances: [10], kind: null, memorySideCache: null };
const HOST: Fingerprinted = {
  arch: 'x64',
  cpu: CPU,
  caches: [lastLevelCache(8 << 20, [0, 1])],
  cachesIncomplete: [],
  numaNodes: [NODE],
};
const METAL: FingerprintContext = { virtual: false, guest: 'none', isWithoutNodes: false, hidesCpus: false };

const of = (facts: Partial<Fingerprinted>, context: Partial<FingerprintContext> = {}) =>
  fingerprintOf({ ...HOST, ...facts }, { ...METAL, ...context });
const withTypes = (...types: CpuType[]) => of({ cpu: { ...CPU, types } });
const withCache = (changed: Partial<NonNullable<HostFacts['caches']>[number]>) =>
  of({ caches: [{ ...lastLevelCache(8 << 20, [0, 1]), ...changed }] });

describe('the fingerprint', () => {
  it('is a hash after the version of its making', () => {
    expect(of({})).toEqual({ fingerprint: expect.stringMatching(/^2-[\da-f]{16}$/), unknown: [] });
  });

  it('does not change with what may change between two runs, nor with names and numbers of equal CPUs', () => {
    const same = [
      of({ cpu: { ...CPU, governor: 'performance', turbo: false, flags: null, microcode: '0x2', isolated: [1] } }),
      withTypes({ ...X86, microcode: '0x2', maxMHz: 3000 }),
      withTypes({ ...X86, cpus: [0], kind: 'performance' }, { ...X86, cpus: [1], kind: 'efficient' }),
      of({ numaNodes: [{ ...NODE, bytes: 2, kind: 'DRAM' }] }),
      of({ numaNodes: null }, { isWithoutNodes: true }),
      withCache({ sharedBy: [[1, 3]], toldBy: 'hypervisor' }),
    ];
    expect(new Set(same.map(({ fingerprint }) => fingerprint))).toEqual(new Set([of({}).fingerprint]));
    const named = withTypes({ ...ARM, model: null, vendor: null });
    expect(named).toEqual(withTypes(ARM));
  });

  it('does not depend on the order in which CPUs and caches are numbered', () => {
    const [little, big] = [
      { ...ARM, cpus: [0] },
      { ...ARM, cpus: [1], part: '0xd08' },
    ];
    expect(withTypes(little, big)).toEqual(withTypes(big, little));
    const [small, large] = [lastLevelCache(1 << 20, [0]), lastLevelCache(2 << 20, [1])];
    expect(of({ caches: [small, large] })).toEqual(of({ caches: [large, small] }));
    const nodes = [1, 2].map((id) => ({ ...NODE, id, memorySideCache: { bytes: id << 30, lineBytes: 64 } }));
    expect(of({ numaNodes: nodes })).toEqual(of({ numaNodes: nodes.toReversed() }));
  });

  it('is another one for each host that differs in what decides a copy', () => {
    const others = [
      of({}),
      of({ arch: 'ia32' }),
      withTypes({ ...X86, stepping: 8 }),
      withTypes({ ...X86, model: 'Xeon Gold' }),
      withTypes(ARM),
      withTypes({ ...ARM, revision: 'r3p1' }),
      withTypes({ ...ARM, cpus: [0] }, { ...ARM, cpus: [1], part: '0xd08' }),
      withTypes({ ...ARM, cpus: [0] }, { ...ARM, cpus: [1], part: '0xd09' }),
      withTypes({ ...ARM, implementer: '0x48' }),
      of({ cpu: { ...CPU, online: [0] } }),
      of({ cpu: { ...CPU, packages: 2 } }),
      of({ cpu: { ...CPU, cores: 1 } }),
      of({ cpu: { ...CPU, threadsPerCore: 2 } }),
      withCache({ bytes: 16 << 20 }),
      withCache({ instances: 2 }),
      withCache({ level: 2 }),
      of({ numaNodes: [NODE, { ...NODE, id: 1 }] }),
      of({ numaNodes: [{ ...NODE, memorySideCache: { bytes: 1 << 30, lineBytes: 64 } }] }),
      of({}, { virtual: true }),
      of({}, { virtual: true, guest: null }),
      of({}, { virtual: true, guest: 'tdx' }),
    ];
    const hashes = others.map(({ fingerprint }) => fingerprint);
    expect(hashes).not.toContain(null);
    expect(new Set(hashes).size).toBe(others.length);
  });

  it.each([
    ['cpu.types', of({ cpu: { ...CPU, types: null } })],
    ['cpu.types', of({ cpu: { ...CPU, types: [] } })],
    ['cpu.types.model', withTypes({ ...X86, model: null })],
    ['cpu.types.stepping', withTypes({ ...X86, stepping: null })],
    ['cpu.types.part', withTypes({ ...ARM, part: null })],
    ['cpu.types.revision', withTypes({ ...ARM, revision: null })],
    [
      'cpu.types.revision',
      of({ arch: 'ppc64', cpu: { ...CPU, types: [{ ...X86, modelNumber: null, stepping: null }] } }),
    ],
    ['cpu.online', of({ cpu: { ...CPU, online: null } })],
    ['cpu.packages', of({ cpu: { ...CPU, packages: null } })],
    ['cpu.cores', of({ cpu: { ...CPU, cores: null } })],
    ['cpu.threadsPerCore', of({ cpu: { ...CPU, threadsPerCore: null } })],
    ['caches', of({ caches: null, cachesIncomplete: null })],
    ['caches of each CPU', of({ cachesIncomplete: [1] })],
    ['caches.bytes', withCache({ bytes: null })],
    ['caches.instances', withCache({ instances: null })],
    ['caches.type', withCache({ type: 'Unknown' })],
    ['numaNodes', of({ numaNodes: null })],
    ['numaNodes.memorySideCache', of({ numaNodes: [{ ...NODE, memorySideCache: { bytes: null, lineBytes: null } }] })],
    ['hypervisor.present (by files)', of({}, { virtual: null })],
  ])('is none where %s is not known, and names it', (fact, made) => {
    expect(made).toEqual({ fingerprint: null, unknown: [fact] });
  });

  it('names all that is not known', () => {
    const made = of({ cpu: { ...CPU, cores: null }, caches: null }, { virtual: null });
    expect(made).toEqual({ fingerprint: null, unknown: ['cpu.cores', 'hypervisor.present (by files)', 'caches'] });
  });
});
