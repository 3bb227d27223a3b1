import { describe, expect, it } from '@jest/globals';
import { expectBalance, expectInvariant } from '../../../lib/machine/check/balance.js';

describe('expectBalance', () => {
  it('lets pass what is equal, and names what is not', () => {
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
  it('names the invariant that is broken', () => {
    expect(() => expectInvariant('I1', 'slots', 2, 2)).not.toThrow();
    expect(() => expectInvariant('I4', 'whether page 7 has an owner', true, false)).toThrow(
      expect.objectContaining({
        code: 'ERR_INVARIANT',
        message: 'invariant I4 is broken: whether page 7 has an owner: true instead of false',
        details: { invariant: 'I4', actual: true, expected: false },
      }),
    );
  });
});
