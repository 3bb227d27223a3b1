import { describe, expect, it } from '@jest/globals';
import { guarded } from '../../lib/addon/native-error.js';
import { CopytaxError } from '../../lib/errors.js';

const thrownBy = (call: () => unknown) => {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('guarded', () => {
  it('turns an error of the addon into a CopytaxError with its code, message and details, caused by it', () => {
    const native = Object.assign(new Error('no'), { code: 'ERR_REGION_MAP', details: { errno: 12 } });
    const error = thrownBy(() =>
      guarded(() => {
        throw native;
      }),
    );
    expect(error).toBeInstanceOf(CopytaxError);
    expect(error).toMatchObject({ code: 'ERR_REGION_MAP', message: 'no', details: { errno: 12 }, cause: native });
  });

  it.each([
    new Error('without a code'),
    Object.assign(new Error('not of the addon'), { code: 'ENOENT' }),
    new CopytaxError('ERR_REGION_MAP', 'one of ours already'),
    'a string',
    null,
  ])('rethrows %p as it is', (other) => {
    const rethrow = () =>
      guarded(() => {
        throw other;
      });
    expect(thrownBy(rethrow)).toBe(other);
  });

  it('returns what the call returns', () => {
    expect(guarded(() => 7)).toBe(7);
  });
});
