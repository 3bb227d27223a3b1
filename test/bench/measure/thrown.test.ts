import { describe, expect, it } from '@jest/globals';
import { messageOf, plainText } from '../../../lib/bench/measure/thrown.js';

describe('plainText', () => {
  it.each([
    ['\u001b[31mred\u001b[0m', '[31mred [0m'],
    ['\u001b]0;title\u0007one', ']0;title one'],
    ['two\nlines\r\n', 'two lines'],
    ['a\u202eb\u0000c', 'a b c'],
    ['größer 64 KiB / s', 'größer 64 KiB / s'],
  ])('turns %j into %j', (text, plain) => {
    expect(plainText(text)).toBe(plain);
  });
});

describe('messageOf', () => {
  it.each<[string, unknown, string]>([
    ['an error', new Error('no'), 'no'],
    ['an object with a message', { message: 'no' }, 'no'],
    ['an object whose message is no text', { message: 5 }, 'an object'],
    ['an object without a text', Object.create(null), 'an object'],
    ['a text', 'no', 'no'],
    ['null', null, 'null'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
  ])('returns the message of %s', (_what, thrown, message) => {
    expect(messageOf(thrown)).toBe(message);
  });
});
