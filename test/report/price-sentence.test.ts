import { describe, expect, it } from '@jest/globals';
import { priceSentence } from '../../lib/report/price-sentence.js';
import { designCells, priceCells, resultOf, withStopped } from './fixtures/result.js';

describe('the prices of one design in words', () => {
  const result = resultOf(priceCells());

  it('say its rate, its cores by cause, its memory, and what becomes of it in a small slot pool', () => {
    expect(priceSentence(result, 'bounce-pages')).toBe(
      [
        '242 [240, 245] Gbit/s, at 0.85±0.00 cores per 100 Gbit/s: user copy 0.65±0.00, slot and page work',
        '0.10±0.00, rest of the control plane 0.10±0.00. Each flow holds 1536 KiB of the slot pool for 1536 KiB in flight;',
        'slots and pages take 524 ns per 64 KiB. In a slot pool that is too small it moves 0.50 [0.50, 0.50] of that, and',
        '25.0 % of its payload is copied after it was sent.',
      ].join(' '),
    );
  });

  it('say nothing of a small slot pool where devices reach all memory', () => {
    expect(priceSentence(result, 'direct')).toMatch(/slots and pages take 262 ns per 64 KiB\.$/);
  });

  it('say that it stops in a small slot pool, without a ratio', () => {
    expect(priceSentence(withStopped(result, 'bounce-pages'), 'bounce-pages')).toMatch(
      /per 64 KiB\. In a slot pool that is too small it stops: .* nothing was sent any more\.$/,
    );
  });

  it('are null for a design that the result does not price', () => {
    expect([priceSentence(result, 'txbuf'), priceSentence(resultOf(designCells()), 'bounce')]).toEqual([null, null]);
  });
});
