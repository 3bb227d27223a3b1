import { describe, expect, it } from '@jest/globals';
import { largeBytes, smallPages } from '../../../../lib/bench/doctor/guards/scratch-memory.js';
import { GIB, MIB } from '../../../../lib/units.js';

describe('largeBytes', () => {
  it.each([
    { available: 8 * GIB, bytes: 64 * MIB },
    { available: GIB, bytes: 64 * MIB },
    { available: 100 * MIB, bytes: 6 * MIB },
    { available: MIB, bytes: MIB },
  ])('takes $bytes bytes where $available are available', ({ available, bytes }) => {
    expect(largeBytes(available)).toBe(bytes);
  });
});

describe('smallPages', () => {
  it('makes memory that asks for no lock and no huge pages', () => {
    using region = smallPages(4 * MIB);
    expect(region.info()).toMatchObject({ locked: false, lockErrno: 0, hugePages: 'never', hugeBytes: 0 });
  });
});
