import { describe, expect, it } from '@jest/globals';
import { kindsByStrength, listedKinds, type Rated } from '../../../../lib/bench/facts/cpu/kinds.js';
import { cpuTree, filesOf } from '../../fixtures/cpu-tree.js';

const kind = (more: Partial<Rated>): Rated => ({
  implementer: null,
  part: null,
  vendor: 'GenuineIntel',
  model: 'Some CPU',
  modelNumber: 1,
  capacity: null,
  maxMHz: null,
  highestPerformance: null,
  firstCache: null,
  ...more,
});
const arm = (part: string, model: string, more: Partial<Rated> = {}) =>
  kind({ implementer: '0x41', part, model, vendor: 'ARM', ...more });

describe('listedKinds', () => {
  it('has the event sources of x86, and the folder of types', () => {
    const sources = { 'sys/devices/cpu_core/cpus': '0-1\n', 'sys/devices/cpu_atom/cpus': '2-3\n' };
    const low = { 'sys/devices/cpu_lowpower/cpus': '4\n' };
    const kinds = listedKinds(filesOf({ ...sources, ...low }));
    expect([...kinds.values()]).toEqual([...Array(2).fill('performance'), ...Array(3).fill('efficient')]);
    const types = cpuTree({
      'types/intel_core_0/cpulist': '0',
      'types/intel_atom_0/cpumap': '6',
      'types/intel_lowpower_0/cpulist': '3',
      'types/x/cpulist': '9',
    });
    expect([...listedKinds(filesOf(types))]).toEqual([
      [1, 'efficient'],
      [2, 'efficient'],
      [0, 'performance'],
      [3, 'efficient'],
    ]);
    expect(listedKinds(filesOf({})).size).toBe(0);
  });
});

describe('kindsByStrength', () => {
  it('rates kinds by capacity first, and those between by the nearer end', () => {
    const kinds = [280, 855, 1024].map((capacity, at) => arm(`0x${at}`, `${at}`, { capacity, maxMHz: 5 - at }));
    expect(kindsByStrength(kinds)).toEqual(['efficient', 'performance', 'performance']);
    const low = [718, 997].map((capacity, at) => arm(`0x${at}`, `${at}`, { capacity }));
    expect(kindsByStrength(low)).toEqual(['efficient', 'performance']);
  });

  it('knows cores that are made to be small, whose clocks may be as high', () => {
    const same = [arm('0xd03', 'Cortex-A53', { maxMHz: 2000 }), arm('0xd09', 'Cortex-A73', { maxMHz: 2000 })];
    expect(kindsByStrength(same)).toEqual(['efficient', 'performance']);
  });

  it('gives one part one role where it is at one end', () => {
    const kinds = [
      arm('0xd03', 'A', { maxMHz: 1400 }),
      arm('0xd03', 'A', { maxMHz: 1950 }),
      arm('0xd08', 'B', { maxMHz: 2300 }),
    ];
    expect(kindsByStrength(kinds)).toEqual(['efficient', 'efficient', 'performance']);
  });

  it('rates x86 of one chip by clocks, or by what the firmware says', () => {
    expect(kindsByStrength([kind({ maxMHz: 3000 }), kind({ maxMHz: 2800 })])).toEqual(['performance', 'efficient']);
    const alike = [3000, 2800].map((maxMHz) => kind({ maxMHz, firstCache: '48K' }));
    expect(kindsByStrength(alike)).toEqual(['performance', 'efficient']);
    const firmware = [kind({ highestPerformance: 64 }), kind({ highestPerformance: 39 })];
    expect(kindsByStrength(firmware)).toEqual(['performance', 'efficient']);
    const ranks = firmware.map((type) => ({ ...type, vendor: 'AuthenticAMD' }));
    expect(kindsByStrength(ranks)).toEqual([null, null]);
  });

  it('gives x86 cores with one first cache one role where they are at one end', () => {
    const kinds = [
      kind({ maxMHz: 4800, firstCache: '48K' }),
      kind({ maxMHz: 3900, firstCache: '32K' }),
      kind({ maxMHz: 2500, firstCache: '32K' }),
    ];
    expect(kindsByStrength(kinds)).toEqual(['performance', 'efficient', 'efficient']);
  });

  it('gives no roles to one kind, to equals, or to packages that were bought apart', () => {
    expect(kindsByStrength([kind({ maxMHz: 3000 })])).toEqual([null]);
    expect(kindsByStrength([kind({ maxMHz: 3000 }), kind({ maxMHz: 3000 })])).toEqual([null, null]);
    expect(kindsByStrength([kind({ maxMHz: 3000 }), kind({ maxMHz: 2000, model: 'Other' })])).toEqual([null, null]);
    expect(kindsByStrength([kind({}), kind({})])).toEqual([null, null]);
  });
});
