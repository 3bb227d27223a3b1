import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { random, randomInt, seedFor, shuffled } from '../lib/random.js';

describe('random', () => {
  it('repeats a seed and tells seeds apart', () => {
    const draw = (seed: number) => Array.from({ length: 5 }, random(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('is uniform in [0, 1)', () => {
    const next = random(1);
    const bins = new Array<number>(10).fill(0);
    for (let index = 0; index < 10_000; index++) bins[randomInt(next, 10)]!++;
    for (const count of bins) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('has a stream for each purpose', () => {
    expect(seedFor(1, 'a')).not.toBe(seedFor(1, 'b'));
    expect(seedFor(1, 'a')).not.toBe(seedFor(2, 'a'));
    expect(seedFor(1, 'a')).toBe(seedFor(1, 'a'));
  });

  it('shuffles without loss', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.nat(), (items, seed) => {
        const result = shuffled(items, random(seed));
        expect([...result].sort((a, b) => a - b)).toEqual([...items].sort((a, b) => a - b));
      }),
    );
  });

  it('puts every item at every place', () => {
    const next = random(3);
    const firsts = new Map<string, number>();
    for (let round = 0; round < 3000; round++) {
      const order = shuffled(['a', 'b', 'c'], next).join('');
      firsts.set(order, (firsts.get(order) ?? 0) + 1);
    }
    expect(firsts.size).toBe(6);
    for (const count of firsts.values()) expect(Math.abs(count - 500)).toBeLessThan(100);
  });
});
