import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findResults, isFolder } from '../../../lib/bench/fleet/find-results.js';
import { scratchFolder } from '../../scratch.js';

function folderWith(...names: string[]): string {
  const folder = scratchFolder();
  for (const name of names) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), '{}');
  }
  return folder;
}

describe('the files of a fleet', () => {
  it('are those below a folder, in order, without drafts and what is hidden', () => {
    const folder = folderWith('b.json', 'a/2.json.gz', 'a/1.JSON', '.b.json.7.tmp', '.hidden/c.json', 'notes.txt');
    expect(findResults([folder])).toEqual(['a/1.JSON', 'a/2.json.gz', 'b.json'].map((name) => join(folder, name)));
  });

  it('are there once, by whatever path they are named', () => {
    const folder = folderWith('a.json', 'b.json');
    symlinkSync(join(folder, 'a.json'), join(folder, 'c.json'));
    const [a, b] = [join(folder, 'a.json'), join(folder, 'b.json')];
    expect(findResults([b, folder, a, b])).toEqual([b, a]);
  });

  it('are found in a folder that a link in it leads back to', () => {
    const folder = folderWith('deep/a.json');
    symlinkSync(folder, join(folder, 'deep', 'again'));
    symlinkSync(join(folder, 'nothing'), join(folder, 'broken.json'));
    expect(findResults([folder])).toEqual([join(folder, 'broken.json'), join(folder, 'deep/a.json')]);
  });

  it('are named as they were given where they do not exist', () => {
    expect(findResults(['/nowhere/a.json'])).toEqual(['/nowhere/a.json']);
    expect(isFolder('/nowhere/a.json')).toBe(false);
  });

  it('are at least one in each folder', () => {
    const folder = folderWith('notes.txt');
    expect(() => findResults([folder])).toThrow(expect.objectContaining({ code: 'ERR_RESULT_FILE' }));
  });
});
