import { describe, expect, it } from '@jest/globals';
import { possibleCpus } from '../../../../lib/bench/facts/cpu/topology.js';
import { cpuTree, filesOf } from '../../fixtures/cpu-tree.js';

describe('the topology of a host', () => {
  it('has the number of CPUs that Linux may bring online, if sysfs lists them', () => {
    expect(possibleCpus(filesOf(cpuTree({ possible: '0-3,8' })))).toBe(5);
    expect(possibleCpus(filesOf({}))).toBeNull();
  });
});
