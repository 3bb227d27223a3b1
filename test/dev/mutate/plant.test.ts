import { describe, expect, it } from '@jest/globals';
import { isFinder, ofKind, type Plant, planted } from '../../../dev/mutate/plant.js';

const PLANT: Plant = {
  name: 'a sum is a difference',
  kind: 'bounds and arithmetic',
  file: 'lib/units.ts',
  text: 'a + b',
  replacement: 'a - b',
  finders: ['test/units.test.ts'],
};

describe('planted()', () => {
  it('replaces the text', () => {
    expect(planted('return a + b;', PLANT)).toBe('return a - b;');
  });

  it('takes replacements as they are', () => {
    expect(planted('return a + b;', { ...PLANT, replacement: "$&$'" })).toBe("return $&$';");
  });

  it('returns null if the text is not there, or is there twice', () => {
    expect([planted('return a;', PLANT), planted('a + b, a + b', PLANT)]).toEqual([null, null]);
  });
});

describe('ofKind()', () => {
  it('adds the kind to each plant of a table', () => {
    const { kind, ...rest } = PLANT;
    expect(ofKind(kind, [rest])).toEqual([PLANT]);
  });
});

describe('isFinder()', () => {
  it('accepts tests by their path, and seeds of the explorer', () => {
    expect(['test/net', 'test/net/skb.test.ts', 'explore 100'].map(isFinder)).toEqual([true, true, true]);
    expect(['net', 'explore', 'explore 0', 'test/a b', ''].map(isFinder)).toEqual([false, false, false, false, false]);
  });
});
