/** The rate of copies whose times are played. */
import { describe, expect, it, jest } from '@jest/globals';
import * as real from '../../../lib/memory/copy.js';

const UNTIMED_NS = 9_000_000;
const NS = 1_000_000;
/** The first copy finds memory that is not as the tools have it. */
const timedCopy = (_spec: unknown, samples: number, ns: Float64Array) => ns.fill(NS, 0, samples).fill(UNTIMED_NS, 0, 1);
jest.unstable_mockModule('../../../lib/memory/copy.js', () => ({ ...real, timedCopy }));
const { copyRate } = await import('../../../dev/tools/copies.js');

const BYTES = 2 ** 20;
const SPEC = { copyKernel: 'libc', bytes: BYTES, copies: 3, hugePages: 'never', inPage: 16 } as const;

describe('copyRate', () => {
  it('is of the copies that are timed, without the one before them', () => {
    expect(copyRate(SPEC)).toBeCloseTo(BYTES / NS, 9);
  });

  it('is of the only copy of memory that was never written', () => {
    expect(copyRate({ ...SPEC, firstTouch: true })).toBeCloseTo(BYTES / UNTIMED_NS, 9);
  });
});
