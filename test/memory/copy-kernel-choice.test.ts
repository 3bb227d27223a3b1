import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import {
  type CopyKernelChoices,
  choicesBy,
  chooseCopyKernel,
  copyKernelChoices,
} from '../../lib/memory/copy-kernel-choice.js';
import { allCopyKernels, copyKernelIndex } from '../../lib/memory/copy-kernels.js';

const LIBC = copyKernelIndex('libc');
const SUPPORTED = [...allCopyKernels().entries()].flatMap(([index, { supported }]) => (supported ? index : []));
/** Copy kernels beside that of the C library, two of which every host has. */
const [FIRST, SECOND] = SUPPORTED.filter((index) => index !== LIBC) as [number, number];

/** The choice by these times of copies, by copy kernel and round, which are repeated; 900 ns for all others. */
function choiceBy(told: Readonly<Record<number, readonly number[]>>, now = () => 0): CopyKernelChoices {
  const rounds = new Map<string, number>();
  const time = (copyKernel: number, bytes: number) => {
    const series = `${copyKernel} ${bytes}`;
    const round = rounds.get(series) ?? 0;
    rounds.set(series, round + 1);
    const times = told[copyKernel] ?? [900];
    return times[round % times.length]!;
  };
  return choicesBy(time, now);
}

describe('the automatic choice of a copy kernel', () => {
  it('is that of the smallest median of the rounds, however short the shortest is', () => {
    const { sizes, chosen, ns } = choiceBy({ [LIBC]: [100], [FIRST]: [1, 200, 200], [SECOND]: [70, 80, 90] });
    expect(chosen).toEqual(sizes.map(() => SECOND));
    expect(ns.map((row) => [row[LIBC], row[FIRST], row[SECOND]])).toEqual(sizes.map(() => [100, 200, 80]));
  });

  it.each([
    [96, LIBC],
    [94, SECOND],
  ])('is that of the C library unless another one is faster by 5 %%: than %i of 100 ns', (ns, expected) => {
    const { sizes, chosen } = choiceBy({ [LIBC]: [100], [SECOND]: [ns] });
    expect(chosen).toEqual(sizes.map(() => expected));
  });

  it('has at least three rounds of each copy kernel, however long they take', () => {
    let hours = 0;
    const { ns } = choiceBy({ [LIBC]: [5, 7, 6, 1, 1] }, () => 3_600_000 * hours++);
    expect(ns.map((row) => row[LIBC])).toEqual(ns.map(() => 6));
  });

  it('needs no further 5 % between two others', () => {
    const { sizes, chosen } = choiceBy({ [LIBC]: [100], [FIRST]: [80], [SECOND]: [79] });
    expect(chosen).toEqual(sizes.map(() => SECOND));
  });

  it('finds a supported copy kernel for any size, from times that it measures once', () => {
    const { sizes, chosen, ns } = copyKernelChoices();
    for (const bytes of [0, 1, 64, 1500, 4096, 65536, 1 << 30]) {
      expect(allCopyKernels()[chooseCopyKernel(bytes)]).toMatchObject({ supported: true });
    }
    expect(chosen).toHaveLength(sizes.length);
    for (const row of ns) {
      expect(row.map((time) => time > 0)).toEqual(allCopyKernels().map(({ supported }) => supported));
    }
    // Of one copy, and not of the 8192 that are timed together.
    expect(Math.min(...ns[0]!.filter((time) => time > 0))).toBeLessThan(1000);
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
