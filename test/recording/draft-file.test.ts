import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { DraftFile } from '../../lib/recording/draft-file.js';
import { nameOf, thisProcess } from '../../lib/tracefs/owner.js';
import { Undoing } from '../../lib/tracefs/undoing.js';
import { scratchFolder } from '../scratch.js';

function draftOf(path: string) {
  const undoing = new Undoing();
  return { undoing, draft: new DraftFile(path, undoing) };
}

describe('DraftFile', () => {
  it.each(['a.trace', 'a.trace.gz'])('becomes %s when all is written, and leaves nothing else', async (name) => {
    const folder = scratchFolder();
    const { draft, undoing } = draftOf(join(folder, name));
    expect(readdirSync(folder)).toEqual([]);
    await draft.write(['one\n', 'two\n']);
    undoing.undo();
    expect(readdirSync(folder)).toEqual([name]);
    const bytes = readFileSync(join(folder, name));
    expect((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()).toBe('one\ntwo\n');
  });

  it('replaces a file, keeps its mode, and follows a link to it', async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'real'), 'old');
    chmodSync(join(folder, 'real'), 0o640);
    symlinkSync('real', join(folder, 'link'));
    const { draft, undoing } = draftOf(join(folder, 'link'));
    await draft.write(['new']);
    undoing.undo();
    expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('new');
    expect(statSync(join(folder, 'real')).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['link', 'real']);
  });

  it('leaves the old file, and no draft, where what is written fails', async () => {
    const folder = scratchFolder();
    const path = join(folder, 'a');
    writeFileSync(path, 'old');
    const { draft, undoing } = draftOf(path);
    const failing = function* () {
      yield 'new';
      throw new Error('the trace is gone');
    };
    await expect(draft.write(failing())).rejects.toThrow('the trace is gone');
    undoing.undo();
    expect([readdirSync(folder), readFileSync(path, 'utf8')]).toEqual([['a'], 'old']);
  });

  it('says in one error what the file system refuses, and leaves nothing', async () => {
    const folder = scratchFolder();
    const { draft, undoing } = draftOf(join(folder, 'a'));
    mkdirSync(join(folder, 'a'));
    await expect(draft.write(['new'])).rejects.toMatchObject({
      code: 'ERR_RESULT_FILE',
      message: expect.stringContaining('EISDIR'),
    });
    undoing.undo();
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('refuses at once what cannot be made or is no file', () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'folder'));
    spawnSync('mkfifo', [join(folder, 'pipe')]);
    for (const [name, reason] of [
      ['folder', 'EISDIR'],
      ['pipe', 'ENOTSUP'],
      ['none/a', 'ENOENT'],
    ] as const)
      expect(() => draftOf(join(folder, name))).toThrow(
        expect.objectContaining({ code: 'ERR_RESULT_FILE', message: expect.stringContaining(reason) }),
      );
  });

  it('removes drafts of processes that were killed, and no others', () => {
    const folder = scratchFolder();
    const own = thisProcess();
    const old = `.${nameOf({ ...own, pid: spawnSync('true').pid })}.capture.tmp`;
    const others = [
      `.${nameOf({ ...own, pid: process.ppid })}.capture.tmp`,
      'mine.capture.tmp',
      old.replace('capture', 'x'),
    ];
    for (const name of [old, ...others]) writeFileSync(join(folder, name), '');
    const { draft } = draftOf(join(folder, 'a'));
    expect(draft.removed).toEqual([join(folder, old)]);
    expect(others.map((name) => existsSync(join(folder, name)))).toEqual([true, true, true]);
  });
});
