import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { makeFolder } from '../../../lib/bench/files/make-folder.js';
import { scratchFolder } from '../../scratch.js';

const refusal = (folder: string) => {
  try {
    makeFolder(folder);
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
};

describe('a folder to write to', () => {
  it('is made with those around it, and may be there', () => {
    const folder = join(scratchFolder(), 'a', 'b c');
    for (let time = 0; time < 2; time++) expect(refusal(folder)).toBeNull();
    expect(statSync(folder).isDirectory()).toBe(true);
  });

  it('is refused where a file is, or where nothing can be made', () => {
    const file = join(scratchFolder(), 'file');
    writeFileSync(file, '');
    expect(refusal(file)).toBe('EEXIST');
    expect(refusal(join(file, 'below'))).toBe('ENOTDIR');
    expect(refusal('/proc/no/such')).toMatch(/^E/); // the recursive call of Node does not return from here
  });
});
