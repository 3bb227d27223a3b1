import { describe, expect, it } from '@jest/globals';
import { endsOf, octavesAround, sizeAxis } from '../../../lib/report/plots/axes.js';

describe('endsOf', () => {
  it('are the least and the greatest value, in whatever order they come', () => {
    expect(endsOf([3, 1, 2])).toEqual({ min: 1, max: 3 });
  });
});

describe('octavesAround', () => {
  it('are the powers of two around all values', () => {
    expect(octavesAround([3, 5, 20])).toEqual({ min: 2, max: 32 });
    expect(octavesAround([0.3])).toEqual({ min: 0.25, max: 0.5 });
  });

  it('are the values themselves where these are powers of two, unless there has to be room', () => {
    expect(octavesAround([4, 16])).toEqual({ min: 4, max: 16 });
    expect(octavesAround([4, 16], 1.2)).toEqual({ min: 2, max: 32 });
    expect(octavesAround([5, 13], 1.2)).toEqual({ min: 4, max: 16 });
  });
});

describe('sizeAxis', () => {
  it('ends where it is told to, doubles by equal lengths, and has units at its labels', () => {
    const axis = sizeAxis('bytes per copy', { min: 1024, max: 65536 });
    expect(axis).toMatchObject({ type: 'log', logBase: 2, name: 'bytes per copy', min: 1024, max: 65536 });
    expect([1024, 65536].map(axis.axisLabel.formatter)).toEqual(['1 KiB', '64 KiB']);
  });
});
