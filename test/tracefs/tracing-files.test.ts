import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { TracingFiles } from '../../lib/tracefs/tracing-files.js';
import { scratchFolder } from '../scratch.js';

describe('TracingFiles', () => {
  it('finds files below its root', () => {
    const root = scratchFolder();
    mkdirSync(join(root, 'sys'));
    writeFileSync(join(root, 'sys/a'), ' 1 \n');
    const files = new TracingFiles(root);
    expect([files.has('/sys/a'), files.has('/sys/b')]).toEqual([true, false]);
    expect(files.list('/sys')).toEqual(['a']);
    expect([files.text('/sys/a'), files.textOrNull('/sys/a'), files.textOrNull('/sys/b')]).toEqual([
      ' 1 \n',
      '1',
      null,
    ]);
  });

  it('writes only what is there, and keeps what others have added', () => {
    const root = scratchFolder();
    const files = new TracingFiles(root);
    for (const call of [() => files.write('/a', '1'), () => files.append('/a', '1')])
      expect(call).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    writeFileSync(join(root, 'a'), 'of others\n');
    files.append('/a', 'own');
    expect(readFileSync(join(root, 'a'), 'utf8')).toBe('of others\nown\n');
    files.write('/a', 'OF');
    expect(readFileSync(join(root, 'a'), 'utf8')).toBe('OF others\nown\n');
  });

  it('does not wait for a pipe that has no writer', () => {
    const root = scratchFolder();
    spawnSync('mkfifo', [join(root, 'pipe')]);
    const file = new TracingFiles(root).open('/pipe');
    expect(readSync(file, Buffer.alloc(1))).toBe(0);
    closeSync(file);
  });

  it('removes a folder only if it is empty', () => {
    const root = scratchFolder();
    const files = new TracingFiles(root);
    files.makeFolder('/a');
    files.makeFolder('/a/b');
    expect(() => files.removeFolder('/a')).toThrow(expect.objectContaining({ code: 'ENOTEMPTY' }));
    files.removeFolder('/a/b');
    files.removeFolder('/a');
    expect(files.list('/')).toEqual([]);
  });
});
