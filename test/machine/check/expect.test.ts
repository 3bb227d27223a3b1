import { describe, expect, it } from '@jest/globals';
import { expectBalance, expectInvariant } from '../../../lib/machine/check/expect.js';

describe('expectBalance', () => {
  it('accepts equal values, and names those that differ', () => {
    expect(() => expectBalance('slots in use', 0, 0)).not.toThrow();
    expect(() => expectBalance('slots in use', 3, 0)).toThrow(
      expect.objectContaining({
        code: 'ERR_UNBALANCED',
        message: 'slots in use: 3 instead of 0',
        details: { actual: 3, expected: 0 },
      }),
    );
  });
});

describe('expectInvariant', () => {
  it('names the broken invariant', () => {
    expect(() => expectInvariant('I1', 'slots', 2, 2)).not.toThrow();
    expect(() => expectInvariant('I4', 'page 7 has an owner', true, false)).toThrow(
      expect.objectContaining({
        code: 'ERR_INVARIANT',
        message: 'invariant I4 is broken: page 7 has an owner: true instead of false',
        details: { invariant: 'I4', actual: true, expected: false },
      }),
    );
  });
});
