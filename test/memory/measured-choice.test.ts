/** What is copied to choose a copy kernel, on copies that a test plays. No test depends on a speed. */
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import * as real from '../../lib/memory/copy.js';
import { allCopyKernels, copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { PlayedCopies, type PlayedCopy, rowsOf } from './fixtures/played-copies.js';

let played = new PlayedCopies();
const timedCopy = (...args: Parameters<PlayedCopies['timedCopy']>) => played.timedCopy(...args);
jest.unstable_mockModule('../../lib/memory/copy.js', () => ({ ...real, timedCopy }));
const { LARGEST_CHOSEN_BYTES, measuredChoice } = await import('../../lib/memory/copy-kernel-choice.js');

const LIBC = copyKernelIndex('libc');
const SUPPORTED = [...allCopyKernels().entries()].flatMap(([index, { supported }]) => (supported ? index : []));
const [FIRST, SECOND] = SUPPORTED.filter((index) => index !== LIBC) as [number, number];
const SIZE = 4096;
/** Copies that are timed at once. */
const WHOLE = 64;

const isTimed = ({ batch }: PlayedCopy) => batch === WHOLE;
const isLap = ({ batch }: PlayedCopy) => batch > WHOLE;

describe('what is measured to choose a copy kernel', () => {
  beforeEach(() => {
    played = new PlayedCopies();
    const times = new Map([
      [LIBC, 100],
      [FIRST, 95],
      [SECOND, 200],
    ]);
    played.nsOf = ({ copyKernel }) => times.get(copyKernel) ?? 900;
  });

  it('is the time of one copy', () => {
    const { size, chosen, ns } = measuredChoice(SIZE);
    expect({ size, chosen, ns: [LIBC, FIRST, SECOND].map((one) => ns[one]) }).toEqual({
      size: SIZE,
      chosen: FIRST,
      ns: [100, 95, 200],
    });
    const hopeless = SUPPORTED.filter((one) => ![LIBC, FIRST, SECOND].includes(one));
    expect(hopeless.map((one) => ns[one])).toEqual(hopeless.map(() => 900));
  });

  it('is a copy from a source that the C library has just written, at another offset in each round', () => {
    measuredChoice(SIZE);
    const offsets = new Set<number>();
    for (const [at, call] of played.calls.entries()) {
      if (!isTimed(call)) continue;
      const { srcRegion, srcOffset } = call;
      const written = { copyKernel: LIBC, bytes: SIZE, batch: 1, dstRegion: srcRegion, dstOffset: srcOffset };
      expect(played.calls[at - 1]).toMatchObject(written);
      expect(played.calls[at - 1]!.srcOffset).toBeGreaterThanOrEqual(srcOffset + SIZE);
      offsets.add(srcOffset);
    }
    expect(offsets.size).toBe(32);
  });

  it('begins after four laps of each that is left, in turn, whenever they change places', () => {
    measuredChoice(SIZE);
    const three = [LIBC, FIRST, SECOND].toSorted((a, b) => a - b);
    const two = [LIBC, FIRST].toSorted((a, b) => a - b);
    const laps = (rivals: number[]) => [rivals, rivals, rivals, rivals].flat();
    const rows = rowsOf(played.calls, isLap).map((row) => row.map(({ copyKernel }) => copyKernel));
    expect(rows).toEqual([laps(three), laps(two), laps(two), laps(two)]);
    for (const { bytes, batch, dstSpan } of played.calls.filter(isLap)) expect(batch * bytes).toBe(dstSpan);
    const isFirstBehind = rowsOf(played.calls, isLap).map(([one, other]) => one!.dstOffset > other!.dstOffset);
    expect(isFirstBehind).toEqual([false, false, true, false]);
  });

  it('lies in a part that no other has, all of it in turn', () => {
    measuredChoice(SIZE);
    const parts = new Map<number, PlayedCopy>();
    const timed = new Set<number>();
    for (const call of played.calls.filter((one) => isTimed(one) || isLap(one))) {
      if (isLap(call)) {
        parts.set(call.copyKernel, call);
        continue;
      }
      const part = parts.get(call.copyKernel)!;
      const from = call.dstOffset - part.dstOffset;
      expect({ isIn: from >= 0 && from + call.dstSpan <= part.dstSpan, dstSpan: call.dstSpan }).toEqual({
        isIn: true,
        dstSpan: WHOLE * SIZE,
      });
      if (call.copyKernel === LIBC) timed.add(call.dstOffset);
    }
    const { dstSpan } = parts.get(LIBC)!;
    expect(timed.size).toBeGreaterThanOrEqual(dstSpan / (WHOLE * SIZE));
    const [first, second] = [LIBC, FIRST].map((one) => parts.get(one)!.dstOffset) as [number, number];
    expect(Math.abs(first - second)).toBeGreaterThanOrEqual(dstSpan);
  });

  it.each([1, 65, 1500, LARGEST_CHOSEN_BYTES - 1, LARGEST_CHOSEN_BYTES])(
    'has the memory for copies of %d bytes by all copy kernels, which are near to each other',
    (bytes) => {
      played.nsOf = () => 100;
      expect(measuredChoice(bytes).chosen).toBe(LIBC);
      const of = (one: number) => played.calls.filter(({ copyKernel }) => copyKernel === one).length;
      expect(of(FIRST)).toBeGreaterThan(6 * 32);
    },
  );
});
