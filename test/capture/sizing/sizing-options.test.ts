import { describe, expect, it } from '@jest/globals';
import { requireOptions, type SizingOptions } from '../../../lib/capture/sizing/sizing-options.js';

describe('requireOptions', () => {
  it.each([
    ['cpus', 0],
    ['floor', -1],
    ['floor', 1.5],
    ['percent', 0],
    ['percent', 91],
    ['passes', 0],
    ['target', 0],
    ['target', 2],
    ['headroom', 0.5],
    ['headroom', Number.NaN],
    ['memoryBytes', 0],
    ['seed', -1],
  ])('refuses %s of %p', (name, value) => {
    expect(() => requireOptions({ [name]: value })).toThrow(
      expect.objectContaining({ code: 'ERR_OUT_OF_RANGE', message: expect.stringContaining(`${name} must be`) }),
    );
  });

  it('refuses a pool of no slots, and options that there are not', () => {
    const there = (have: SizingOptions['have']) => () => requireOptions({ have: have! });
    expect(there({ slots: 0, areas: 1 })).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
    expect(there({ slots: 128, areas: 0 })).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
    expect(() => requireOptions({ areas: 4 } as SizingOptions)).toThrow(
      expect.objectContaining({ code: 'ERR_UNKNOWN_OPTION' }),
    );
  });

  it('takes none, and all at their limits', () => {
    requireOptions({});
    requireOptions({ cpus: 65_536, floor: 0, percent: 90, passes: 1000, target: 1, headroom: 64, seed: 0 });
  });
});
