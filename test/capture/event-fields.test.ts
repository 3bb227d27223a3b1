import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressOf, decimalAt, hexAt } from '../../lib/capture/event-fields.js';

describe('digits of a line', () => {
  it('spell the number that they are, wherever they stand', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.string(), fc.string(), (value, before, behind) => {
        for (const [digits, read] of [
          [value.toString(16), hexAt],
          [`${value % 1e15}`, decimalAt],
        ] as const) {
          const line = before + digits + behind;
          const number = read === hexAt ? value : value % 1e15;
          expect(read(line, before.length, before.length + digits.length)).toBe(number);
        }
      }),
    );
  });

  it.each(['', '-1', '1 ', '0x1', '1g', 'FF', '11111111111111111'])('are no number: %j', (text) => {
    expect(hexAt(text, 0, text.length)).toBeNaN();
    expect(decimalAt(text, 0, text.length)).toBeNaN();
  });

  it('are no address where they are more than a number holds', () => {
    expect(
      ['fffffffffffff', '1fffffffffffff', '20000000000000', 'ffffffffffffffff'].map((hex) =>
        addressOf(hexAt(hex, 0, hex.length)),
      ),
    ).toEqual([2 ** 52 - 1, 2 ** 53 - 1, null, null]);
  });
});
