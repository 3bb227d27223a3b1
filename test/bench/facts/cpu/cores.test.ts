import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { coresOf } from '../../../../lib/bench/facts/cpu/cores.js';
import { cpuBlocks } from '../../../../lib/bench/facts/cpu/cpu-blocks.js';
import { formatCpuList } from '../../../../lib/bench/facts/cpu-list.js';
import { type CpuFiles, cpuInfo, cpuTree, filesOf } from '../../fixtures/cpu-tree.js';

const lists = (...texts: (string | null)[]): (CpuFiles | null)[] =>
  texts.map((text) => (text === null ? null : { 'topology/thread_siblings_list': text }));
const cores = (cpus: readonly (CpuFiles | null)[], online: number[], info = '') =>
  coresOf(filesOf(cpuTree({}, cpus)), online, cpuBlocks(info));
const ids = (pack: number, core: number, more: CpuFiles = {}): CpuFiles => ({
  'topology/physical_package_id': pack,
  'topology/core_id': core,
  ...more,
});

describe('coresOf', () => {
  it('groups the CPUs by their lists, ends with NUL or not', () => {
    const told = cores(lists('0,2', '1,3\n\0', '0,2', '1,3'), [0, 1, 2, 3]);
    expect(told).toEqual({
      siblings: [
        [0, 2],
        [1, 3],
      ],
      unknown: [],
      shared: true,
    }); // prettier-ignore
  });

  it('reads the map where there is no list', () => {
    const maps = [1, 1].map(() => ({ 'topology/thread_siblings': '00000000,00000003' }));
    expect(cores(maps, [0, 1]).siblings).toEqual([[0, 1]]);
    expect(cores([{ 'topology/core_cpus': '3' }, { 'topology/core_cpus': '3' }], [0, 1]).siblings).toEqual([[0, 1]]);
  });

  it('leaves out CPUs that are offline', () => {
    expect(cores(lists('0-1', null, '2-3', '2-3'), [0, 2, 3]).siblings).toEqual([[0], [2, 3]]);
    const eight = Array.from({ length: 16 }, (_, cpu) => (cpu < 8 ? '0-7' : '8-15'));
    expect(cores(lists(...eight), [0, 4, 8]).siblings).toEqual([[0, 4], [8]]);
  });

  it('knows of a CPU by the list of another one', () => {
    expect(cores(lists('0-1', null), [0, 1]).siblings).toEqual([[0, 1]]);
  });

  it('never takes a missing list, or one without its CPU, for a core of its own', () => {
    expect(cores(lists('0', null), [0, 1])).toEqual({ siblings: null, unknown: [1], shared: false });
    expect(cores(lists('0', ''), [0, 1])).toEqual({ siblings: null, unknown: [1], shared: false });
    expect(cores(lists('0', '7'), [0, 1])).toEqual({ siblings: null, unknown: [1], shared: false });
    expect(cores(lists('0-1', '0-1', null), [0, 1, 2])).toEqual({ siblings: null, unknown: [2], shared: true });
  });

  it('is not certain where lists contradict each other', () => {
    expect(cores(lists('0-1', '1'), [0, 1])).toMatchObject({ siblings: null, unknown: [] });
  });

  it('knows that a CPU alone shares no core', () => {
    expect(cores([], [3])).toEqual({ siblings: [[3]], unknown: [], shared: false });
  });

  it('compares numbers where no CPU has a list', () => {
    const told = cores([ids(0, 0), ids(0, 4), ids(0, 0), ids(1, 0)], [0, 1, 2, 3]);
    expect(told.siblings).toEqual([[0, 2], [1], [3]]);
    expect(cores([ids(0, 0), ids(0, -1)], [0, 1]).unknown).toEqual([1]);
    expect(cores([ids(-1, 0), ids(-1, 0)], [0, 1]).siblings).toBeNull();
  });

  it('keeps books and drawers apart, within which numbers repeat', () => {
    const of = (drawer: number, book: number) => ids(0, 0, { 'topology/book_id': book, 'topology/drawer_id': drawer });
    expect(cores([of(0, 0), of(0, 1), of(1, 0), of(0, 0)], [0, 1, 2, 3]).siblings).toEqual([[0, 3], [1], [2]]);
  });

  it('compares the numbers of cpuinfo without sysfs', () => {
    const fields = (pack: string, core: string) => ({ 'physical id': pack, 'core id': core });
    const info = cpuInfo({ 0: fields('0', '0'), 1: fields('0', '1'), 2: fields('0', '0'), 3: fields('1', '0') });
    expect(cores([], [0, 1, 2, 3], info).siblings).toEqual([[0, 2], [1], [3]]);
    expect(cores([], [0, 1], cpuInfo({ 0: {}, 1: {} })).unknown).toEqual([0, 1]);
  });

  it('believes no numbers that would give a core more CPUs than it can have', () => {
    const fields = { 'physical id': '0', 'core id': '0', siblings: '4', 'cpu cores': '4' };
    expect(cores([], [0, 1], cpuInfo({ 0: fields, 1: fields })).siblings).toBeNull();
    const threads = { ...fields, siblings: '8' };
    expect(cores([], [0, 1], cpuInfo({ 0: threads, 1: threads })).siblings).toEqual([[0, 1]]);
  });

  it('finds the cores that lists or maps were written of, without CPUs that are offline', () => {
    const host = fc.uniqueArray(fc.nat(40), { minLength: 2, maxLength: 12 }).chain((cpus) =>
      fc.record({
        cpus: fc.constant([...cpus].sort((a, b) => a - b)),
        coreOf: fc.array(fc.nat(3), { minLength: 41, maxLength: 41 }),
        isOnline: fc.array(fc.boolean(), { minLength: 41, maxLength: 41 }),
        asMap: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(host, ({ cpus, coreOf, isOnline, asMap }) => {
        const online = cpus.filter((cpu) => isOnline[cpu]);
        const coreWith = (cpu: number, among: readonly number[]) => among.filter((at) => coreOf[at] === coreOf[cpu]);
        const files: (CpuFiles | null)[] = Array(41).fill(null);
        for (const cpu of online) {
          const core = coreWith(cpu, cpus);
          const map = core.reduce((bits, at) => bits | (1n << BigInt(at)), 0n).toString(16);
          files[cpu] = asMap ? { 'topology/core_cpus': map } : { 'topology/core_cpus_list': formatCpuList(core) };
        }
        const expected = online.map((cpu) => coreWith(cpu, online)).filter((core, at) => core[0] === online[at]);
        expect(cores(files, online).siblings).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });
});
