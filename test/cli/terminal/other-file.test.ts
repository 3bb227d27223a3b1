import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { requireOtherFile } from '../../../lib/cli/terminal/other-file.js';
import { scratchFolder } from '../../scratch.js';

describe('requireOtherFile()', () => {
  const folder = scratchFolder();
  const capture = join(folder, 'a.trace.gz');
  writeFileSync(capture, '');
  symlinkSync(capture, join(folder, 'link.trace.gz'));

  it.each([['a.trace.gz'], ['./a.trace.gz'], ['link.trace.gz']])('refuses the capture itself, as %s', (name) => {
    expect(() => requireOtherFile('--json', join(folder, name), ['-', capture])).toThrow(
      expect.objectContaining({
        code: 'ERR_USAGE',
        message: expect.stringMatching(/^--json .* is the capture: choose/),
      }),
    );
  });

  it('refuses the name of what is noted beside it, whether it is there or not', () => {
    const refused = () => requireOtherFile('--json', join(folder, 'a.json'), [capture]);
    expect(refused).toThrow('is the name of what is noted beside');
    writeFileSync(join(folder, 'a.json'), '{}');
    expect(refused).toThrow('is the name of what is noted beside');
  });

  it('takes any other name, and none', () => {
    for (const file of [join(folder, 'b.json'), true, undefined]) {
      expect(() => requireOtherFile('--json', file, ['-', capture])).not.toThrow();
    }
  });
});
