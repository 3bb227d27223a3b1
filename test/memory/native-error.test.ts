import { describe, expect, it } from '@jest/globals';
import { CopytaxError } from '../../lib/errors.js';
import { guarded } from '../../lib/memory/native-error.js';

const thrownBy = (call: () => unknown) => {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('errors of the addon', () => {
  it('keep code, message and details, and become the cause', () => {
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
    Object.assign(new Error('of somebody else'), { code: 'ENOENT' }),
    new CopytaxError('ERR_REGION_MAP', 'one of ours already'),
    'a string',
    null,
  ])('leaves %p alone', (other) => {
    const rethrow = () =>
      guarded(() => {
        throw other;
      });
    expect(thrownBy(rethrow)).toBe(other);
  });

  it('passes results through', () => {
    expect(guarded(() => 7)).toBe(7);
  });
});
