import { describe, expect, it } from '@jest/globals';
import { shortened } from '../../../lib/trace/replay/verdict.js';

describe('shortened', () => {
  it('leaves 300 letters as they are, and cuts what is longer', () => {
    const text = 'a'.repeat(300);
    expect([shortened(text), shortened(`${text}b`)]).toEqual([text, `${text}…`]);
  });
});
