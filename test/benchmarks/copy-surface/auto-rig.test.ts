/** What is measured beside the choice of `auto`; on copies that a test plays where it matters which they are. */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import * as real from '../../../lib/memory/copy.js';
import { allCopyKernels, copyKernelIndex } from '../../../lib/memory/copy-kernels.js';
import { random } from '../../../lib/random.js';
import { KIB, MIB } from '../../../lib/units.js';
import { PlayedCopies, type PlayedCopy, rowsOf } from '../../memory/fixtures/played-copies.js';

let played: PlayedCopies | null = null;
const timedCopy = (...args: Parameters<PlayedCopies['timedCopy']>) => (played?.timedCopy ?? real.timedCopy)(...args);
jest.unstable_mockModule('../../../lib/memory/copy.js', () => ({ ...real, timedCopy }));
const { AutoRig } = await import('../../../benchmarks/copy-surface/auto-rig.js');

const LIBC = copyKernelIndex('libc');
const SUPPORTED = [...allCopyKernels().entries()].flatMap(([index, { supported }]) => (supported ? index : []));
const [FIRST, SECOND] = SUPPORTED.filter((index) => index !== LIBC) as [number, number];
const NEAR = [LIBC, FIRST].toSorted((a, b) => a - b);
const SIZE = 4096;
/** Copies that are timed at once. */
const WHOLE = 64;
const isTimed = ({ batch }: PlayedCopy) => batch === WHOLE;
const isLap = ({ batch }: PlayedCopy) => batch > WHOLE;

describe('AutoRig', () => {
  const asked: number[] = [];
  const rig = new AutoRig((bytes) => asked.push(bytes) - 1);
  const next = random(1);
  /** In a new round. */
  const examined = (size: number) => rig.examined(size, -1, next);
  beforeEach(() => rig.open());
  afterEach(() => {
    rig.close();
    played = null;
  });

  /** Plays copies whose nanoseconds are told: 900 of all but two. */
  function play(times: Readonly<Record<number, (call: PlayedCopy) => number>>): PlayedCopies {
    played = new PlayedCopies();
    played.nsOf = (call) => times[call.copyKernel]?.(call) ?? 900;
    return played;
  }

  it.each([1, 65, 9000, 64 * KIB, 65 * KIB, MIB + 1, 2 * MIB])('times all copy kernels at %d bytes', (size) => {
    const { ns, timedNs } = examined(size);
    expect([...ns.keys()].sort((a, b) => a - b)).toEqual(SUPPORTED);
    for (const [kernel, time] of ns) {
      expect(time).toBeGreaterThan(0);
      expect(timedNs.get(kernel)).toBeGreaterThanOrEqual(time);
    }
  });

  it('measures once for all that compare themselves at a size, and chooses anew when one of them asks again', () => {
    const before = asked.length;
    const first = rig.examined(64, LIBC, next);
    expect(rig.examined(64, FIRST, next)).toBe(first);
    expect(rig.examined(1500, FIRST, next)).not.toBe(first);
    expect(asked.slice(before)).toEqual([64, 1500]);
    const second = rig.examined(64, FIRST, next);
    expect(second).not.toBe(first);
    expect(rig.examined(64, LIBC, next)).toBe(second);
    expect(asked.slice(before)).toEqual([64, 1500, 64]);
    expect([first.chosen, second.chosen]).toEqual([before, before + 2]);
  });

  it('tells the mean of the lower quartiles of two pieces of memory, nanoseconds of one copy', () => {
    const turns = new Map<number, number>();
    const disturbed = (piece: readonly [number, number]) => (call: PlayedCopy) => {
      if (!isTimed(call)) return 0;
      const turn = turns.get(call.copyKernel) ?? -4;
      turns.set(call.copyKernel, turn + 1);
      // Of 24 turns in each piece one is lucky, and every other one is disturbed.
      if (turn < 0) return 100;
      return turn % 24 === 5 ? 50 : turn % 2 === 0 ? 400 : piece[turn < 24 ? 0 : 1];
    };
    play({ [LIBC]: disturbed([100, 120]), [FIRST]: disturbed([90, 100]) });
    const { ns } = examined(SIZE);
    expect([LIBC, FIRST, SECOND].map((one) => ns.get(one))).toEqual([110, 95, 900]);
  });

  it('has few turns of those that are far behind, and all of those that may be the best', () => {
    const { calls } = play({ [LIBC]: () => 100, [FIRST]: () => 240, [SECOND]: () => 260 });
    const { timedNs } = examined(SIZE);
    const turnsOf = (one: number) => calls.filter((call) => isTimed(call) && call.copyKernel === one).length;
    expect([LIBC, FIRST, SECOND].map(turnsOf)).toEqual([4 + 2 * 24, 4 + 2 * 24, 4]);
    expect([FIRST, SECOND].map((one) => timedNs.get(one))).toEqual([52 * WHOLE * 240, 4 * WHOLE * 260]);
  });

  it('settles memory that was not used lately for longer, and again where another one wrote before', () => {
    const { calls } = play({ [LIBC]: () => 100, [FIRST]: () => 95 });
    examined(SIZE);
    const rows = rowsOf(calls, isLap);
    const kernelsOf = (row: readonly PlayedCopy[]) => row.map(({ copyKernel }) => copyKernel);
    expect(rows.map((row) => row.length)).toEqual([4 * SUPPORTED.length, 12 * 2, 4 * 2]);
    const placesOf = (row: readonly PlayedCopy[]) =>
      NEAR.map((one) => new Set(row.filter(({ copyKernel }) => copyKernel === one).map(({ dstOffset }) => dstOffset)));
    const [before, after] = [rows[1]!, rows[2]!].map(placesOf) as [Set<number>[], Set<number>[]];
    expect(before.map(({ size }) => size)).toEqual([1, 1]);
    expect(after).toEqual(before.toReversed());
    for (const row of rows) for (const { bytes, batch, dstSpan } of row) expect(batch * bytes).toBe(dstSpan);
    // Each is the first one and the last one in its turn.
    expect(kernelsOf(rows[1]!).slice(0, 4)).toEqual([...NEAR, ...NEAR.toReversed()]);
  });

  it('copies from a source that was just written, through all of the part that a copy kernel has', () => {
    const { calls } = play({ [LIBC]: () => 100, [FIRST]: () => 95 });
    examined(SIZE);
    const parts = new Map<number, PlayedCopy>();
    const reached = new Set<number>();
    for (const [at, call] of calls.entries()) {
      if (isLap(call)) parts.set(call.copyKernel, call);
      if (!isTimed(call)) continue;
      const { srcRegion, srcOffset, copyKernel, dstOffset, dstSpan } = call;
      expect(calls[at - 1]).toMatchObject({ batch: 1, bytes: SIZE, dstRegion: srcRegion, dstOffset: srcOffset });
      const part = parts.get(copyKernel)!;
      const from = dstOffset - part.dstOffset;
      expect(from >= 0 && from + dstSpan <= part.dstSpan).toBe(true);
      if (parts.size > 0 && copyKernel === LIBC) reached.add(from);
    }
    expect(reached.size).toBe(parts.get(LIBC)!.dstSpan / (WHOLE * SIZE));
  });
});
