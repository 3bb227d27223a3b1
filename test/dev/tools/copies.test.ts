import { describe, expect, it } from '@jest/globals';
import { copyRate } from '../../../dev/tools/copies.js';
import { CopytaxError } from '../../../lib/errors.js';
import { Region } from '../../../lib/memory/region.js';
import { openRegions } from './fixtures/open-regions.js';

const SPEC = { copyKernel: 'libc', bytes: 2 ** 20, copies: 3, hugePages: 'never', inPage: 16 } as const;

describe('copyRate', () => {
  it.each([
    ['whole arrays', SPEC],
    ['blocks of the same source', { ...SPEC, blockBytes: 65536 }],
    ['blocks that do not fill the array', { ...SPEC, blockBytes: 65536 * 3 }],
    ['memory that was never written', { ...SPEC, firstTouch: true }],
    ['huge pages where there are any', { ...SPEC, hugePages: 'thp' as const }],
  ])('is a rate for %s, and closes its regions', (_what, spec) => {
    const before = openRegions(SPEC.bytes);
    const rate = copyRate(spec);
    expect(rate).toBeGreaterThan(0);
    expect(rate).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(openRegions(SPEC.bytes)).toBe(before);
  });

  it('is tried by a count that an open region shows in', () => {
    const before = openRegions(SPEC.bytes);
    const region = Region.create({ bytes: SPEC.bytes + 4096, lock: 'no', hugePages: 'never' });
    const during = openRegions(SPEC.bytes);
    region.close();
    expect({ during, after: openRegions(SPEC.bytes) }).toEqual({ during: before + 1, after: before });
  });

  it('closes its regions also where a copy kernel is missing', () => {
    const before = openRegions(SPEC.bytes);
    expect(() => copyRate({ ...SPEC, copyKernel: 'none' as never })).toThrow(CopytaxError);
    expect(openRegions(SPEC.bytes)).toBe(before);
  });
});
