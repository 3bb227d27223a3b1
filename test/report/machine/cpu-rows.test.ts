import { describe, expect, it } from '@jest/globals';
import type { CpuType, HostFacts } from '../../../lib/bench/facts/host-schema.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { cpuRows, unidentified } from '../../../lib/report/machine/cpu-rows.js';
import { hostTree, X86_GUEST } from '../../bench/fixtures/host-tree.js';

const guest = hostFacts({ root: hostTree(X86_GUEST), arch: 'x64' });
const silent = hostFacts({ root: hostTree({}), arch: 'riscv64' });

const ARM: CpuType = {
  cpus: [0, 1],
  kind: 'efficient',
  vendor: 'ARM',
  model: 'Cortex-A725',
  family: null,
  modelNumber: 0xd87,
  stepping: 1,
  microcode: null,
  implementer: '0x41',
  part: '0xd87',
  revision: 'r0p1',
  capacity: 718,
  baseMHz: null,
  maxMHz: 2800,
  threadsPerCore: 1,
};
const BIG: CpuType = { ...ARM, cpus: [2, 3], kind: 'performance', model: 'Cortex-X925', part: '0xd85', capacity: 1024 };
const UNKNOWN: CpuType = { ...ARM, cpus: [4], vendor: null, model: null, modelNumber: null, part: null };

const withTypes = (types: CpuType[] | null): HostFacts => ({ ...guest, cpu: { ...guest.cpu, types } });
const rowsOf = (host: HostFacts) => Object.fromEntries(cpuRows(host));

describe('cpuRows', () => {
  it('shows the kinds of CPUs apart where there are several', () => {
    const rows = rowsOf(withTypes([ARM, BIG]));
    expect(rows['CPUs 0-1']).toBe(
      'efficient, ARM, Cortex-A725, implementer 0x41, part 0xd87, r0p1, capacity 718, 2800 MHz at most, 1 per core',
    );
    expect(rows['CPUs 2-3']).toMatch(/^performance, ARM, Cortex-X925, .*capacity 1024/);
    expect(rows).not.toHaveProperty('CPU');
  });

  it('shows one kind without its list of CPUs', () => {
    const x86 = { ...ARM, implementer: null, part: null, revision: null, vendor: 'AMD', model: 'EPYC' };
    const rows = rowsOf(withTypes([{ ...x86, family: 25, modelNumber: 17, stepping: 1, microcode: '0x1' }]));
    expect(rows.CPU).toBe('AMD, EPYC, family 25, model 17, stepping 1, microcode 0x1, 2800 MHz at most');
  });

  it('shows what all CPUs have in common where kinds are not known', () => {
    expect(rowsOf(withTypes(null)).CPU).toMatch(/^AuthenticAMD, AMD EPYC, family 25, model 17, stepping 1/);
  });

  it('counts, and names CPUs that are off or left alone', () => {
    const cpu = { ...guest.cpu, offline: [2, 3], isolated: [], packages: 1, dies: null, cores: 1, threadsPerCore: 2 };
    expect(rowsOf({ ...guest, cpu })).toMatchObject({
      'online CPUs': '0-1 (2)',
      'offline CPUs': '2-3',
      'isolated CPUs': 'none',
      counts: 'packages: 1, cores: 1, threads per core: 2',
      hyperthreads: 'yes',
      frequency: expect.stringMatching(/^governor powersave/),
    });
  });
});

describe('unidentified', () => {
  it('is nothing where a name or a number tells what the CPU is', () => {
    expect(unidentified(guest)).toBeNull();
    expect(unidentified(withTypes([ARM, { ...BIG, model: null }]))).toBeNull();
  });

  it('names the CPUs of which neither is known, unless it is all of them', () => {
    const named = (types: CpuType[]) => {
      const host = withTypes(types);
      return unidentified({ cpu: { ...host.cpu, online: [0, 1, 4] } });
    };
    expect(named([ARM, UNKNOWN])).toBe('warning: the CPUs 4 could not be identified: note with each result what it is');
    expect(named([{ ...UNKNOWN, cpus: [0, 1, 4] }])).toMatch(/^warning: the CPU could not be identified: note/);
    expect(unidentified(silent)).toMatch(/^warning: the CPU could not be identified/);
    expect(Object.fromEntries(cpuRows(silent))['']).toBe(unidentified(silent));
  });
});
