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

/** Times of copies by copy kernel, which are repeated by round; or by the whole turn. */
type Told = Readonly<Record<number, readonly number[] | ((turn: Turn) => number)>>;

/** The choice by these times; 900 ns for all others. */
function choiceOf(told: Told): [ChosenCopyKernel, Turn[]] {
  const turns: Turn[] = [];
  const time = (turn: Turn) => {
    turns.push(turn);
    const times = told[turn.copyKernel] ?? [900];
    return typeof times === 'function' ? times(turn) : times[Math.max(turn.round, 0) % times.length]!;
  };
  return [choiceBy(64, time), turns];
}

describe('the automatic choice of a copy kernel', () => {
  it('is that of the smallest lower quartile of the rounds, for what disturbs only adds', () => {
    // Neither the shortest time decides, nor the longer ones do.
    const [{ size, chosen, ns }] = choiceOf({
      [LIBC]: [100],
      [FIRST]: [60, 96, 96, 96, 96, 96, 96, 96],
      [SECOND]: [90, 90, 90, 90, 300, 300, 300, 300],
    });
    expect({ size, chosen }).toEqual({ size: 64, chosen: SECOND });
    expect([ns[LIBC], ns[FIRST], ns[SECOND]]).toEqual([100, 96, 90]);
  });

  it.each([
    [99.7, LIBC],
    [99.3, SECOND],
  ])('is that of the C library unless another one is faster by half a percent: than %d of 100 ns', (ns, expected) => {
    expect(choiceOf({ [LIBC]: [100], [SECOND]: [ns] })[0].chosen).toBe(expected);
  });

  it('compares in three pieces of memory, of which one decides nothing by itself', () => {
    // All are slow in the first one, where the second is lucky: of the mean of times it has the smallest.
    const by =
      (...times: readonly number[]) =>
      (turn: Turn) =>
        times[turn.rotation]!;
    const [{ chosen, ns }] = choiceOf({
      [LIBC]: by(1000, 100, 100),
      [FIRST]: by(900, 90, 90),
      [SECOND]: by(870, 98, 98),
    });
    expect(chosen).toBe(FIRST);
    expect([ns[FIRST], ns[SECOND]]).toEqual([360, (870 + 98 + 98) / 3]);
  });

  it('has 32 rounds of the last ones in each piece of memory, after twelve of all that are not hopeless', () => {
    const [, turns] = choiceOf({ [LIBC]: [100], [FIRST]: [97], [SECOND]: [120] });
    const roundsOf = (copyKernel: number) => turns.filter((turn) => turn.copyKernel === copyKernel && turn.round >= 0);
    expect([LIBC, FIRST, SECOND].map((one) => roundsOf(one).length)).toEqual([12 + 3 * 32, 12 + 3 * 32, 12]);
    expect(
      roundsOf(LIBC)
        .slice(12)
        .map(({ round, rotation }) => [rotation, round]),
    ).toEqual([0, 1, 2].flatMap((rotation) => Array.from({ length: 32 }, (_, round) => [rotation, round])));
  });

  it('goes on for as long again where the second is within 2 % of the best', () => {
    const rotationsOf = (told: Told) => 1 + Math.max(...choiceOf(told)[1].map(({ rotation }) => rotation));
    expect([97, 99, 101].map((ns) => rotationsOf({ [LIBC]: [100], [FIRST]: [ns] }))).toEqual([3, 6, 6]);
    // What was near at first may be far after one more.
    expect(rotationsOf({ [LIBC]: [100], [FIRST]: ({ rotation }) => (rotation < 3 ? 99 : 80) })).toBe(4);
    expect(rotationsOf({ [LIBC]: [100] })).toBe(3);
  });

  it('lets each be the first of a round in its turn', () => {
    const [, turns] = choiceOf({ [LIBC]: [100], [FIRST]: [99], [SECOND]: [98] });
    const firsts = turns.filter(({ round }, at) => round > 0 && turns[at - 1]!.round !== round);
    expect(new Set(firsts.map(({ copyKernel }) => copyKernel))).toEqual(new Set([LIBC, FIRST, SECOND]));
  });

  it('needs no such margin between two others', () => {
    expect(choiceOf({ [LIBC]: [100], [FIRST]: [90], [SECOND]: [89.9] })[0].chosen).toBe(SECOND);
  });

  it('spends its time on those that are near to the best, and lets them share all the memory', () => {
    const [{ chosen }, turns] = choiceOf({ [LIBC]: [97], [FIRST]: [100], [SECOND]: [200] });
    const last = (copyKernel: number) => turns.findLast((turn) => turn.copyKernel === copyKernel)!;
    expect(chosen).toBe(LIBC);
    expect(last(LIBC)).toMatchObject({ rivals: [LIBC, FIRST].toSorted((a, b) => a - b), rotation: 2 });
    expect(last(SECOND)).toMatchObject({ round: 11, rotation: 0 });
    for (const other of SUPPORTED.filter((index) => ![LIBC, FIRST, SECOND].includes(index))) {
      expect(last(other)).toMatchObject({ round: -1, rivals: SUPPORTED });
    }
  });

  it('keeps one that is behind by less than 15 % in the first rounds, for these do not decide', () => {
    const late = ({ rotation, rivals }: Turn) => (rivals.length > 2 ? 110 : [95, 90, 90][rotation]!);
    expect(choiceOf({ [LIBC]: [100], [FIRST]: late, [SECOND]: [300] })[0].chosen).toBe(FIRST);
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
