import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { excerptOf, jsonFault, placeOf } from '../../../lib/bench/files/json-fault.js';

const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('the fault of a text', () => {
  it.each([
    ['not json', 0],
    ['{"a": 1,}', 8],
    ['{"a" 1}', 5],
    ['[1 2]', 3],
    ['{} {}', 3],
    ['[1}', 2],
    ['["a\nb"]', 3],
    ['["\\x"]', 2],
    ['[01]', 2],
    ['[NaN]', 1],
    ["{'a': 1}", 1],
    ['[nul]', 1],
    ['[true.', 5],
  ])('of %s is at %d', (text, offset) => {
    expect(jsonFault(text)).toEqual({ offset, isCutOff: false });
  });

  it.each(['', ' ', '{', '{"a', '{"a"', '{"a":', '{"a": tr', '[1,', '[-', '[1.', '[1e', '["\\u00', '[[1], {"b": 2}'])(
    'of %p is that it is cut off',
    (text) => {
      expect(jsonFault(text)).toEqual({ offset: text.length, isCutOff: true });
    },
  );

  it('is there exactly where the engine refuses a text', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', '"', '{', ']', ',', '0', '-', '\\', ' ', 'e'),
        (json, at, put) => {
          const where = at % (json.length + 1);
          const damaged = json.slice(0, where) + put + json.slice(where + 1);
          expect({ damaged, isJson: jsonFault(damaged) === null }).toEqual({ damaged, isJson: isJson(damaged) });
        },
      ),
    );
  });

  it('is that it is cut off in every beginning of JSON that is none itself', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (json, at) => {
        const beginning = json.slice(0, at % (json.length + 1));
        if (isJson(beginning)) return;
        expect(jsonFault(beginning)).toEqual({ offset: beginning.length, isCutOff: true });
      }),
    );
  });

  it('is found in deep and in long texts', () => {
    expect(jsonFault('['.repeat(1_000_000))).toEqual({ offset: 1_000_000, isCutOff: true });
    const long = `["${'a'.repeat(10_000_000)}", }`;
    expect(jsonFault(long)).toEqual({ offset: long.length - 1, isCutOff: false });
  });
});

describe('the place of a character', () => {
  it('is counted from line 1, column 1', () => {
    expect(placeOf('ab\ncd', 0)).toEqual({ line: 1, column: 1 });
    expect(placeOf('ab\ncd', 4)).toEqual({ line: 2, column: 2 });
    expect(placeOf('ab\n', 3)).toEqual({ line: 2, column: 1 });
  });
});

describe('an excerpt', () => {
  it('is the text around a character, without what a terminal would obey', () => {
    expect(excerptOf('a\u001b[31m\nb', 1)).toBe('`a [31m b`');
    const long = 'x'.repeat(100);
    expect(excerptOf(long, 50)).toBe(`\`...${'x'.repeat(40)}...\``);
    expect(excerptOf(long, 100)).toBe(`\`...${'x'.repeat(40)}\``);
    expect(excerptOf(long, 0)).toBe(`\`${'x'.repeat(40)}...\``);
  });
});
