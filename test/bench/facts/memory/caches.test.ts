import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatCpuList } from '../../../../lib/bench/facts/cpu-list.js';
import { HostFiles } from '../../../../lib/bench/facts/host-files.js';
import { type CacheContext, cacheFacts } from '../../../../lib/bench/facts/memory/caches.js';
import { cachesOfCpu, type MadeCache } from '../../fixtures/cache-tree.js';
import { hostTree } from '../../fixtures/host-tree.js';

type CpuCaches = Readonly<Record<number, readonly MadeCache[]>>;

function read(cpus: CpuCaches, context: Partial<CacheContext> = {}, tree: Readonly<Record<string, string>> = {}) {
  const folders = Object.entries(cpus).map(([cpu, caches]) => cachesOfCpu(Number(cpu), caches));
  const files = new HostFiles(hostTree(Object.assign({}, tree, ...folders)));
  const facts = cacheFacts(files, { online: Object.keys(cpus).map(Number), virtual: false, alike: true, ...context });
  return { ...facts, missing: files.missing };
}

const unified = (level: number, size: string, list?: string): MadeCache => ({
  level,
  type: 'Unified',
  size,
  line: 64,
  ...(list === undefined ? {} : { list }),
});

const mapOf = (cpus: readonly number[]) => cpus.reduce((map, cpu) => map | (1n << BigInt(cpu)), 0n).toString(16);

/** Numbers as CPUs, each in one of at most eight groups. */
const partition = fc
  .array(fc.nat(7), { minLength: 2, maxLength: 12 })
  .map((groups) => groups.map((group) => [...groups.keys()].filter((cpu) => groups[cpu] === group)));

describe('the facts of caches', () => {
  it('list each instance of each kind', () => {
    const { caches, cachesIncomplete, missing } = read({
      0: [unified(2, '1M', '0'), unified(3, '8M', '0-2')],
      1: [unified(2, '2M', '1-2'), unified(3, '8M', '0-2')],
      2: [unified(2, '2M', '1-2'), unified(3, '8M', '0-2')],
    });
    expect(caches?.map(({ level, bytes, instances, sharedBy }) => [level, bytes, instances, sharedBy])).toEqual([
      [2, 1 << 20, 1, [[0]]],
      [2, 2 << 20, 1, [[1, 2]]],
      [3, 8 << 20, 1, [[0, 1, 2]]],
    ]);
    expect({ cachesIncomplete, missing }).toEqual({ cachesIncomplete: [], missing: [] });
  });

  it('are in the order of their levels and types, in whichever order they are told', () => {
    const first = (type: string): MadeCache => ({ ...unified(1, '32K', '0'), type });
    const { caches } = read({ 0: [unified(2, '1M', '0'), first('Instruction'), first('Data')] });
    expect(caches?.map(({ level, type }) => `${level} ${type}`)).toEqual(['1 Data', '1 Instruction', '2 Unified']);
  });

  it('have the partition that the files told, by lists or by maps', () => {
    fc.assert(
      fc.property(partition, fc.boolean(), (groups, byMap) => {
        const cpus = groups.map((cpusOfGroup): MadeCache[] => [
          { ...unified(2, '1M'), ...(byMap ? { map: mapOf(cpusOfGroup) } : { list: formatCpuList(cpusOfGroup) }) },
        ]);
        const instances = [...new Set(groups.map((group) => group.join()))].map((text) => text.split(',').map(Number));
        expect(read(Object.fromEntries(cpus.entries())).caches).toMatchObject([
          { instances: instances.length, sharedBy: instances, sharingUnknown: [] },
        ]);
      }),
      { numRuns: 25 },
    );
  });

  it('say of which CPUs the sharing is not known, and then count no instances', () => {
    const { caches, missing } = read({ 0: [unified(3, '8M', '0-1')], 1: [unified(3, '8M')], 2: [unified(3, '8M')] });
    expect(caches).toMatchObject([{ sharedBy: [[0, 1]], sharingUnknown: [2], instances: null }]);
    expect(missing.map(({ fact }) => fact)).toEqual(['caches.sharedBy']);
  });

  it('keep a cache of which neither size nor sharing is known', () => {
    const { caches } = read({ 0: [{ level: 3, type: 'Unified' }], 1: [{ level: 3, type: 'Unified' }] });
    expect(caches).toEqual([
      {
        level: 3,
        type: 'Unified',
        bytes: null,
        lineBytes: null,
        sharedBy: [],
        instances: null,
        sharingUnknown: [0, 1],
        toldBy: 'host',
      },
    ]);
  });

  it('take the size of an instance from any CPU that tells it, unless they disagree', () => {
    const known = read({ 0: [{ level: 3, type: 'Unified', list: '0-1' }], 1: [unified(3, '8M', '0-1')] });
    expect(known.caches).toMatchObject([{ bytes: 8 << 20, sharedBy: [[0, 1]] }]);
    const disputed = read({ 0: [unified(3, '4M', '0-1')], 1: [unified(3, '8M', '0-1')] });
    expect(disputed.caches).toMatchObject([{ bytes: null, sharedBy: [[0, 1]] }]);
  });

  it('keep two caches of one level and type of one CPU apart', () => {
    const { caches } = read({ 0: [unified(3, '4M', '0'), unified(3, '8M', '0')] });
    expect(caches?.map(({ bytes }) => bytes)).toEqual([4 << 20, 8 << 20]);
  });

  it('name the CPUs of which others tell caches, and they none', () => {
    const { cachesIncomplete } = read({ 0: [unified(2, '1M', '0')], 1: [], 2: [] }, { alike: false });
    expect(cachesIncomplete).toEqual([1, 2]);
  });

  it('name CPUs that lack a level only where all CPUs are of one kind', () => {
    const cpus = { 0: [unified(2, '1M', '0'), unified(3, '8M', '0')], 1: [unified(2, '1M', '1')] };
    expect(read(cpus).cachesIncomplete).toEqual([1]);
    expect(read(cpus, { alike: false }).cachesIncomplete).toEqual([]);
  });

  it('are hearsay in a guest', () => {
    const told = [true, false, null].map((virtual) => read({ 0: [unified(3, '16M')] }, { virtual }).caches);
    expect(told.map((caches) => caches?.[0]?.toldBy)).toEqual(['hypervisor', 'host', 'host']);
  });

  it('are completed by what /proc/cpuinfo tells of further levels', () => {
    const cpuinfo = 'cache0 : level=4 type=Unified scope=Shared size=1024K line_size=256 associativity=16\n';
    const { caches } = read(
      { 0: [unified(3, '8M', '0')], 1: [unified(3, '8M', '1')] },
      {},
      { 'proc/cpuinfo': cpuinfo },
    );
    expect(caches).toMatchObject([{ level: 3 }, { level: 4, bytes: 1 << 20, instances: null, sharingUnknown: [0, 1] }]);
  });

  it('are none with the reason if there are no folders', () => {
    expect(read({ 0: [] }, {}, { 'sys/devices/system/cpu/online': '0' })).toEqual({
      caches: null,
      cachesIncomplete: null,
      missing: ['caches', 'cachesIncomplete'].map((fact) => ({
        fact,
        reason: 'no cache folders below /sys/devices/system/cpu',
      })),
    });
  });
});
