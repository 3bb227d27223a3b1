import { describe, expect, it } from '@jest/globals';
import { cpuOrder } from '../../../benchmarks/scaling/cpu-order.js';
import { hostOf } from '../fixtures/hosts.js';

describe('cpuOrder', () => {
  it('takes the first thread of each core, and then their siblings', () => {
    const { host, cpus } = hostOf({ cores: 4, threads: 2 });
    expect(cpuOrder(cpus, host)).toEqual({
      cpus: [0, 1, 2, 3, 4, 5, 6, 7],
      marks: [{ from: 5, text: '+ siblings' }],
      siblingsKnown: true,
      siblings: [0, 4],
    });
    // The run's own order counts within each of both.
    expect(cpuOrder([4, 0, 5, 1], host)).toMatchObject({ cpus: [4, 5, 0, 1], siblings: [4, 0] });
  });

  it('takes all performance cores before efficiency cores, and siblings last', () => {
    const { host, cpus } = hostOf({ cores: 2, threads: 2, efficient: 4 });
    expect(cpuOrder(cpus, host)).toEqual({
      cpus: [0, 1, 4, 5, 6, 7, 2, 3],
      marks: [
        { from: 3, text: '+ efficiency cores' },
        { from: 7, text: '+ siblings' },
      ],
      siblingsKnown: true,
      siblings: [0, 2],
    });
  });

  it('fills a memory node before the next, and marks the first other one', () => {
    const { host } = hostOf({ cores: 4, nodes: 2 });
    expect(cpuOrder([0, 2, 1, 3], host)).toMatchObject({
      cpus: [0, 1, 2, 3],
      marks: [{ from: 3, text: '+ another node' }],
    });
    expect(cpuOrder([3, 0, 1], host).cpus).toEqual([3, 0, 1]);
  });

  it('counts only the threads that a run may use as siblings', () => {
    const { host } = hostOf({ cores: 4, threads: 2 });
    expect(cpuOrder([4, 5], host)).toMatchObject({ cpus: [4, 5], marks: [], siblings: null });
    expect(cpuOrder([1, 5], host)).toMatchObject({ marks: [{ from: 2, text: '+ siblings' }], siblings: null });
  });

  it('compares no siblings of a strong core with a strong and a weak one', () => {
    const { host } = hostOf({ cores: 1, threads: 2, efficient: 2 });
    expect(cpuOrder([0, 1, 2, 3], host)).toMatchObject({ cpus: [0, 2, 3, 1], siblings: null });
  });

  it('keeps the order of the run where the host tells nothing, and says so', () => {
    const { host } = hostOf({ cores: 4, threads: 2 });
    const unknown = { ...host, numaNodes: null, cpu: { ...host.cpu, siblings: null, types: null } };
    expect(cpuOrder([3, 7, 0], unknown)).toEqual({ cpus: [3, 7, 0], marks: [], siblingsKnown: false, siblings: null });
  });
});
