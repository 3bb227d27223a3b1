import { describe, expect, it } from '@jest/globals';
import { fixedChoices, fixedText, parseSeed } from '../../../dev/commands/fixed-options.js';

const wrong = (message: RegExp) =>
  expect.objectContaining({ code: 'ERR_USAGE', message: expect.stringMatching(message) });

describe('the options that replace what a seed decides', () => {
  it('are parsed, and written as text again', () => {
    const options = { cpus: '4', design: 'bounce', flavour: 'faithful' };
    expect(fixedChoices(options)).toEqual({ cpus: 4, design: 'bounce', flavour: 'faithful' });
    expect(fixedText(options)).toBe(' --design bounce --cpus 4 --flavour faithful');
    expect(fixedChoices({})).toEqual({});
    expect(fixedText({})).toBe('');
  });

  it('are refused outside their range', () => {
    expect(() => fixedChoices({ design: 'bonce' })).toThrow(wrong(/did you mean 'bounce'/));
    expect(() => fixedChoices({ cpus: '14' })).toThrow(wrong(/nearest valid value is 13 /));
    expect(() => parseSeed('--from', '4294967296')).toThrow(
      wrong(/--from 4294967296 .*nearest valid value is 4294967295 /),
    );
    expect(parseSeed('--from', '4294967295')).toBe(0xffffffff);
  });
});
