import { describe, expect, it } from '@jest/globals';
import { checkedCapture, counted } from '../../../lib/capture/files/captured-parts.js';
import { zod } from '../../../lib/schemas.js';

const schema = zod().object({ list: zod().array(counted()) });

describe('checkedCapture', () => {
  it('returns a document that is right', () => {
    expect(checkedCapture(schema, 'copytax.a/1', { list: [0, 3] }, 'f')).toEqual({ list: [0, 3] });
  });

  it.each([[-1], [1.5], ['1'], [Number.NaN], [null], [2 ** 60]])('refuses %s as a count', (value) => {
    expect(() => checkedCapture(schema, 'copytax.a/1', { list: [0, value] }, 'f')).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/^f is not a whole copytax\.a\/1 document: list\.1: /),
        details: expect.objectContaining({ path: 'list.1', remedy: expect.stringContaining('edited or damaged') }),
      }),
    );
  });

  it('names the document itself where it is none', () => {
    expect(() => checkedCapture(schema, 'copytax.a/1', 7, 'f')).toThrow(/document: the document: /);
  });
});
