import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { readJson } from '../../../lib/bench/files/read-json.js';
import type { CopytaxError } from '../../../lib/errors.js';
import { scratchFolder } from '../../scratch.js';

const MARK = '\ufeff';
const TEXT = '{\n "name": "ä",\n "list": [1, 2]\n}\n';
const VALUE = { name: 'ä', list: [1, 2] };

function fileWith(content: string | Buffer): string {
  const path = join(scratchFolder(), 'a.json');
  writeFileSync(path, content);
  return path;
}

/** The error that reading throws. */
function refusal(path: string, limitBytes?: number): CopytaxError {
  try {
    readJson(path, limitBytes);
  } catch (error) {
    return error as CopytaxError;
  }
  throw new Error('it was read');
}

describe('a file of JSON', () => {
  it.each([
    ['as it is', TEXT],
    ['with a byte-order mark', MARK + TEXT],
    ['gzipped, whatever its name', gzipSync(TEXT)],
    ['gzipped, with a byte-order mark inside', gzipSync(MARK + TEXT)],
    ['gzipped in two members', Buffer.concat([gzipSync(TEXT.slice(0, 9)), gzipSync(TEXT.slice(9))])],
  ])('is read %s', (_name, content) => {
    expect(readJson(fileWith(content))).toEqual(VALUE);
  });

  it('is read up to the limit, that included, and left closed, whatever is wrong with it', () => {
    const path = fileWith(TEXT);
    const bytes = Buffer.byteLength(TEXT);
    const open = () => readdirSync('/proc/self/fd').length;
    const before = open();
    expect(readJson(path, bytes)).toEqual(VALUE);
    expect(refusal(path, bytes - 1).code).toBe('ERR_RESULT_FILE');
    expect(refusal(fileWith('{')).code).toBe('ERR_RESULT_SCHEMA');
    expect(open()).toBe(before);
  });

  it('is read whole after one of another size, whichever is larger', () => {
    const words = [3, 1 << 20, 5, 3 << 20, 7].map((length) => 'x'.repeat(length));
    const paths = words.map((word) => fileWith(JSON.stringify(word)));
    for (const order of [words, words.toReversed()]) {
      for (const word of order) expect(readJson(paths[words.indexOf(word)]!) === word).toBe(true);
    }
  });

  it('is refused if it is cut off, with the place where it ends', () => {
    const path = fileWith(TEXT.slice(0, 25));
    expect(refusal(path)).toMatchObject({
      code: 'ERR_RESULT_SCHEMA',
      message: `${path} is cut off: it ends at line 3, column 10, behind \`{ "name": "ä", "list": \``,
      details: { source: path, path: 'line 3, column 10', remedy: expect.stringContaining('copy the file again') },
    });
  });

  it('is refused if it stops being JSON, with line, column and what stands there', () => {
    const path = fileWith('{\n "a": 1,\n "b": NaN\n}');
    expect(refusal(path).message).toBe(`${path} is not JSON from line 3, column 7: \`{ "a": 1, "b": NaN }\``);
  });

  it.each<[string, string | Buffer, RegExp]>([
    ['is empty', '', /is empty$/],
    ['is UTF-16 with a mark', Buffer.from(MARK + TEXT, 'utf16le'), /is UTF-16 or UTF-32/],
    ['is UTF-16 without one', Buffer.from(TEXT, 'utf16le'), /is UTF-16 or UTF-32/],
    ['is UTF-16 the other way round', Buffer.from(MARK + TEXT, 'utf16le').swap16(), /is UTF-16 or UTF-32/],
    ['is of another encoding', Buffer.from(TEXT, 'latin1'), /has bytes that are no UTF-8$/],
    ['is gzip that is cut off', gzipSync(TEXT).subarray(0, 30), /is cut off: it ends before its gzipped/],
    ['is gzip that is damaged', gzipSync(TEXT).fill(0x55, 12, 20), /is damaged gzip$/],
    ['is gzip of nothing', gzipSync(''), /is empty$/],
  ])('is refused if it %s', (_name, content, message) => {
    const error = refusal(fileWith(content));
    expect(error).toMatchObject({ code: 'ERR_RESULT_SCHEMA', message: expect.stringMatching(message) });
    expect(error.details.remedy).toEqual(expect.any(String));
  });

  it('is refused with an excerpt of it, never with all of it, or what a terminal would obey', () => {
    const { message } = refusal(fileWith(`${'x\u001b[2J'.repeat(1_000_000)}\n`));
    expect(message.length).toBeLessThan(300);
    expect(message).not.toContain('\u001b');
  });
});

describe('a file that is larger than the limit', () => {
  const limit = 100_000;

  it('is refused before it is read', () => {
    const path = fileWith('');
    truncateSync(path, 2 ** 40); // Has no blocks.
    expect(refusal(path)).toMatchObject({ code: 'ERR_RESULT_FILE', message: expect.stringContaining('more than') });
  });

  it('is refused when that much of it is unpacked, whatever it says of its size', () => {
    const packed = gzipSync('[0]'.padEnd(50_000_000));
    const lying = Buffer.from(packed);
    lying.writeUInt32LE(10, lying.length - 4);
    for (const content of [packed, lying]) {
      const before = process.memoryUsage().arrayBuffers;
      expect(refusal(fileWith(content), limit).message).toMatch(/unpacks to more than 100000 bytes$/);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5_000_000);
    }
    expect(readJson(fileWith(gzipSync('[0]'.padEnd(limit))), limit)).toEqual([0]);
  });
});

describe('a path', () => {
  it('of a folder is refused, and one of nothing', () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'a'));
    expect(refusal(join(folder, 'a'))).toMatchObject({ code: 'ERR_RESULT_FILE', details: { reason: 'EISDIR' } });
    expect(refusal(join(folder, 'b'))).toMatchObject({ code: 'ERR_RESULT_FILE', details: { reason: 'ENOENT' } });
  });

  it('of a pipe that nothing writes to, or of a device, is refused at once', () => {
    const pipe = join(scratchFolder(), 'pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    for (const path of [pipe, '/dev/zero']) {
      expect(refusal(path)).toMatchObject({
        code: 'ERR_RESULT_FILE',
        message: `cannot read ${path} (a pipe or a device, and no regular file)`,
      });
    }
  });

  (process.geteuid?.() === 0 ? it.skip : it)('of a file that this user may not read is refused', () => {
    const path = fileWith(TEXT);
    chmodSync(path, 0);
    expect(refusal(path)).toMatchObject({ code: 'ERR_RESULT_FILE', details: { reason: 'EACCES' } });
  });
});
