import { describe, expect, it } from '@jest/globals';
import { FRAGMENT_BIAS } from '../../../lib/page/pool/netmem-table.js';
import { fragmentsOf, shownFragments } from '../../../lib/trace/page-pool/fragment-counts.js';

describe('a count of fragments', () => {
  it.each([
    [1, 1],
    [65536, 65536],
    [FRAGMENT_BIAS, 'B-0'],
    [FRAGMENT_BIAS - 12, 'B-12'],
    [FRAGMENT_BIAS + 1, 'B--1'],
  ])('of %i here is %s in a trace', (count, shown) => {
    expect(shownFragments(count)).toBe(shown);
    expect(fragmentsOf(shown)).toBe(count);
  });
});
