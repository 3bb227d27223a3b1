import { describe, expect, it } from '@jest/globals';
import { cpuBlocks } from '../../../../lib/bench/facts/cpu/cpu-blocks.js';
import type { CpuIdentity } from '../../../../lib/bench/facts/cpu/identity.js';
import { identityOf, unclearIdentity } from '../../../../lib/bench/facts/cpu/identity.js';
import { doesNotApply, reasonOfIdentity, reasonOfType } from '../../../../lib/bench/facts/cpu/reasons.js';
import type { CpuType } from '../../../../lib/bench/facts/host-schema.js';
import { armFields, cpuInfo, cpuTree, filesOf, x86Fields } from '../../fixtures/cpu-tree.js';

type Tree = Readonly<Record<string, string>>;
const identities = (...fields: Tree[]): Map<number, CpuIdentity> => {
  const { blocks, common } = cpuBlocks(cpuInfo(Object.fromEntries(fields.map((of, cpu) => [cpu, of]))));
  return new Map([...blocks].map(([cpu, block]) => [cpu, identityOf(block, common)]));
};
const reason = (part: keyof CpuIdentity, told: Map<number, CpuIdentity>, cpus = [...told.keys()]) =>
  reasonOfIdentity(filesOf({ 'proc/cpuinfo': 'x' }), part, cpus, told);

describe('reasonOfIdentity', () => {
  it('names the numbers that have no name', () => {
    const unknown = identities(armFields('0x99', '0xabc'));
    expect(reason('vendor', unknown)).toBe('no name is known for implementer 0x99');
    expect(reason('model', unknown)).toBe('no name is known for part 0xabc of implementer 0x99');
    expect(reason('model', identities({ 'CPU implementer': '0x41' }))).toBe('/proc/cpuinfo does not say');
  });

  it('says what an architecture has not', () => {
    const arm = identities(armFields('0x41', '0xd03'));
    expect([reason('family', arm), reason('microcode', arm)]).toEqual([
      'arm CPUs have no family',
      'arm CPUs tell none',
    ]);
    const x86 = identities(x86Fields());
    expect(reason('part', x86)).toBe('only arm and riscv CPUs have it');
    expect(reason('revision', x86)).toBe('x86 CPUs have a stepping instead');
    expect(reason('microcode', identities(x86Fields({ microcode: '0xffffffff' })))).toContain('hides it');
    const power = identities({ cpu: 'POWER9' });
    expect([reason('family', power), reason('flags', power)]).toEqual([
      'only x86 CPUs have it',
      '/proc/cpuinfo does not say',
    ]);
    const riscv = identities({ hart: '0', isa: 'rv64', mvendorid: '0x1' });
    expect(reason('vendor', riscv)).toBe('no name is known for mvendorid 0x1');
    expect(reason('family', identities({ ...x86Fields(), 'cpu family': '' }))).toBe('/proc/cpuinfo does not say');
  });

  it('tells CPUs that differ from CPUs that are not listed', () => {
    const mixed = identities(armFields('0x41', '0xd03'), armFields('0x41', '0xd08'));
    expect(reason('model', mixed)).toBe('kinds differ in it: see cpu.types');
    const partly = identities(x86Fields(), x86Fields({ stepping: 'unknown' }));
    expect(reason('stepping', partly)).toBe('kinds differ in it: see cpu.types');
    expect(reason('model', mixed, [0, 1, 2, 3])).toBe('/proc/cpuinfo does not list CPUs 2-3');
    expect(reason('model', mixed, [0, 1, 2])).toBe('/proc/cpuinfo does not list CPUs 2');
    expect(reasonOfIdentity(filesOf({}), 'model', [0], new Map())).toBe('/proc/cpuinfo is not there on this host');
  });

  it('says that one description stands for CPUs which differ', () => {
    const unclear = new Map([...identities(armFields('0x41', '0xd03'))].map(([cpu, of]) => [cpu, unclearIdentity(of)]));
    expect(reason('model', unclear)).toContain('describes one CPU for all of them');
  });
});

describe('doesNotApply', () => {
  it('tells what such a host does not have from what is not known of it', () => {
    const x86 = identities(x86Fields({ microcode: '0xffffffff' }));
    expect((['part', 'revision'] as const).map((part) => doesNotApply(reason(part, x86)))).toEqual([true, true]);
    expect(doesNotApply(reason('microcode', x86))).toBe(false);
    const riscv = identities({ hart: '0', isa: 'rv64', mvendorid: '0x1' });
    const parts = ['family', 'modelNumber', 'microcode'] as const;
    expect(parts.map((part) => doesNotApply(reason(part, riscv)))).toEqual([true, true, true]);
    expect(doesNotApply('/proc/cpuinfo does not say')).toBe(false);
  });
});

describe('reasonOfType', () => {
  it('names the file of the CPU that does not have it', () => {
    const type = { cpus: [0, 1] } as unknown as CpuType;
    const files = filesOf(cpuTree({}, [{ cpu_capacity: 1024 }, { cpu_capacity: '' }]));
    const of = (field: keyof CpuType, types: CpuType[]) => reasonOfType(files, field, type, types, new Map());
    expect(of('capacity', [type])).toBe('/sys/devices/system/cpu/cpu1/cpu_capacity does not say');
    expect(of('maxMHz', [type])).toContain('cpu0/cpufreq/cpuinfo_max_freq is not there');
    expect(of('kind', [type])).toBe('there is one kind of CPU');
    const without = filesOf(cpuTree({}, [{}, {}]));
    expect(reasonOfType(without, 'capacity', type, [type], new Map())).toBe('there is one kind of CPU');
    expect(reasonOfType(without, 'capacity', type, [type, type], new Map())).toContain('cpu_capacity is not there');
    expect(of('kind', [type, type])).toBe('nothing tells the role of this kind');
    expect(of('threadsPerCore', [type])).toBe('the cores of the CPUs are not known');
    expect(of('vendor', [type])).toBe('/proc/cpuinfo is not there on this host');
  });
});
