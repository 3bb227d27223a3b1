import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eachLine } from '../../lib/lines/lines.js';
import { scratchFolder } from '../scratch.js';

async function linesOf(source: string | NodeJS.ReadableStream, limit?: number): Promise<string[]> {
  const lines: string[] = [];
  await eachLine(source, (line) => lines.push(line), limit === undefined ? {} : { limit });
  return lines;
}

/** A stream that hands out bytes in pieces of a size. */
function pieces(bytes: Buffer, size: number): NodeJS.ReadableStream {
  const all: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) all.push(bytes.subarray(at, at + size));
  return Readable.from(all);
}

describe('the lines of a log', () => {
  it('are the same however it comes in pieces, plain and gzipped', async () => {
    const text = fc.array(fc.constantFrom('a', 'é', '\n', '日', ' '), { maxLength: 60 }).map((all) => all.join(''));
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), fc.boolean(), async (log, size, isPacked) => {
        const bytes = isPacked ? gzipSync(log) : Buffer.from(log);
        const lines = log.split('\n');
        if (lines.at(-1) === '') lines.pop();
        expect(await linesOf(pieces(bytes, size))).toEqual(lines);
      }),
    );
  });

  it('are read from UTF-16, with its mark and without', async () => {
    const little = Buffer.from('one\ntwo é', 'utf16le');
    const big = Buffer.from(little).swap16();
    const logs = [
      little,
      big,
      Buffer.concat([Buffer.of(0xff, 0xfe), little]),
      Buffer.concat([Buffer.of(0xfe, 0xff), big]),
    ];
    for (const log of logs) {
      for (const size of [1, 3, 100]) expect(await linesOf(pieces(log, size))).toEqual(['one', 'two é']);
    }
  });

  it.each([
    ['fd377a585a0000', 'xz', 'xz -dc'],
    ['28b52ffd00', 'zstd', 'zstd -dc'],
    ['425a68390000', 'bzip2', 'bzip2 -dc'],
    ['4c504b534848524800', 'a journal of systemd', 'journalctl -k --file'],
  ])('are refused where %s begins what is %s', async (magic, what, command) => {
    await expect(linesOf(pieces(Buffer.from(magic, 'hex'), 1))).rejects.toMatchObject({
      code: 'ERR_LOG_FILE',
      message: `standard input is no text, but ${what}`,
      details: { remedy: expect.stringContaining(command) },
    });
  });

  it('are those of a file', async () => {
    const file = join(scratchFolder(), 'log.gz');
    writeFileSync(file, gzipSync('one\ntwo'));
    expect(await linesOf(file)).toEqual(['one', 'two']);
  });

  it('are refused where there is no file, a folder, or damaged gzip data', async () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'log'));
    writeFileSync(join(folder, 'bad.gz'), gzipSync('x'.repeat(1000)).fill(7, 12, 16));
    writeFileSync(join(folder, 'cut.gz'), gzipSync('x'.repeat(1000)).subarray(0, 20));
    for (const [name, why] of [
      ['none', /none cannot be read: ENOENT/],
      ['log', /log cannot be read: EISDIR/],
      ['bad.gz', /bad\.gz is damaged gzip data/],
      ['cut.gz', /cut\.gz is damaged gzip data/],
    ] as const) {
      await expect(linesOf(join(folder, name))).rejects.toMatchObject({ code: 'ERR_LOG_FILE', message: why });
    }
  });

  it('end with an error once a packed log has unpacked to more than its limit', async () => {
    const bomb = pieces(gzipSync(Buffer.alloc(1 << 20)), 100);
    await expect(linesOf(bomb, 1000)).rejects.toMatchObject({
      code: 'ERR_LOG_FILE',
      message: /standard input is too large: it unpacks to more than 1000 bytes/,
    });
    expect(await linesOf(pieces(Buffer.from('x'.repeat(2000)), 100), 1000)).toHaveLength(1);
  });

  it('are cut where they are very long, and nothing else is lost', async () => {
    const lines = await linesOf(pieces(Buffer.from(`${'x'.repeat(1 << 20)}\nshort\n`), 4096));
    expect(lines.map((line) => line.slice(0, 5))).toEqual(['xxxxx', 'short']);
    expect(lines[0]!.length).toBeLessThan(1 << 15);
  });
});
