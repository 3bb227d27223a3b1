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

describe('sizes of pages and slots', () => {
  it('are those of Linux, and agree with their shifts', () => {
    expect({ PAGE_SIZE, SLOT_SIZE, SLOTS_PER_PAGE, SEGMENT_BYTES }).toEqual({
      PAGE_SIZE: 4096,
      SLOT_SIZE: 2048,
      SLOTS_PER_PAGE: 2,
      SEGMENT_BYTES: 256 << 10,
    });
    expect({ page: 1 << PAGE_SHIFT, slot: 1 << SLOT_SHIFT }).toEqual({ page: PAGE_SIZE, slot: SLOT_SIZE });
  });
});

describe('isPowerOfTwo and nextPowerOfTwo', () => {
  it('accept every power of two up to the largest, and no other number', () => {
    for (let power = 0; power <= 52; power++) expect(isPowerOfTwo(2 ** power)).toBe(true);
    for (const other of [0, -1, -2, 3, 0.5, 6, 2 ** 31 + 1, 2 ** 53, Infinity, Number.NaN]) {
      expect(isPowerOfTwo(other)).toBe(false);
    }
  });

  it('find the smallest power of two that is large enough', () => {
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

describe('slotsOf', () => {
  it('counts the slots that hold N bytes, up to the largest int', () => {
    expect([0, 1, 2048, 2049, 2 ** 31 - 2048].map(slotsOf)).toEqual([0, 1, 1, 2, 2 ** 20 - 1]);
    const sizes = fc.integer({ min: 0, max: 2 ** 31 - 2048 });
    fc.assert(fc.property(sizes, (bytes) => expect(slotsOf(bytes)).toBe(Math.ceil(bytes / 2048))));
  });
});

describe('roundUp', () => {
  it('rounds up to multiples of any step, and leaves multiples as they are', () => {
    expect([0, 1, 7, 8].map((value) => roundUp(value, 7))).toEqual([0, 7, 7, 14]);
    expect(roundUp(2 ** 40 + 1, 4096)).toBe(2 ** 40 + 4096);
  });
});

describe('low31', () => {
  it('returns the low bits of addresses that are longer than a word', () => {
    const addresses = fc.bigInt({ min: 0n, max: 2n ** 53n - 1n });
    fc.assert(fc.property(addresses, (address) => expect(low31(Number(address))).toBe(Number(address % 2n ** 31n))));
  });
});
