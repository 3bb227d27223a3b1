import { describe, expect, it } from '@jest/globals';
import { clocksOf, cpufreqFolders, governing, namedMHz, turboOf } from '../../../../lib/bench/facts/cpu/clocks.js';
import { cpuTree, filesOf } from '../../fixtures/cpu-tree.js';

describe('clocksOf', () => {
  it('reads kilohertz of cpufreq, megahertz of the firmware, and capacity', () => {
    const files = filesOf(
      cpuTree({}, [
        {
          cpu_capacity: 718,
          'acpi_cppc/highest_perf': 64,
          'acpi_cppc/nominal_freq': 1800,
          'cpufreq/cpuinfo_max_freq': 2803200,
        },
        { 'cpufreq/base_frequency': 2100000, 'acpi_cppc/nominal_freq': 1800 },
        { 'acpi_cppc/nominal_freq': 0, cpu_capacity: 'much' },
      ]),
    );
    const folders = cpufreqFolders(files, [0, 1, 2]);
    expect([0, 1, 2].map((cpu) => clocksOf(files, cpu, folders.get(cpu)))).toEqual([
      { capacity: 718, maxMHz: 2803.2, baseMHz: 1800, highestPerformance: 64 },
      { capacity: null, maxMHz: null, baseMHz: 2100, highestPerformance: null },
      { capacity: null, maxMHz: null, baseMHz: null, highestPerformance: null },
    ]);
  });

  it('reads the policy that names the CPU where the CPU has no folder', () => {
    const policy = 'cpufreq/policy0';
    const files = filesOf(cpuTree({ [`${policy}/affected_cpus`]: '0 1', [`${policy}/cpuinfo_max_freq`]: '3000000' }));
    const folders = cpufreqFolders(files, [0, 1, 2]);
    expect([0, 1, 2].map((cpu) => clocksOf(files, cpu, folders.get(cpu)).maxMHz)).toEqual([3000, 3000, null]);
  });
});

describe('namedMHz', () => {
  it.each([
    ['Some CPU @ 2.10GHz', 2100],
    ['Some CPU           E5345  @ 2.33GHz', 2330],
    ['Some Core (Name) @ 800MHz', 800],
    ['AMD EPYC 7451 24-Core Processor', null],
    ['Some CPU @ home', null],
    [null, null],
  ])('finds the clock in %j', (model, megahertz) => {
    expect(namedMHz(model)).toBe(megahertz);
  });
});

describe('governing', () => {
  it('has governor and driver, several joined by a comma', () => {
    const files = filesOf(
      cpuTree({ 'intel_pstate/no_turbo': '1' }, [
        { 'cpufreq/scaling_governor': 'powersave', 'cpufreq/scaling_driver': 'some_driver' },
        { 'cpufreq/scaling_governor': 'performance', 'cpufreq/scaling_driver': 'some_driver' },
      ]),
    );
    expect(governing(files, [0, 1])).toEqual({
      governor: 'powersave,performance',
      frequencyDriver: 'some_driver',
      turbo: false,
    });
    expect(files.missing).toEqual([]);
  });

  it('says what is not there', () => {
    const bare = filesOf({ 'sys/devices/system/cpu/online': '0' });
    governing(bare, [0]);
    expect(bare.missing.map(({ fact }) => fact)).toEqual(['cpu.governor', 'cpu.frequencyDriver', 'cpu.turbo']);
    expect(bare.missing[0]!.reason).toContain('no cpufreq');
    const blind = filesOf({});
    governing(blind, [0]);
    expect(blind.missing[0]!.reason).toBe('/sys/devices/system/cpu is not there on this host');
    const silent = filesOf(cpuTree({}, [{ 'cpufreq/cpuinfo_max_freq': 1 }]));
    governing(silent, [0]);
    expect(silent.missing[0]!.reason).toBe(
      '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor is not there on this host',
    );
  });
});

describe('turboOf', () => {
  it.each([
    [{ 'intel_pstate/no_turbo': '0' }, [], true],
    [{ 'cpufreq/boost': '1' }, [], true],
    [{ 'cpufreq/boost': '0' }, [], false],
    [{ 'cpufreq/policy0/boost': '1' }, ['policy0'], true],
    [{ 'cpufreq/policy0/boost': '1', 'cpufreq/policy1/boost': '0' }, ['policy0', 'policy1'], null],
    [{ 'cpufreq/boost': 'x' }, [], null],
    [{}, [], null],
  ])('reads %j', (tree, policies, turbo) => {
    const files = filesOf(cpuTree(tree as Record<string, string>));
    const folders = (policies as string[]).map((policy) => `/sys/devices/system/cpu/cpufreq/${policy}`);
    expect(turboOf(files, folders)).toBe(turbo);
    expect(files.missing).toHaveLength(turbo === null ? 1 : 0);
  });

  it('is not known of CPUs that differ in it', () => {
    const files = filesOf(cpuTree({ 'cpufreq/policy0/boost': '1', 'cpufreq/policy1/boost': '0' }));
    turboOf(
      files,
      [0, 1].map((policy) => `/sys/devices/system/cpu/cpufreq/policy${policy}`),
    );
    expect(files.missing[0]!.reason).toBe('the CPUs differ in cpufreq/boost');
  });
});
