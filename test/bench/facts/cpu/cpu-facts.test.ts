import { describe, expect, it } from '@jest/globals';
import { cpuFacts } from '../../../../lib/bench/facts/cpu/cpu-facts.js';
import { armFields, type CpuFiles, cpuInfo, cpuTree, filesOf, x86Fields } from '../../fixtures/cpu-tree.js';

type Tree = Readonly<Record<string, string>>;

function facts(tree: Tree, info = '') {
  const files = filesOf(info === '' ? tree : { ...tree, 'proc/cpuinfo': info });
  const cpu = cpuFacts(files);
  const reasonFor = (fact: string) => files.missing.find((entry) => entry.fact === `cpu.${fact}`)?.reason;
  return { cpu, reasonFor };
}

/** Every fact that is null, of the CPUs and of their kinds. */
function nulls(cpu: object): string[] {
  return Object.entries(cpu).flatMap(([name, value]) => {
    if (name === 'types' && value !== null)
      return (value as object[]).flatMap((type) => nulls(type).map((n) => `types[].${n}`));
    return value === null ? [name] : [];
  });
}

const SMALL = armFields('0x41', '0xd05', '0x2', '0');
const LARGE = { ...armFields('0x41', '0xd41', '0x1', '0'), Features: 'fp asimd crc32 dcpop' };
const X86_TWO_THREADS: CpuFiles = { 'topology/core_cpus_list': '0-1', 'topology/package_cpus_list': '0-1' };

describe('cpuFacts', () => {
  it('has what all CPUs share, and counts of an x86', () => {
    const tree = cpuTree({ online: '0-1', present: '0-3', isolated: '1' }, [X86_TWO_THREADS, X86_TWO_THREADS]);
    const { cpu } = facts(tree, cpuInfo({ 0: x86Fields(), 1: x86Fields({ flags: 'fpu erms' }) }));
    expect(cpu).toMatchObject({
      vendor: 'GenuineIntel',
      model: 'Some CPU',
      modelNumber: 85,
      flags: ['erms'],
      online: [0, 1],
      offline: [2, 3],
      isolated: [1],
      packages: 1,
      cores: 1,
      threadsPerCore: 2,
      siblings: [[0, 1]],
      smt: true,
    });
    expect(cpu.types).toHaveLength(1);
  });

  it('tells nothing of all CPUs in which kinds differ', () => {
    const { cpu, reasonFor } = facts(cpuTree({ online: '0-1' }), cpuInfo({ 0: SMALL, 1: LARGE }));
    expect(cpu).toMatchObject({
      vendor: 'ARM',
      model: null,
      modelNumber: null,
      stepping: 0,
      flags: ['asimd', 'crc32'],
    });
    expect(cpu.types?.map(({ cpus, model, kind }) => [cpus, model, kind])).toEqual([
      [[0], 'Cortex-A55', 'efficient'],
      [[1], 'Cortex-A78', 'performance'],
    ]);
    expect(reasonFor('model')).toBe('kinds differ in it: see cpu.types');
  });

  it('knows nothing of all CPUs where cpuinfo lists some of them', () => {
    const { cpu, reasonFor } = facts(cpuTree({ online: '0-2' }), cpuInfo({ 0: x86Fields() }));
    expect(cpu).toMatchObject({ model: null, flags: null });
    expect(reasonFor('model')).toBe('/proc/cpuinfo does not list CPUs 1-2');
    expect(cpu.types).toMatchObject([
      { cpus: [0], model: 'Some CPU', kind: null },
      { cpus: [1, 2], model: null, kind: null },
    ]);
    expect(reasonFor('types[].model')).toBe('/proc/cpuinfo does not list CPUs 1-2');
  });

  it('asks the register of arm64 CPUs that cpuinfo does not describe', () => {
    const register = (value: string): CpuFiles => ({ 'regs/identification/midr_el1': value });
    const tree = cpuTree({ online: '0-1' }, [register('0x00000000412fd050'), register('0x00000000411fd410')]);
    const { cpu } = facts(tree, cpuInfo({ 0: SMALL }));
    expect(cpu.types?.map(({ model, revision }) => [model, revision])).toEqual([
      ['Cortex-A55', 'r2p0'],
      ['Cortex-A78', 'r1p0'],
    ]);
  });

  it('does not take one description for CPUs that differ', () => {
    const info = `${cpuInfo({ 0: {}, 1: {} })}\nFeatures : asimd\nCPU implementer : 0x41\nCPU part : 0xd03\n`;
    const clocks = (second: number): Tree =>
      cpuTree({ online: '0-1' }, [{ 'cpufreq/cpuinfo_max_freq': 1_000_000 }, { 'cpufreq/cpuinfo_max_freq': second }]);
    expect(facts(clocks(1_000_000), info).cpu).toMatchObject({ model: 'Cortex-A53', flags: ['asimd'] });
    const { cpu, reasonFor } = facts(clocks(2_000_000), info);
    expect(cpu).toMatchObject({ model: null, vendor: null, flags: ['asimd'] });
    expect(cpu.types).toHaveLength(2);
    expect(reasonFor('model')).toContain('they differ');
    const registers = ['0x410fd034', '0x411fd410'].map((value) => ({ 'regs/identification/midr_el1': value }));
    const told = facts(cpuTree({ online: '0-1' }, registers), info).cpu;
    expect(told.types?.map(({ model }) => model)).toEqual(['Cortex-A53', 'Cortex-A78']);
    expect(told.flags).toEqual(['asimd']);
    const partly = facts(cpuTree({ online: '0-1' }, [registers[1]!]), info).cpu;
    expect(partly.types).toMatchObject([{ cpus: [0, 1], part: null }]); // of one CPU it is not clear
  });

  it('tells hyperthreads by the cores first: the file of Linux is about all CPUs that are there', () => {
    const cpus = [{ 'topology/core_cpus_list': '0' }, {}, { 'topology/core_cpus_list': '2' }];
    expect(facts(cpuTree({ online: '0,2', 'smt/active': '1' }, cpus)).cpu).toMatchObject({ smt: false, cores: 2 });
    expect(facts(cpuTree({ online: '0-1', 'smt/active': '0' })).cpu).toMatchObject({ smt: false, cores: null });
    expect(facts(cpuTree({ online: '0-1', 'smt/active': '1' })).cpu.smt).toBe(true);
    const some = facts(cpuTree({ online: '0-2' }, [{ 'topology/core_cpus_list': '0-1' }]));
    expect(some.cpu).toMatchObject({ smt: true, cores: null });
    expect(some.reasonFor('cores')).toContain('the cores of CPUs 2: ');
    const odd = facts(cpuTree({ online: '0-1' }, [X86_TWO_THREADS, { 'topology/core_cpus_list': '1' }]));
    expect(odd.reasonFor('cores')).toBe('the lists of siblings contradict each other');
  });

  it.each([
    ['nothing', {}, ''],
    ['a list of CPUs alone', cpuTree({ online: '0-3' }), ''],
    ['cpuinfo of x86 alone', {}, cpuInfo({ 0: x86Fields(), 1: x86Fields({ microcode: '0x11' }) })],
    ['cpuinfo of arm64 alone', {}, cpuInfo({ 0: SMALL, 1: LARGE })],
    ['cpuinfo of ppc64 alone', {}, cpuInfo({ 0: { cpu: 'POWER8E (raw), altivec supported' } })],
    ['folders without lists', cpuTree({}, [X86_TWO_THREADS, X86_TWO_THREADS]), ''],
  ])('has a reason for each null where there is %s', (_, tree, info) => {
    const { cpu, reasonFor } = facts(tree, info);
    for (const name of nulls(cpu))
      expect({ name, reason: reasonFor(name) ?? 'none' }).not.toEqual({ name, reason: 'none' });
  });

  it('knows no CPU at all where nothing tells them', () => {
    const { cpu, reasonFor } = facts({});
    expect(Object.values(cpu).every((value) => value === null)).toBe(true);
    expect(reasonFor('types')).toBe('the online CPUs are not known');
  });
});
