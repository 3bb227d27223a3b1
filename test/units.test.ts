import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  isPowerOfTwo,
  low31,
  nextPowerOfTwo,
  PAGE_SHIFT,
  PAGE_SIZE,
  roundUp,
  SEGMENT_BYTES,
  SLOT_SHIFT,
  SLOT_SIZE,
  SLOTS_PER_PAGE,
  slotsOf,
} from '../lib/units.js';

describe('sizes', () => {
  it('are those of Linux, and agree with their shifts', () => {
    expect([PAGE_SIZE, SLOT_SIZE, SLOTS_PER_PAGE, SEGMENT_BYTES]).toEqual([4096, 2048, 2, 256 << 10]);
    expect([1 << PAGE_SHIFT, 1 << SLOT_SHIFT]).toEqual([PAGE_SIZE, SLOT_SIZE]);
  });
});

describe('powers of two', () => {
  it('are known up to the largest, and nothing else is one', () => {
    for (let power = 0; power <= 52; power++) expect(isPowerOfTwo(2 ** power)).toBe(true);
    for (const other of [0, -1, -2, 3, 0.5, 6, 2 ** 31 + 1, 2 ** 53, Infinity, Number.NaN]) {
      expect(isPowerOfTwo(other)).toBe(false);
    }
  });

  it('the next one is the least that is large enough', () => {
    const sizes = fc.integer({ min: 1, max: 2 ** 50 });
    fc.assert(
      fc.property(sizes, (value) => {
        const power = nextPowerOfTwo(value);
        expect(isPowerOfTwo(power) && power >= value && power / 2 < value).toBe(true);
      }),
    );
    expect([0, 1, 2, 3, 4, 5].map(nextPowerOfTwo)).toEqual([1, 1, 2, 4, 4, 8]);
  });
});

describe('slots and steps', () => {
  it('as many slots as hold the bytes, up to where an int ends', () => {
    expect([0, 1, 2048, 2049, 2 ** 31 - 2048].map(slotsOf)).toEqual([0, 1, 1, 2, 2 ** 20 - 1]);
    const sizes = fc.integer({ min: 0, max: 2 ** 31 - 2048 });
    fc.assert(fc.property(sizes, (bytes) => expect(slotsOf(bytes)).toBe(Math.ceil(bytes / 2048))));
  });

  it('rounds up to steps of any size, and leaves what is one', () => {
    expect([roundUp(0, 7), roundUp(1, 7), roundUp(7, 7), roundUp(8, 7), roundUp(2 ** 40 + 1, 4096)]).toEqual([
      ...[0, 7, 7, 14, 2 ** 40 + 4096],
    ]);
  });

  it('has the low bits of addresses that are more than a word', () => {
    const addresses = fc.bigInt({ min: 0n, max: 2n ** 53n - 1n });
    fc.assert(fc.property(addresses, (address) => expect(low31(Number(address))).toBe(Number(address % 2n ** 31n))));
  });
});
