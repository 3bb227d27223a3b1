import { describe, expect, it } from '@jest/globals';
import { NEIGHBOUR_WORDS, noisyNeighbour } from '../../../../lib/bench/doctor/guards/neighbour.js';
import { copyKernelIndex } from '../../../../lib/memory/copy-kernels.js';

describe('the noisy neighbour', () => {
  it('rests with the guard', () => {
    // Nothing plays it here: the first arm gives up waiting for it after 100 ms, and there is one repeat.
    const neighbour = new Int32Array(new SharedArrayBuffer(4 * NEIGHBOUR_WORDS));
    const { pairs } = noisyNeighbour({ ms: 1, cpus: [0, 1], copyKernel: copyKernelIndex('libc'), neighbour });
    expect(pairs[0]!.with).toHaveLength(1);
    expect(neighbour[0]).toBe(0);
  });
});
