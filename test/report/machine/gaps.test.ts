import { describe, expect, it } from '@jest/globals';
import { gapLines } from '../../../lib/report/machine/gaps.js';

describe('gapLines', () => {
  it('names each reason once, with all the facts that are missing for it', () => {
    const missing = [
      { fact: 'cpu.governor', reason: 'no cpufreq' },
      { fact: 'caches', reason: 'no folders' },
      { fact: 'cpu.frequencyDriver', reason: 'no cpufreq' },
    ];
    expect(gapLines(missing, 80)).toEqual(['cpu.governor, cpu.frequencyDriver: no cpufreq', 'caches: no folders']);
  });

  it('leaves out what such a host does not have, and what is missing of all CPUs already', () => {
    const reason = '/proc/cpuinfo does not say';
    const missing = [
      { fact: 'cpu.model', reason },
      { fact: 'cpu.types[].model', reason },
      { fact: 'cpu.types[].part', reason: 'only arm and riscv CPUs have it' },
      { fact: 'cpu.types[].kind', reason: 'there is one kind of CPU' },
    ];
    expect(gapLines(missing, 80)).toEqual([`cpu.model: ${reason}`]);
    expect(gapLines(missing.slice(2), 80)).toEqual([]);
  });

  it('keeps to the width', () => {
    const lines = gapLines([{ fact: 'swiotlb', reason: 'a reason of several words' }], 22);
    expect(lines).toEqual(['swiotlb: a reason of', '  several words']);
  });
});
