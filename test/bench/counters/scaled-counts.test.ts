import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rowsBetween, scaledCounts } from '../../../lib/bench/counters/scaled-counts.js';

const ns = fc.integer({ min: 1, max: 2 ** 40 });

describe('scaledCounts', () => {
  it('returns a count that ran all the time as it is', () => {
    expect(scaledCounts(['a', 'b'], [7, 100, 100, 0, 100, 100])).toEqual({ counts: { a: 7, b: 0 }, ranShare: 1 });
  });

  it('scales up what ran for a part of the time, and tells the least part', () => {
    expect(scaledCounts(['a', 'b'], [7, 100, 25, 5, 100, 50])).toEqual({ counts: { a: 28, b: 10 }, ranShare: 0.25 });
  });

  it('leaves out what never ran or could not be read, which is unknown and not 0', () => {
    expect(scaledCounts(['a', 'b'], [0, 100, 0, 5, 100, 100])).toEqual({ counts: { b: 5 }, ranShare: 1 });
    expect(scaledCounts(['a'], [0, 0, 0])).toEqual({ counts: {}, ranShare: null });
    expect(scaledCounts(['a'], [])).toEqual({ counts: {}, ranShare: null });
  });

  it('finds the rate of an event again, whatever part of the time its counter had', () => {
    const property = fc.property(ns, ns, fc.double({ min: 0, max: 10, noNaN: true }), (one, other, rate) => {
      const [running, enabled] = [Math.min(one, other), Math.max(one, other)];
      const { counts, ranShare } = scaledCounts(['a'], [rate * running, enabled, running]);
      expect(counts.a).toBeCloseTo(rate * enabled, -Math.log10(1e-9 * Math.max(1, rate * enabled)));
      expect(counts.a).toBeGreaterThanOrEqual(rate * running);
      expect(ranShare! * enabled).toBeCloseTo(running, 3);
    });
    fc.assert(property);
  });

  it('never scales down, and never makes a count of none', () => {
    const row = fc.tuple(fc.nat(), fc.nat(), fc.nat());
    const property = fc.property(fc.array(row, { maxLength: 6 }), (rows) => {
      const names = rows.map((_row, at) => `n${at}`);
      const { counts, ranShare } = scaledCounts(names, rows.flat());
      for (const [at, [value, , running]] of rows.entries()) {
        if (running === 0) expect(counts).not.toHaveProperty(`n${at}`);
        else expect(counts[`n${at}`]).toBeGreaterThanOrEqual(value);
      }
      const ran = rows.filter(([, , running]) => running > 0);
      expect(ranShare === null).toBe(ran.length === 0);
      expect(ranShare ?? 1).toBeLessThanOrEqual(1);
    });
    fc.assert(property);
  });
});

describe('rowsBetween', () => {
  it('returns what each row gained, and an empty row for one that fell', () => {
    const between = rowsBetween([1, 10, 10, 5, 10, 10], [4, 30, 20, 0, 0, 0]);
    expect([...between]).toEqual([3, 20, 10, 0, 0, 0]);
  });

  it.each([0, 1, 2])('returns an empty row also where only its number %i fell', (at) => {
    const after = [20, 20, 20].with(at, 9);
    expect([...rowsBetween([10, 10, 10], after)]).toEqual([0, 0, 0]);
  });

  it('adds up over parts of the time to the whole of it', () => {
    const row = fc.array(fc.nat(), { minLength: 3, maxLength: 3 });
    const property = fc.property(row, row, row, (first, second, third) => {
      const middle = first.map((value, at) => value + second[at]!);
      const last = middle.map((value, at) => value + third[at]!);
      const sum = rowsBetween(first, middle).map((value, at) => value + rowsBetween(middle, last)[at]!);
      expect([...sum]).toEqual([...rowsBetween(first, last)]);
    });
    fc.assert(property);
  });
});
