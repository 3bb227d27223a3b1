import { describe, expect, it } from '@jest/globals';
import {
  checkOptions,
  likely,
  nearest,
  oneOf,
  powerOfTwo,
  shown,
  suggestion,
  unknownOption,
  within,
} from '../lib/limits.js';

describe('oneOf, within and powerOfTwo', () => {
  it.each<[string, () => void, string, string]>([
    [
      'a word that is no member',
      () => oneOf('design', 'x', ['a', 'b']),
      'ERR_OUT_OF_RANGE',
      "design 'x' is none of a, b",
    ],
    [
      'a word that is near a member',
      () => oneOf('design', 'bonce', ['bounce', 'direct']),
      'ERR_OUT_OF_RANGE',
      "design 'bonce' is none of bounce, direct: did you mean 'bounce'?",
    ],
    [
      'a number below the range',
      () => within('ring', 0, 1, 9),
      'ERR_OUT_OF_RANGE',
      'ring must be an integer from 1 to 9, not 0',
    ],
    [
      'a number above the range',
      () => within('ring', 10, 1, 9),
      'ERR_OUT_OF_RANGE',
      'ring must be an integer from 1 to 9, not 10',
    ],
    [
      'a number that is no integer',
      () => within('ring', 1.5, 1, 9),
      'ERR_OUT_OF_RANGE',
      'ring must be an integer from 1 to 9, not 1.5',
    ],
    [
      'a number that is no power of two',
      () => powerOfTwo('ring', 24),
      'ERR_NOT_POWER_OF_TWO',
      'ring must be a power of two, not 24',
    ],
  ])('refuse %s', (_, check, code, message) => {
    expect(check).toThrow(expect.objectContaining({ code, message }));
  });

  it('refuse with the error that the caller makes', () => {
    const refuse = (name: string, value: string, members: readonly string[]) =>
      new Error(`${name} ${value} ${members}`);
    expect(() => oneOf('design', 'x', ['a', 'b'], refuse)).toThrow('design x a,b');
  });

  it('accept values within the limits', () => {
    expect(oneOf('design', 'b', ['a', 'b'])).toBe('b');
    for (const value of [1, 9]) within('ring', value, 1, 9);
    powerOfTwo('ring', 32);
  });
});

const DESIGNS = ['direct', 'bounce', 'bounce-pages'] as const;

describe('shown', () => {
  it('shows any value without throwing', () => {
    const knot: unknown[] = [1, '2'];
    knot.push(knot);
    const values = ['2', 2, 2n, null, undefined, Symbol('s'), () => 0, Object.create(null), [1n, {}], knot];
    expect(values.map(shown)).toEqual([
      "'2'",
      '2',
      '2n',
      'null',
      'undefined',
      'Symbol(s)',
      'a function',
      'an object',
      '[1n, an object]',
      "[1, '2', a list]",
    ]);
  });
});

describe('the nearest word', () => {
  it.each([
    ['bounce-page', 'bounce-pages'],
    ['bounces', 'bounce'],
    ['DIRECT', 'direct'],
    ['bonuce', 'bounce'],
    ['', 'direct'],
  ])('to %j is %s', (word, best) => {
    expect(nearest(word, DESIGNS)).toBe(best);
  });
});

describe('the likely word', () => {
  it.each([
    ['bonuce', 'bounce'],
    ['boun', 'bounce'],
    ['bounce-pages-2', 'bounce-pages'],
    ['xyz', null],
    ['b', null],
    ['', null],
    ['registered', null],
  ])('for %j is %s', (word, best) => {
    expect(likely(word, DESIGNS)).toBe(best);
    expect(suggestion(word, DESIGNS)).toBe(best === null ? '' : `: did you mean '${best}'?`);
  });

  it('is none where there are no words', () => {
    expect(likely('bounce', [])).toBeNull();
  });
});

describe('checkOptions', () => {
  const known = ['senders', 'cpus'];

  it('accepts no options, all, some and none of those that exist', () => {
    for (const given of [undefined, {}, { senders: 1 }, { cpus: undefined }, { senders: 1, cpus: 2 }]) {
      checkOptions('f()', given, known);
    }
  });

  it('refuses an option that does not exist, and names the nearest one and all', () => {
    expect(() => checkOptions('f()', { cpus: 1, sender: 4 }, known)).toThrow(
      expect.objectContaining({
        code: 'ERR_UNKNOWN_OPTION',
        message: "f() has no option 'sender': did you mean 'senders'? Its options are senders, cpus",
        details: { option: 'sender', passedTo: 'f()', nearest: 'senders', known },
      }),
    );
  });

  it('refuses it also where its value is undefined, and names that every object has', () => {
    for (const given of [{ sender: undefined }, { toString: 1 }, { ['__proto__']: 1 }]) {
      expect(() => checkOptions('f()', given, known)).toThrow(expect.objectContaining({ code: 'ERR_UNKNOWN_OPTION' }));
    }
  });

  it('refuses any option where there are none', () => {
    const message = "f() has no option 'a': it takes none";
    expect(() => checkOptions('f()', { a: 1 }, [])).toThrow(expect.objectContaining({ message }));
  });

  it.each([[null], [1], ['senders'], [[1]], [() => {}]])('refuses %p, which is no object', (given) => {
    expect(() => checkOptions('f()', given, known)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
  });

  it('says what the caller knows better than by the name', () => {
    const { message } = unknownOption('f()', 'count', known, 'write { cpus: { count } }.');
    expect(message).toBe("f() has no option 'count': write { cpus: { count } }. Its options are senders, cpus");
  });
});
