import { describe, expect, it } from '@jest/globals';
import type { Cell } from '../../../lib/bench/plan/scenario.js';
import { takeSample } from '../../../lib/bench/run/sampler.js';

const { signal } = new AbortController();
const cell = (sample: Cell['sample']): Cell => ({
  id: 'a',
  params: {},
  unit: 'ns',
  higherIsBetter: false,
  batch: 1,
  sample,
});

describe('takeSample', () => {
  it('calls the cell once, with the signal, and keeps the duration that it measured', async () => {
    const seen: AbortSignal[] = [];
    const sample = await takeSample(
      cell(async (given) => {
        seen.push(given);
        return { value: 7, durationMs: 1234.5, ledger: { bytes: 1 } };
      }),
      signal,
    );
    expect(seen).toEqual([signal]);
    expect(sample).toEqual({ value: 7, durationMs: 1234.5, ledger: { bytes: 1 } });
  });

  it.each([
    [Number.NaN, 1],
    [Number.POSITIVE_INFINITY, 1],
    [1, Number.NaN],
    [1, -1],
  ])('rejects a value of %d after %d ms', async (value, durationMs) => {
    const sample = takeSample(
      cell(async () => ({ value, durationMs })),
      signal,
    );
    await expect(sample).rejects.toMatchObject({ code: 'ERR_SCENARIO' });
  });

  it('rejects with the error of the cell itself', async () => {
    const error = Object.assign(new Error('full'), { code: 'ERR_SWIOTLB_FULL' });
    await expect(
      takeSample(
        cell(() => Promise.reject(error)),
        signal,
      ),
    ).rejects.toBe(error);
  });
});
