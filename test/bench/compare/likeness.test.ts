import { describe, expect, it } from '@jest/globals';
import { ASPECTS, likenessOf } from '../../../lib/bench/compare/likeness.js';
import type { CpuType } from '../../../lib/bench/facts/host-schema.js';
import type { ResultDocument } from '../../../lib/bench/result/result.js';
import { readResult } from '../../../lib/bench/result/result-file.js';

const result = readResult('benchmarks/results/amd-epyc-2-cpu-kvm.json');
const like = likenessOf(result);

const withCpu = (cpu: Partial<ResultDocument['machine']['cpu']>, cpus = [0, 1]): ResultDocument => ({
  ...result,
  machine: { ...result.machine, cpu: { ...result.machine.cpu, ...cpu } },
  settings: { ...result.settings, cpus },
});

const UNKNOWN: CpuType = {
  cpus: [],
  kind: null,
  vendor: 'ARM',
  model: null,
  family: null,
  modelNumber: null,
  stepping: null,
  microcode: null,
  implementer: '0x41',
  part: null,
  revision: null,
  capacity: null,
  baseMHz: null,
  maxMHz: null,
  threadsPerCore: null,
};

describe('the likeness of runs', () => {
  it('has a word or an unknown for each aspect', () => {
    expect(Object.keys(like)).toEqual(ASPECTS.map(({ name }) => name));
    expect(like).toMatchObject({ cpus: '2', kernel: result.machine.kernel.release, copyKernel: 'kernel-like' });
  });

  it('leaves out settings that change nothing that is measured', () => {
    const settingsOf = (change: Partial<ResultDocument['settings']>) =>
      likenessOf({ ...result, settings: { ...result.settings, ...change } }).settings;
    expect(settingsOf({ seed: 7, runs: 5, rounds: 3, budgetMs: 1 })).toBe(like.settings);
    expect(settingsOf({ sampleMs: 1 })).not.toBe(like.settings);
    expect(settingsOf({ device: 'read' })).not.toBe(like.settings);
  });

  it('names the kinds of the CPUs that measured, and of no other', () => {
    const little = { ...UNKNOWN, cpus: [0, 1], part: '0xd87', model: 'Cortex-A725' };
    const big = { ...UNKNOWN, cpus: [2, 3], part: '0xd85', model: 'Cortex-X925' };
    const types = [little, big];
    expect(likenessOf(withCpu({ types }, [2, 3])).coreType).toContain('Cortex-X925');
    expect(likenessOf(withCpu({ types }, [2, 3])).coreType).not.toContain('A725');
    expect(likenessOf(withCpu({ types }, [0, 2])).coreType).toMatch(/X925 and .*A725/);
  });

  it('does not know the kind of a CPU that could not be identified', () => {
    expect(likenessOf(withCpu({ types: [{ ...UNKNOWN, cpus: [0, 1] }] })).coreType).toBeNull();
    expect(likenessOf(withCpu({ types: [{ ...UNKNOWN, cpus: [0], part: '0xd0c' }] })).coreType).toBeNull();
    expect(likenessOf(withCpu({ vendor: null })).coreType).toBeNull();
    const named = { ...UNKNOWN, cpus: [0, 1], vendor: null, model: 'Some CPU' };
    expect(likenessOf(withCpu({ types: [named] })).coreType).toBeNull();
  });

  it('has the encryption of a host only where it is known', () => {
    const of = (change: Partial<ResultDocument['machine']['encryption']>) => {
      const encryption = { ...result.machine.encryption, ...change };
      return likenessOf({ ...result, machine: { ...result.machine, encryption } }).encryption;
    };
    expect(of({ guest: 'none', inEffect: ['sme'] })).toBe('none sme');
    expect([of({ guest: null, inEffect: null }), of({ guest: 'none', inEffect: null })]).toEqual([null, null]);
  });

  it('has a governor, or none because a hypervisor governs', () => {
    const of = (governor: string | null, present: boolean | null) => {
      const { machine } = withCpu({ governor });
      return likenessOf({ ...result, machine: { ...machine, hypervisor: { present, vendor: null } } }).governor;
    };
    expect([of('powersave', true), of(null, true)]).toEqual(['powersave', 'guest']);
    expect([of(null, false), of(null, null)]).toEqual([null, null]);
  });

  it('has the commit and the flags that were given to the engine', () => {
    const environment = { ...result.environment, version: '1.0.0', commit: 'abc', node: '22.0.0' };
    const of = (userEngineFlags: string[]) =>
      likenessOf({ ...result, environment: { ...environment, userEngineFlags } });
    expect(of([]).version).toBe('1.0.0 abc');
    expect(of([]).engine).toBe('22.0.0');
    expect(of(['--jitless']).engine).toBe('22.0.0 --jitless');
  });
});
