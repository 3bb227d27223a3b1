import { describe, expect, it } from '@jest/globals';
import { Draws } from '../../../dev/variance/draws.js';
import { random } from '../../../lib/random.js';

const KINDS = ['design', 'design', 'copy'] as const;
const drawn = (seed: number, count: number) => {
  const draws = new Draws(random(seed), 5, KINDS);
  return Array.from({ length: count }, () => draws.draw());
};

describe('Draws', () => {
  it('samples each design once and each copy three times in a turn, in random order', () => {
    const orders = drawn(1, 200).map(({ cells }) => cells);
    for (const cells of orders) expect(cells.toSorted()).toEqual([0, 1, 2, 2, 2]);
    expect(new Set(orders.map(String)).size).toBe(20); // five places for one cell, four for the other
  });

  it('asks every process, stays with one often enough for pairs, and renews each thing apart from the others', () => {
    const all = drawn(2, 20_000);
    const share = (of: (draw: (typeof all)[number], at: number) => boolean) => all.filter(of).length / all.length;
    const slots = [0, 1, 2, 3, 4].map((slot) => share((draw) => draw.slot === slot));
    for (const one of slots) expect(one).toBeCloseTo(0.2, 1);
    expect(share(({ slot }, at) => slot === all[at - 1]?.slot)).toBeCloseTo(0.5 + 0.5 / 5, 1);
    const memory = share(({ renewsMemory }) => renewsMemory);
    const threads = share(({ renewsThreads }) => renewsThreads);
    const both = share(({ renewsMemory, renewsThreads }) => renewsMemory && renewsThreads);
    expect(memory).toBeGreaterThan(0.2);
    expect(threads).toBeGreaterThan(0.04);
    expect(both / (memory * threads)).toBeCloseTo(1, 0);
  });

  it('renews nothing in a process that is new itself', () => {
    const fresh = drawn(3, 20_000).filter(({ renewsProcess }) => renewsProcess);
    expect(fresh.length).toBeGreaterThan(100);
    expect(fresh.filter(({ renewsMemory, renewsThreads }) => renewsMemory || renewsThreads)).toEqual([]);
  });

  it('is the same for the same seed', () => {
    expect(drawn(4, 50)).toEqual(drawn(4, 50));
    expect(drawn(4, 50)).not.toEqual(drawn(5, 50));
  });
});
