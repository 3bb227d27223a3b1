import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { random, randomInt, seedFor, shuffled, xorshift } from '../lib/random.js';

describe('random', () => {
  it('draws the same numbers for the same seed, and others for another one', () => {
    const draw = (seed: number) => Array.from({ length: 5 }, random(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('draws uniformly from [0, 1)', () => {
    const next = random(1);
    const bins = new Array<number>(10).fill(0);
    for (let index = 0; index < 10_000; index++) bins[randomInt(next, 10)]!++;
    for (const count of bins) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('derives a seed of its own for each purpose', () => {
    expect(seedFor(1, 'a')).not.toBe(seedFor(1, 'b'));
    expect(seedFor(1, 'a')).not.toBe(seedFor(2, 'a'));
    expect(seedFor(1, 'a')).toBe(seedFor(1, 'a'));
  });

  it('takes a number as seed and a text as purpose, and nothing else', () => {
    const wrong = [
      () => seedFor(Symbol() as never, 'a'),
      () => seedFor(1, undefined as never),
      () => random(1n as never),
    ];
    for (const call of wrong) expect(call).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
  });

  it('shuffles a list without losing items', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.nat(), (items, seed) => {
        const result = shuffled(items, random(seed));
        expect([...result].sort((a, b) => a - b)).toEqual([...items].sort((a, b) => a - b));
      }),
    );
  });

  it('shuffles every item to every place equally often', () => {
    const next = random(3);
    const orders = new Map<string, number>();
    for (let shuffle = 0; shuffle < 3000; shuffle++) {
      const order = shuffled(['a', 'b', 'c'], next).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(6);
    for (const count of orders.values()) expect(Math.abs(count - 500)).toBeLessThan(100);
  });
});

describe('xorshift', () => {
  it('returns the numbers of Marsaglia, so that C++ can have the same', () => {
    const states = [1];
    for (let at = 0; at < 3; at++) states.push(xorshift(states[at]!));
    expect(states.map((state) => state >>> 0)).toEqual([1, 270369, 67634689, 2647435461]);
  });

  it('stays at 0', () => {
    expect(xorshift(0)).toBe(0);
  });
});
