import { describe, expect, it } from '@jest/globals';
import { unidentifiedCpus } from '../../../lib/bench/facts/identified.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { ARM_BARE, hostTree, X86_GUEST } from '../fixtures/host-tree.js';

const cpuOf = (files: Readonly<Record<string, string>>, arch: string) => hostFacts({ root: hostTree(files), arch }).cpu;
const TYPE = {
  cpus: [0, 1],
  kind: null,
  vendor: null,
  model: null,
  family: null,
  modelNumber: null,
  stepping: null,
  microcode: null,
  implementer: null,
  part: null,
  revision: null,
  capacity: null,
  baseMHz: null,
  maxMHz: null,
  threadsPerCore: null,
};

describe('unidentifiedCpus', () => {
  it('is null where a name or a number tells which CPU it is', () => {
    expect(unidentifiedCpus(cpuOf(X86_GUEST, 'x64'))).toBeNull();
    expect(unidentifiedCpus(cpuOf(ARM_BARE, 'arm64'))).toBeNull();
    expect(unidentifiedCpus({ ...cpuOf(X86_GUEST, 'x64'), types: null })).toBeNull();
  });

  it('has the CPUs of kinds of which neither is known', () => {
    const cpu = cpuOf(X86_GUEST, 'x64');
    const types = [TYPE, { ...TYPE, cpus: [2], part: '0xd0c' }, { ...TYPE, cpus: [3], model: 'Some' }];
    expect(unidentifiedCpus({ ...cpu, types })).toEqual([0, 1]);
    const mixed = [
      { ...TYPE, cpus: [0, 3] },
      { ...TYPE, cpus: [1] },
      { ...TYPE, cpus: [2], modelNumber: 85 },
    ];
    expect(unidentifiedCpus({ ...cpu, types: mixed })).toEqual([0, 1, 3]);
  });

  it('is empty where nothing is known of any', () => {
    const cpu = { ...cpuOf(X86_GUEST, 'x64'), types: null, model: null, modelNumber: null };
    expect(unidentifiedCpus(cpu)).toEqual([]);
  });
});
