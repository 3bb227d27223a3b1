import { describe, expect, it } from '@jest/globals';
import { coresOf } from '../../../../lib/bench/facts/cpu/cores.js';
import { cpuBlocks } from '../../../../lib/bench/facts/cpu/cpu-blocks.js';
import { agreed, cpuTypes } from '../../../../lib/bench/facts/cpu/cpu-types.js';
import { identityOf } from '../../../../lib/bench/facts/cpu/identity.js';
import { armFields, type CpuFiles, cpuInfo, cpuTree, filesOf, x86Fields } from '../../fixtures/cpu-tree.js';

type Tree = Readonly<Record<string, string>>;

function types(cpus: readonly CpuFiles[], fields: readonly Tree[], more: Tree = {}) {
  const files = filesOf({ ...cpuTree({}, cpus), ...more });
  const online = cpus.map((_, cpu) => cpu);
  const info = cpuBlocks(cpuInfo(Object.fromEntries(fields.map((of, cpu) => [cpu, of]))));
  const identities = new Map([...info.blocks].map(([cpu, block]) => [cpu, identityOf(block, info.common)]));
  return cpuTypes(files, online, identities, coresOf(files, online, info));
}
const equals = (count: number, fields = x86Fields()) => Array.from({ length: count }, () => fields);
const maxima = (...megahertz: number[]): CpuFiles[] =>
  megahertz.map((value) => ({ 'cpufreq/cpuinfo_max_freq': value * 1000 }));

describe('cpuTypes', () => {
  it('has one kind for equal CPUs, with the clock of the name if nothing else tells it', () => {
    const named = x86Fields({ 'model name': 'Some CPU @ 2.10GHz' });
    expect(types([{}, {}], equals(2, named))).toEqual([
      {
        cpus: [0, 1],
        kind: null,
        vendor: 'GenuineIntel',
        model: 'Some CPU @ 2.10GHz',
        family: 6,
        modelNumber: 85,
        stepping: 7,
        microcode: '0x10',
        implementer: null,
        part: null,
        revision: null,
        capacity: null,
        baseMHz: 2100,
        maxMHz: null,
        threadsPerCore: null,
      },
    ]);
    const baseOf = types(maxima(5000, 3000), equals(2, named)).map(({ baseMHz }) => baseMHz);
    expect(baseOf).toEqual([null, null]); // a name says nothing of several kinds
    expect(types([], [])).toEqual([]);
  });

  it('takes favoured cores for no kind of their own, and tells what each core reaches', () => {
    expect(types(maxima(5200, 5000, 5450, 5700), equals(4))).toMatchObject([{ cpus: [0, 1, 2, 3], maxMHz: 5000 }]);
    const capacities = [718, 731].map((value) => ({ cpu_capacity: value }));
    expect(types(capacities, equals(2, armFields('0x41', '0xd87')))).toMatchObject([{ capacity: 718, kind: null }]);
  });

  it('tells kinds by their clocks', () => {
    expect(types(maxima(5000, 5200, 3600, 3600, 2500), equals(5))).toMatchObject([
      { cpus: [0, 1], kind: 'performance', maxMHz: 5000 },
      { cpus: [2, 3], kind: 'efficient', maxMHz: 3600 },
      { cpus: [4], kind: 'efficient', maxMHz: 2500 },
    ]);
  });

  it('tells kinds by what Linux lists', () => {
    const listed = { 'sys/devices/cpu_core/cpus': '2\n', 'sys/devices/cpu_atom/cpus': '0-1,9\n' };
    expect(types([{}, {}, {}], [], listed)).toMatchObject([
      { cpus: [0, 1], kind: 'efficient', model: null },
      { cpus: [2], kind: 'performance', model: null },
    ]);
  });

  it('tells kinds by their first data cache, where clocks are near', () => {
    const cache = (size: string, megahertz: number): CpuFiles => ({
      'cache/index0/level': 1,
      'cache/index0/type': 'Data',
      'cache/index0/size': size,
      'cpufreq/cpuinfo_max_freq': megahertz * 1000,
    });
    const cpus = [cache('32K', 2800), cache('32K', 2800), cache('48K', 3000), cache('32K', 2800)];
    expect(types(cpus, equals(4))).toMatchObject([
      { cpus: [0, 1, 3], kind: 'efficient' },
      { cpus: [2], kind: 'performance' },
    ]);
    const behind = (size: string): CpuFiles => ({
      'cache/index0/level': 1,
      'cache/index0/type': 'Instruction',
      'cache/index0/size': '64K',
      'cache/index1/level': 1,
      'cache/index1/type': 'Data',
      'cache/index1/size': size,
    });
    expect(types([behind('32K'), behind('48K')], equals(2))).toHaveLength(2);
    // Of the second CPU no cache is told, which makes it no other kind.
    expect(types([cache('32K', 2800), {}], equals(2))).toMatchObject([{ cpus: [0, 1], maxMHz: null }]);
  });

  it('tells kinds by part and revision, in the order of their first CPU', () => {
    const [small, large] = [armFields('0x41', '0xd05'), armFields('0x41', '0xd41', '0x1', '1')];
    const sorted = types([{}, {}, {}], [large, small, large]);
    expect(sorted).toMatchObject([
      { cpus: [0, 2], kind: 'performance', model: 'Cortex-A78', revision: 'r1p1' },
      { cpus: [1], kind: 'efficient', model: 'Cortex-A55', revision: 'r0p0' },
    ]);
    const three = types(maxima(3000, 1000, 2000), [large, small, large]);
    expect(three.map(({ cpus }) => cpus)).toEqual([[0], [1], [2]]);
    expect(types([{}, {}], [x86Fields(), x86Fields({ stepping: '4' })])).toHaveLength(2);
  });

  it('gives no roles to two packages of different models, or to cores with another base alone', () => {
    const fields = [x86Fields(), x86Fields({ 'model name': 'Other CPU' })];
    expect(types(maxima(3000, 4000), fields).map(({ kind }) => kind)).toEqual([null, null]);
    const bases = [2700, 2100].map((value) => ({
      'cpufreq/base_frequency': value * 1000,
      'cpufreq/cpuinfo_max_freq': 3_900_000,
    }));
    expect(types(bases, equals(2))).toMatchObject([
      { kind: null, baseMHz: 2700 },
      { kind: null, baseMHz: 2100 },
    ]);
  });

  it('has the microcode that all CPUs of a kind have', () => {
    expect(types([{}, {}], [x86Fields(), x86Fields({ microcode: '0x11' })])).toMatchObject([{ microcode: null }]);
  });

  it('has threads per core of each kind', () => {
    const lists = ['0-1', '0-1', '2'].map((text, cpu) => ({
      'topology/core_cpus_list': text,
      'cpufreq/cpuinfo_max_freq': cpu < 2 ? 5_000_000 : 3_000_000,
    }));
    expect(types(lists, equals(3)).map(({ threadsPerCore }) => threadsPerCore)).toEqual([2, 1]);
    const alike = lists.map((files) => ({ ...files, 'cpufreq/cpuinfo_max_freq': 5_000_000 }));
    expect(types(alike, equals(3))).toMatchObject([{ cpus: [0, 1, 2], threadsPerCore: 2 }]);
  });
});

describe('agreed', () => {
  it('has the value of all, and none where one is unknown', () => {
    expect(agreed([1, 1])).toBe(1);
    expect(agreed([1, 2])).toBeNull();
    expect(agreed([1, undefined])).toBeNull();
    expect(agreed([])).toBeNull();
  });
});
