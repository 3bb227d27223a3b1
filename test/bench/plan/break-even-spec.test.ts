import { describe, expect, it } from '@jest/globals';
import { pagePriceSchema, priceOf } from '../../../lib/bench/plan/break-even-spec.js';

describe('priceOf', () => {
  it('adds the price of each page to that of the range', () => {
    expect(priceOf({ nsPerUse: 5000, nsPerPage: 300 }, 4)).toBe(6200);
    expect(priceOf({ nsPerUse: 0, nsPerPage: 300 }, 1)).toBe(300);
    expect(priceOf({ nsPerUse: 5000, nsPerPage: 0 }, 256)).toBe(5000);
  });
});

describe('the schema of a price', () => {
  const price = { name: 'x', nsPerUse: 0, nsPerPage: 1, isLowerBound: true, includes: 'both ways', source: null };

  it('takes a price with its source, or without one', () => {
    const source = { title: 'A paper', address: 'https://example.org', date: '2024-12' };
    expect(pagePriceSchema().parse(price)).toEqual(price);
    expect(pagePriceSchema().parse({ ...price, source })).toEqual({ ...price, source });
  });

  it('refuses prices below zero', () => {
    expect(pagePriceSchema().safeParse({ ...price, nsPerPage: -1 }).success).toBe(false);
  });
});
