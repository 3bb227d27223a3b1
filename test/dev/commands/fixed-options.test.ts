import { describe, expect, it } from '@jest/globals';
import { fixedChoices, fixedText, parseSeed } from '../../../dev/commands/fixed-options.js';
import { DESIGNS } from '../../../lib/designs/designs.js';
import { addDesign } from '../../../lib/designs/own-designs.js';

const wrong = (message: RegExp) =>
  expect.objectContaining({ code: 'ERR_USAGE', message: expect.stringMatching(message) });

describe('the options that replace what a seed decides', () => {
  it('are parsed, and written as text again', async () => {
    const options = { cpus: '4', design: 'bounce', flavour: 'faithful' };
    await expect(fixedChoices(options)).resolves.toEqual({ cpus: 4, design: 'bounce', flavour: 'faithful' });
    expect(fixedText(options)).toBe(' --design bounce --cpus 4 --flavour faithful');
    await expect(fixedChoices({})).resolves.toEqual({});
    expect(fixedText({})).toBe('');
  });

  it('are refused outside their range', async () => {
    await expect(fixedChoices({ design: 'bonce' })).rejects.toEqual(wrong(/did you mean 'bounce'/));
    await expect(fixedChoices({ cpus: '14' })).rejects.toEqual(wrong(/nearest valid value is 13 /));
    expect(() => parseSeed('--from', '4294967296')).toThrow(
      wrong(/--from 4294967296 .*nearest valid value is 4294967295 /),
    );
    expect(parseSeed('--from', '4294967295')).toBe(0xffffffff);
  });

  it('stand for the design that a module adds, unless it adds several', async () => {
    addDesign('mine', DESIGNS.bounce, 'file:///x/mine.js');
    await expect(fixedChoices({ cpus: '2' })).resolves.toEqual({ cpus: 2, design: 'mine' });
    await expect(fixedChoices({ design: 'direct' })).resolves.toEqual({ design: 'direct' });
    expect(fixedText({ load: ['a.js', 'b.js'], cpus: '2' })).toBe(' --load a.js --load b.js --cpus 2');
    addDesign('other', DESIGNS.bounce, 'file:///x/mine.js');
    await expect(fixedChoices({})).rejects.toEqual(wrong(/--load adds mine, other: choose one of them by --design/));
    await expect(fixedChoices({ design: 'other' })).resolves.toEqual({ design: 'other' });
  });
});
