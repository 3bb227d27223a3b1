import { describe, expect, it } from '@jest/globals';
import { expectBalance } from '../../lib/host/balance.js';

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
