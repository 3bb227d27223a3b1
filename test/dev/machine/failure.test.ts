import { describe, expect, it } from '@jest/globals';
import { failureOf, sameFailure } from '../../../dev/machine/failure.js';
import { CopytaxError } from '../../../lib/errors.js';

describe('a failure', () => {
  it('has the code and the invariant of the error that was thrown, or its name', () => {
    const thrown = new CopytaxError('ERR_INVARIANT', 'invariant I1 is broken', { invariant: 'I1' });
    expect(failureOf(2, thrown)).toEqual({
      thread: 2,
      code: 'ERR_INVARIANT',
      invariant: 'I1',
      message: thrown.message,
      stack: thrown.stack,
    });
    expect(failureOf(0, new TypeError('no such thing'))).toMatchObject({ code: 'TypeError', invariant: '' });
  });

  it('is the same as another one with its code and invariant, whatever their messages say', () => {
    const of = (code: string, invariant: string) => ({ ...{ thread: 0, message: '', stack: '' }, code, invariant });
    expect(sameFailure(of('ERR_INVARIANT', 'I1'), { ...of('ERR_INVARIANT', 'I1'), thread: 1, message: 'x' })).toBe(
      true,
    );
    expect(sameFailure(of('ERR_INVARIANT', 'I1'), of('ERR_INVARIANT', 'I2'))).toBe(false);
    expect(sameFailure(of('ERR_STALLED', ''), of('ERR_DEVICE_READ', ''))).toBe(false);
    expect(sameFailure(null, null)).toBe(false);
  });
});
