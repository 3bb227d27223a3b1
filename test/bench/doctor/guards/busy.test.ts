import { describe, expect, it } from '@jest/globals';
import { busy } from '../../../../lib/bench/doctor/guards/busy.js';
import { copyKernelIndex } from '../../../../lib/memory/copy-kernels.js';

describe('a busy thread', () => {
  const slice = busy({ ms: 30, cpus: [], copyKernel: copyKernelIndex('libc'), neighbour: new Int32Array(2) });

  it('takes a pulse beside each time of copies, and counts the copies', () => {
    expect(slice.copyNs.length).toBeGreaterThan(0);
    expect(slice.pulseNs).toHaveLength(slice.copyNs.length);
    expect(slice.copies % slice.copyNs.length).toBe(0);
    expect(slice.copies / slice.copyNs.length).toBeGreaterThan(1);
  });

  it('has all of its copies within its time, and its CPU time too', () => {
    const perTime = slice.copies / slice.copyNs.length;
    const copying = slice.copyNs.reduce((sum, ns) => sum + ns * perTime, 0);
    expect(slice.wallNs).toBeGreaterThanOrEqual(30e6);
    expect(copying).toBeGreaterThan(0);
    expect(copying).toBeLessThanOrEqual(slice.wallNs);
    expect(slice.cpuNs).toBeGreaterThan(0);
    expect(slice.cpuNs).toBeLessThan(slice.wallNs + 10e6); // Linux counts both clocks in steps of its own
  });
});
