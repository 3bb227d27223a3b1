import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import { chooseCopyKernel, copyKernelChoices } from '../../lib/memory/copy-kernel-choice.js';
import { allCopyKernels } from '../../lib/memory/copy-kernels.js';

describe('the automatic choice of a copy kernel', () => {
  it('finds a supported copy kernel for any size, from times that it measures once', () => {
    const { sizes, chosen, ns } = copyKernelChoices();
    for (const bytes of [0, 1, 64, 1500, 4096, 65536, 1 << 30]) {
      expect(allCopyKernels()[chooseCopyKernel(bytes)]).toMatchObject({ supported: true });
    }
    expect(chosen).toHaveLength(sizes.length);
    for (const row of ns) {
      expect(row.map((time) => time > 0)).toEqual(allCopyKernels().map(({ supported }) => supported));
    }
    expect(copyKernelChoices()).toBe(copyKernelChoices());
  });

  it('takes the nearest size that was measured', () => {
    const { sizes, chosen } = copyKernelChoices();
    expect(sizes.map(chooseCopyKernel)).toEqual(chosen);
    expect(chooseCopyKernel(sizes[0]! * 1.9)).toBe(chosen[0]);
    expect(chooseCopyKernel(sizes[0]! * 2.1)).toBe(chosen[1]);
  });

  it('is inherited by workers that start later', async () => {
    const choices = copyKernelChoices();
    const worker = new Worker(new URL('fixtures/kernel-choices.js', import.meta.url));
    const [inherited] = await once(worker, 'message');
    expect(inherited).toEqual(choices);
  });
});
