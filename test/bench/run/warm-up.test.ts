import { describe, expect, it } from '@jest/globals';
import { type Warmed, WarmUp } from '../../../lib/bench/run/warm-up.js';

const cell = (id: string, higherIsBetter = true): Warmed => ({ id, higherIsBetter });

/** Number of rounds, with the given values, until it is steady; `Infinity` if it never is. */
function roundsOf(values: readonly number[], higherIsBetter = true): number {
  const warmUp = new WarmUp();
  const only = cell('a', higherIsBetter);
  for (const [index, value] of values.entries()) {
    warmUp.add(only, value);
    warmUp.endRound();
    if (warmUp.isSteady) return index + 1;
  }
  return Number.POSITIVE_INFINITY;
}

describe('WarmUp', () => {
  it('is steady after three rounds that are not better than the best one', () => {
    expect(roundsOf([10, 10, 9, 10])).toBe(4);
    expect(roundsOf([10, 10, 9])).toBe(Number.POSITIVE_INFINITY);
  });

  it('continues while rates rise, even if not in every round', () => {
    expect(roundsOf([14, 50, 13, 27, 55, 85, 77, 42, 142, 132, 140, 127])).toBe(12);
  });

  it('continues while times fall', () => {
    expect(roundsOf([100, 90, 80, 70, 71, 69, 70], false)).toBe(7);
  });

  it('treats small gains as noise', () => {
    expect(roundsOf([100, 102, 104, 103])).toBe(4);
    expect(roundsOf([100, 98, 96, 97], false)).toBe(4);
  });

  it('waits until no cell gets better', () => {
    const warmUp = new WarmUp();
    const [a, b] = [cell('a'), cell('b')];
    const rounds = [10, 20, 30, 30, 30, 30].map((value) => {
      warmUp.add(a, 10);
      warmUp.add(b, value);
      warmUp.endRound();
      return warmUp.isSteady;
    });
    expect(rounds).toEqual([false, false, false, false, false, true]);
  });
});
