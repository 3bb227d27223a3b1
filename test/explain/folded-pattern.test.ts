import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FOLD, folded, INDENTED, RECORD, unfolded } from '../../lib/explain/folded-pattern.js';

const SOURCE = String.raw`(?:a-)?full(?: ?\( ?sz: (?<size>-?\d+) [a-f]{2,4} ?\))?, at (?<at><<\d+>>)`;
const whole = new RegExp(`^(?:${folded(SOURCE)})$`);

describe('a folded pattern', () => {
  it('matches a text with line breaks anywhere in it, whose words it gives back', () => {
    const texts = fc.constantFrom('full, at 5', 'a-full (sz: -12 abcd), at 567', 'full (sz: 3 ff), at 12');
    fc.assert(
      fc.property(texts, fc.uniqueArray(fc.nat(40)), (text, breaks) => {
        // Of the last number only one break is taken for one.
        const inner = breaks.filter((at) => at > 0 && at < text.lastIndexOf(' ') + 2);
        const broken = [...text].map((one, at) => (inner.includes(at) ? `${FOLD}${one}` : one)).join('');
        expect(whole.test(broken)).toBe(true);
        expect(unfolded(broken, whole)).toBe(text);
      }),
    );
  });

  it('matches no other text', () => {
    for (const text of ['ful', 'fulll, at 5', 'f ull, at 5', `full,${RECORD}at 5`, `fu${INDENTED}ll, at 5`, 'full, at'])
      expect(whole.test(text)).toBe(false);
    expect(['', 'a', 'ab', 'abcd', 'abcde'].map((text) => new RegExp(`^${folded('[a-e]{2,4}')}$`).test(text))).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
  });

  it('goes on with its last part on a line of nothing else', () => {
    const at = (text: string) => new RegExp(folded(SOURCE)).exec(text)!.groups!.at;
    expect(at(`full, at 1${FOLD}2`)).toBe(`1${FOLD}2`);
    expect(at(`full, at 1${FOLD}2.${RECORD}x`)).toBe(`1${FOLD}2`);
    for (const next of [`${FOLD}2 x`, `${INDENTED}2`, `${RECORD}2`, `${FOLD}2x`])
      expect(at(`full, at 1${next}`)).toBe('1');
  });
});
