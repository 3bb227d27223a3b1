import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import { chooseKernel, kernelChoices } from '../../lib/memory/kernel-choice.js';
import { kernels } from '../../lib/memory/kernels.js';

describe('the automatic choice of a copy kernel', () => {
  it('finds a supported copy kernel for any size, from times that it measures once', () => {
    const { sizes, chosen, ns } = kernelChoices();
    for (const bytes of [0, 1, 64, 1500, 4096, 65536, 1 << 30]) {
      expect(kernels()[chooseKernel(bytes)]).toMatchObject({ supported: true });
    }
    expect(chosen).toHaveLength(sizes.length);
    for (const row of ns) {
      expect(row.map((time) => time > 0)).toEqual(kernels().map(({ supported }) => supported));
    }
    expect(kernelChoices()).toBe(kernelChoices());
  });

  it('takes the nearest size that was measured', () => {
    const { sizes, chosen } = kernelChoices();
    expect(sizes.map(chooseKernel)).toEqual(chosen);
    expect(chooseKernel(sizes[0]! * 1.9)).toBe(chosen[0]);
    expect(chooseKernel(sizes[0]! * 2.1)).toBe(chosen[1]);
  });

  it('is inherited by workers that start later', async () => {
    const choices = kernelChoices();
    const worker = new Worker(new URL('fixtures/kernel-choices.js', import.meta.url));
    const [inherited] = await once(worker, 'message');
    expect(inherited).toEqual(choices);
  });
});
