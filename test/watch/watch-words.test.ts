import { describe, expect, it } from '@jest/globals';
import { bytesText, shareText, unknownTexts } from '../../lib/watch/watch-words.js';

const pool = (name: string, unknown = {}) => ({
  pool: name,
  slots: 1000,
  used: 15,
  highWater: null,
  transient: null,
  unknown,
});

describe('bytesText', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [12_345, '12.3 kB'],
    [999_400, '999 kB'],
    [999_600, '1.00 MB'],
    [29.3e6, '29.3 MB'],
    [5e15, '5000 TB'],
  ])('shows %d bytes as %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });
});

describe('shareText', () => {
  it('is a share of the slots, and unknown where one of both is, or there are none', () => {
    expect(shareText(pool(''))).toBe('1.5 %');
    for (const part of [{ used: null }, { slots: null }, { slots: 0 }])
      expect(shareText({ ...pool(''), ...part })).toBe('unknown');
  });
});

describe('unknownTexts', () => {
  it('has each counter and reason once, with the pools that it is of', () => {
    const none = { transient: 'none' };
    const of = (...names: string[]) => names.map((name) => pool(name, none));
    expect(unknownTexts([...of(''), pool('x')])).toEqual(['transient of default is unknown: none']);
    expect(unknownTexts(of('', 'b', 'c'))).toEqual(['transient of default, b, c is unknown: none']);
    expect(unknownTexts(of('', 'b', 'c', 'd', 'e'))).toEqual(['transient of all 5 pools is unknown: none']);
    expect(unknownTexts([...of('', 'b', 'c', 'd'), pool('x', { transient: 'no' })])).toEqual([
      'transient of 4 pools is unknown: none',
      'transient of x is unknown: no',
    ]);
  });
});
