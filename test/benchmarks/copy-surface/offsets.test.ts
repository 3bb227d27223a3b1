import { describe, expect, it } from '@jest/globals';
import { ALIGNMENTS, aheadBytes, isNearAliasing, offsetsFor } from '../../../benchmarks/copy-surface/offsets.js';
import { random } from '../../../lib/random.js';
import { PAGE_SIZE } from '../../../lib/units.js';

describe('offsetsFor', () => {
  it.each(ALIGNMENTS)('stays within a page, for each of many draws of %s', (alignment) => {
    const next = random(7);
    for (let draw = 0; draw < 500; draw++) {
      const offsets = offsetsFor(alignment, next);
      for (const offset of [offsets.source, offsets.destination]) {
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(offset).toBeLessThan(PAGE_SIZE);
      }
      expect(isNearAliasing(offsets)).toBe(alignment === 'aliased' || alignment === 'equal');
    }
  });

  it('draws many different distances where it draws them', () => {
    const next = random(7);
    const drawn = new Set(Array.from({ length: 500 }, () => aheadBytes(offsetsFor('random', next))));
    expect(drawn.size).toBeGreaterThan(20);
    for (const ahead of drawn) expect(ahead % 64).toBe(0);
  });

  it('has the destination a line ahead, or not at all, modulo 4 KiB', () => {
    const next = random(7);
    for (let draw = 0; draw < 100; draw++) {
      expect(aheadBytes(offsetsFor('aliased', next))).toBe(64);
      expect(aheadBytes(offsetsFor('equal', next))).toBe(0);
    }
  });

  it('has the source beside the begin of a line by 0, 1, 8 and 64 bytes', () => {
    const next = random(7);
    const beside = (['0 B', '1 B', '8 B', '64 B'] as const).map((alignment) => offsetsFor(alignment, next));
    expect(beside.map(({ source }) => source)).toEqual([0, 1, 8, 64]);
    expect(beside.map(({ destination }) => destination % 64)).toEqual([0, 0, 0, 0]);
  });
});
