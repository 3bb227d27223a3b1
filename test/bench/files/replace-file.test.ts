import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { realFile, replaceFile, requireReplaceable } from '../../../lib/bench/files/replace-file.js';
import { scratchFolder } from '../../scratch.js';

const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn('SKIPPED: only root can give a file to another user');
/** As long as Linux lets a name be. */
const LONGEST = `${'n'.repeat(250)}.json`;

function fileWith(content: string, mode: number) {
  const path = join(scratchFolder(), 'a.json');
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

describe('replaceFile', () => {
  it.each([0o600, 0o664, 0o444, 0o4755, 0o2775])('keeps the mode %o of what it replaces', (mode) => {
    const path = fileWith('old', mode);
    replaceFile(path, 'new');
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o7777]).toEqual(['new', mode]);
  });

  (isRoot ? it : it.skip)('keeps the owner and the group of what it replaces', () => {
    const path = fileWith('old', 0o640);
    chownSync(path, 12345, 23456);
    replaceFile(path, 'new');
    expect(statSync(path)).toMatchObject({ uid: 12345, gid: 23456 });
  });

  it('replaces a file, and makes one, with a name as long as a name can be', () => {
    const path = join(scratchFolder(), LONGEST);
    requireReplaceable(path);
    replaceFile(path, 'first');
    requireReplaceable(path);
    replaceFile(path, 'second');
    expect(readFileSync(path, 'utf8')).toBe('second');
    expect(readdirSync(join(path, '..'))).toEqual([LONGEST]);
  });

  it('leaves the old content and no draft where the new one does not fit', () => {
    const path = fileWith('old', 0o644);
    const module = new URL('../../../lib/bench/files/replace-file.js', import.meta.url).href;
    const program = `
      const { replaceFile } = await import(${JSON.stringify(module)});
      try { replaceFile(${JSON.stringify(path)}, 'x'.repeat(100_000)); } catch ({ code }) { console.log(code); }`;
    const limited = ['-c', 'ulimit -f 8; exec "$0" "$@"', process.execPath, '--input-type=module', '-e', program];
    expect(spawnSync('sh', limited, { encoding: 'utf8' }).stdout).toBe('EFBIG\n');
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(join(path, '..'))).toEqual(['a.json']);
  });
});

describe('realFile', () => {
  it('follows links, also to what is not there yet', () => {
    const home = realFile(scratchFolder());
    symlinkSync('b', join(home, 'a'));
    symlinkSync(join(home, 'real.json'), join(home, 'b'));
    expect(realFile(join(home, 'a'))).toBe(join(home, 'real.json'));
    expect(readlinkSync(join(home, 'a'))).toBe('b');
  });

  it('follows as many links in a row as Linux does, and no more', () => {
    const home = realFile(scratchFolder());
    for (let links = 1; links <= 41; links++)
      symlinkSync(links === 1 ? 'a.json' : `${links - 1}`, join(home, `${links}`));
    writeFileSync(join(home, 'a.json'), '');
    const loops = expect.objectContaining({ code: 'ELOOP' });
    expect([realFile(join(home, '40')), statSync(join(home, '40')).size]).toEqual([join(home, 'a.json'), 0]);
    expect(() => statSync(join(home, '41'))).toThrow(loops);
    expect(() => realFile(join(home, '41'))).toThrow(loops);
  });

  it('refuses links that go round', () => {
    const home = scratchFolder();
    symlinkSync('b', join(home, 'a'));
    symlinkSync('a', join(home, 'b'));
    expect(() => realFile(join(home, 'a'))).toThrow(expect.objectContaining({ code: 'ELOOP' }));
  });
});

describe('requireReplaceable', () => {
  it('leaves no trace, and changes nothing of a file that is there', () => {
    const path = fileWith('old', 0o600);
    const before = statSync(path, { bigint: true });
    requireReplaceable(path);
    requireReplaceable(join(path, '../new.json'));
    const { ino, mtimeNs, mode } = statSync(path, { bigint: true });
    expect({ ino, mtimeNs, mode }).toEqual({ ino: before.ino, mtimeNs: before.mtimeNs, mode: before.mode });
    expect(readdirSync(join(path, '..'))).toEqual(['a.json']);
  });

  it('refuses what cannot be written in place, though its folder would let it be replaced', () => {
    const folder = scratchFolder();
    expect(() => requireReplaceable(folder)).toThrow(expect.objectContaining({ code: 'EISDIR' }));
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a name that is too long, and a folder that is not there', () => {
    const home = scratchFolder();
    const [long, lost] = [join(home, 'n'.repeat(256)), join(home, 'lost/a.json')];
    expect(() => requireReplaceable(long)).toThrow(expect.objectContaining({ code: 'ENAMETOOLONG' }));
    expect(() => requireReplaceable(lost)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    expect(readdirSync(home)).toEqual([]);
  });
});
