import { describe, expect, it } from '@jest/globals';
import { STRATEGY_WORDS, Strategy, type StrategyConfig } from '../../../dev/schedule/strategy.js';

function strategyOf(given: Partial<StrategyConfig>): Strategy {
  const strategy = new Strategy(new Int32Array(STRATEGY_WORDS));
  strategy.begin({ kind: 'walk', seed: 7, meanGap: 10, weights: [1, 1, 1], prefersRare: false, ...given });
  return strategy;
}

/** Returns at how many of `points` points a change is due. */
function changes(strategy: Strategy, points: number, operation: (point: number) => number = () => 0): number {
  let count = 0;
  for (let point = 0; point < points; point++) {
    if (!strategy.isDue(operation(point))) continue;
    count++;
    strategy.choose(0, 0b111);
  }
  return count;
}

const ALL = 0b111;

describe.each(['walk', 'priorities'] as const)('the strategy %s', (kind) => {
  it('changes the CPU once in N points on average', () => {
    expect(changes(strategyOf({ kind, meanGap: 10 }), 10_000)).toBeGreaterThan(600);
    expect(changes(strategyOf({ kind, meanGap: 10 }), 10_000)).toBeLessThan(1200);
    expect(changes(strategyOf({ kind, meanGap: 1000 }), 10_000)).toBeLessThan(30);
  });

  it('chooses a live CPU, and another one while the CPU has to wait', () => {
    const strategy = strategyOf({ kind });
    for (let choice = 0; choice < 300; choice++) {
      expect([0, 2]).toContain(strategy.choose(0, 0b101));
      expect([0, 1]).toContain(strategy.chooseOther(2, ALL, 0));
      expect(strategy.chooseOther(1, 0b010, 1)).toBe(1);
    }
  });

  it('makes the same choices for the same seed', () => {
    const choices = (seed: number) => {
      const strategy = strategyOf({ kind, seed });
      return Array.from({ length: 40 }, () => strategy.choose(0, ALL));
    };
    expect(choices(1)).toEqual(choices(1));
    if (kind === 'walk') expect(choices(1)).not.toEqual(choices(2));
  });

  it('changes more often at operations that it has hardly met, if told to', () => {
    const operation = (point: number) => (point % 50 === 0 ? point + 1 : 1);
    const rare = changes(strategyOf({ kind, meanGap: 1e6, prefersRare: true }), 20_000, operation);
    expect(rare).toBeGreaterThan(50);
    expect(rare).toBeLessThan(400);
    expect(changes(strategyOf({ kind, meanGap: 1e6 }), 20_000, operation)).toBeLessThan(3);
  });
});

describe('the strategy walk', () => {
  it('chooses CPUs in proportion to their weights', () => {
    const strategy = strategyOf({ weights: [16, 1, 1] });
    const chosen = Array.from({ length: 1000 }, () => strategy.choose(1, ALL));
    expect(chosen.filter((cpu) => cpu === 0).length).toBeGreaterThan(800);
    expect(new Set(chosen)).toEqual(new Set([0, 1, 2]));
  });
});

describe('the strategy priorities', () => {
  it('lets a CPU that gave way run again only after all others have', () => {
    const strategy = strategyOf({ kind: 'priorities' });
    const order = [0];
    for (let change = 0; change < 5; change++) order.push(strategy.choose(order.at(-1)!, ALL));
    expect(new Set(order.slice(-3))).toEqual(new Set([0, 1, 2]));
    expect(order.slice(-3)).toEqual(order.slice(-6, -3));
  });
});
