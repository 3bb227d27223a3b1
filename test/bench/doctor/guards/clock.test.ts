import { describe, expect, it } from '@jest/globals';
import { saturatedTimer } from '../../../../lib/bench/doctor/guards/clock.js';
import { copyKernelIndex } from '../../../../lib/memory/copy-kernels.js';

describe('the saturated timer', () => {
  it('has the times of single copies, of which a thousand are in a sample with the guard', () => {
    const neighbour = new Int32Array(2);
    const began = performance.now();
    const { pairs } = saturatedTimer({ ms: 5, cpus: [], copyKernel: copyKernelIndex('libc'), neighbour });
    const tookNs = (performance.now() - began) * 1e6;
    for (const pair of pairs) {
      expect(1000 * pair.with.reduce((sum, ns) => sum + ns, 0)).toBeLessThanOrEqual(tookNs);
    }
    const [, engine] = pairs;
    expect(Math.min(...engine!.with)).toBeGreaterThan(1); // no call of native code takes less
  });
});
