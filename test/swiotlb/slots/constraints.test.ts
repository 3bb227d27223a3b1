import { describe, expect, it } from '@jest/globals';
import { lowOffset } from '../../../lib/swiotlb/slots/constraints.js';

const offset = (address: number, minAlignMask: number) =>
  lowOffset(address, { minAlignMask, segmentBoundaryMask: Infinity });

describe('lowOffset', () => {
  it('returns the bits of an address that lie in a slot and in the mask of the device', () => {
    expect(offset(0x1234_9c10, 0xffff)).toBe(0x410);
    expect(offset(0x1234_9c10, 0xff)).toBe(0x10);
    expect(offset(0x1234_9c10, 0)).toBe(0);
  });

  it('accepts addresses that do not fit 32 bits', () => {
    expect(offset(2 ** 40 + 2 ** 31 + 0x7ff, 4095)).toBe(0x7ff);
  });
});
