import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import {
  type ChosenCopyKernel,
  choiceBy,
  chooseCopyKernel,
  copyKernelChoices,
  LARGEST_CHOSEN_BYTES,
  nearestOf,
  type Turn,
} from '../../lib/memory/copy-kernel-choice.js';
import { allCopyKernels, copyKernelIndex } from '../../lib/memory/copy-kernels.js';

const LIBC = copyKernelIndex('libc');
const SUPPORTED = [...allCopyKernels().entries()].flatMap(([index, { supported }]) => (supported ? index : []));
/** Copy kernels beside that of the C library, two of which every host has. */
const [FIRST, SECOND] = SUPPORTED.filter((index) => index !== LIBC) as [number, number];

/** The choice by these times of copies, by copy kernel and round, which are repeated; 900 ns for all others. */
function choiceOf(told: Readonly<Record<number, readonly number[]>>, now = () => 0): [ChosenCopyKernel, Turn[]] {
  const turns: Turn[] = [];
  const time = (turn: Turn) => {
    turns.push(turn);
    const times = told[turn.copyKernel] ?? [900];
    return times[Math.max(turn.round, 0) % times.length]!;
  };
  return [choiceBy(64, time, 3, now), turns];
}

describe('the automatic choice of a copy kernel', () => {
  it('is that of the smallest median of the rounds, however short the shortest is', () => {
    const [{ size, chosen, ns }] = choiceOf({ [LIBC]: [100], [FIRST]: [60, 120, 120], [SECOND]: [70, 80, 90] });
    expect({ size, chosen }).toEqual({ size: 64, chosen: SECOND });
    expect([ns[LIBC], ns[FIRST], ns[SECOND]]).toEqual([100, 120, 80]);
  });

  it.each([
    [99.5, LIBC],
    [98, SECOND],
  ])('is that of the C library unless another one is faster by 1 %%: than %d of 100 ns', (ns, expected) => {
    expect(choiceOf({ [LIBC]: [100], [SECOND]: [ns] })[0].chosen).toBe(expected);
  });

  it('has twelve rounds of those that are near to the best, however long they take', () => {
    let hours = 0;
    const [{ ns }] = choiceOf(
      { [LIBC]: [5, 5, 5, 6, 7, 7, 7, 7, 7, 7, 7, 7, 1, 1, 1, 1, 1, 1, 1] },
      () => 3_600_000 * hours++,
    );
    expect(ns[LIBC]).toBe(7);
  });

  it('compares within rounds, so that one in which all are slow decides nothing', () => {
    // By medians of their own, the second would win: it is lucky in the middle of slow rounds.
    const slow = [100, 100, 300, 300];
    const [{ chosen }] = choiceOf({ [LIBC]: slow, [FIRST]: slow.map((ns) => 0.9 * ns), [SECOND]: [93, 93, 93, 290] });
    expect(chosen).toBe(FIRST);
  });

  it('lets each be the first of a round in its turn', () => {
    const [, turns] = choiceOf({ [LIBC]: [100], [FIRST]: [99], [SECOND]: [98] });
    const firsts = turns.filter(({ round }, at) => round > 0 && turns[at - 1]!.round !== round);
    expect(new Set(firsts.map(({ copyKernel }) => copyKernel))).toEqual(new Set([LIBC, FIRST, SECOND]));
  });

  it('needs no further 1 % between two others', () => {
    expect(choiceOf({ [LIBC]: [100], [FIRST]: [80], [SECOND]: [79] })[0].chosen).toBe(SECOND);
  });

  it('spends its time on those that are near to the best, and lets them share all the memory', () => {
    const [{ chosen }, turns] = choiceOf({ [LIBC]: [100], [FIRST]: [99], [SECOND]: [200] });
    const last = (copyKernel: number) => turns.findLast((turn) => turn.copyKernel === copyKernel)!;
    expect(chosen).toBe(LIBC);
    expect(last(LIBC)).toMatchObject({ rivals: [LIBC, FIRST].toSorted((a, b) => a - b), rotation: 1 });
    expect(last(SECOND)).toMatchObject({ round: 4, rotation: 0 });
    for (const other of SUPPORTED.filter((index) => ![LIBC, FIRST, SECOND].includes(index))) {
      expect(last(other)).toMatchObject({ round: -1, rivals: SUPPORTED });
    }
  });

  it('is measured once for each size, and finds a supported copy kernel', () => {
    for (const bytes of [0, 1, 64, 1500]) {
      expect(allCopyKernels()[chooseCopyKernel(bytes)]).toMatchObject({ supported: true });
    }
    const measured = copyKernelChoices();
    expect(measured.length).toBeGreaterThan(0);
    for (const { size, chosen, ns } of measured) {
      expect(ns.map((time) => time > 0)).toEqual(allCopyKernels().map(({ supported }) => supported));
      expect(chooseCopyKernel(size)).toBe(chosen);
    }
    expect(copyKernelChoices()).toBe(measured);
    // Of one copy, and not of all that are timed together.
    expect(Math.min(...measured[0]!.ns.filter((time) => time > 0))).toBeLessThan(1000);
  });

  it('is that of the largest size for all larger ones', () => {
    expect(chooseCopyKernel(2 ** 30)).toBe(chooseCopyKernel(LARGEST_CHOSEN_BYTES));
  });

  it('ends its measurements some time, and has the choice of the nearest size from then on', () => {
    let size = 2000;
    for (let before = -1; copyKernelChoices().length > before && size < 100_000; size += 64) {
      before = copyKernelChoices().length;
      chooseCopyKernel(size);
    }
    expect(size).toBeLessThan(100_000);
    expect(chooseCopyKernel(size)).toBe(nearestOf(copyKernelChoices(), size)!.chosen);
  });

  it('is inherited by workers that start later', async () => {
    chooseCopyKernel(64);
    const worker = new Worker(new URL('fixtures/kernel-choices.js', import.meta.url));
    const [inherited] = await once(worker, 'message');
    expect(inherited).toEqual(copyKernelChoices());
  });
});

describe('nearestOf', () => {
  it('is the choice that differs by the smallest factor', () => {
    const choices = [64, 4096].map((size) => ({ size, chosen: size, ns: [] }));
    expect([1, 500, 520, 9000].map((bytes) => nearestOf(choices, bytes)!.size)).toEqual([64, 64, 4096, 4096]);
    expect(nearestOf([], 64)).toBeUndefined();
  });
});
