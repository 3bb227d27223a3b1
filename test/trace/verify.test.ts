import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { readOracleTrace } from '../../lib/trace/format/oracle-trace.js';
import { MAX_UNPACKED_BYTES } from '../../lib/trace/format/trace-reader.js';
import { verifyTrace } from '../../lib/trace/slot-allocator.js';
import { verifyFile } from '../../lib/trace/verify.js';
import { scratchFolder } from '../scratch.js';

const FOLDER = fileURLToPath(new URL('../../../test/fixtures/oracle/', import.meta.url));

describe('a file that is verified while it is read', () => {
  const folder = scratchFolder();
  const lines = gunzipSync(readFileSync(`${FOLDER}a1-single-1024.jsonl.gz`))
    .toString('utf8')
    .split('\n');
  const at = lines.findIndex((line) => /"nf":1,/.test(line));
  const wrong = lines.with(at, lines[at]!.replace('"nf":1,', '"nf":2,'));
  const file = (content: readonly string[]) => {
    const path = join(folder, 'trace.jsonl');
    writeFileSync(path, content.join('\n'));
    return path;
  };

  it('gets the verdict of one that was read before', () => {
    const path = file(wrong);
    const verdict = verifyFile(path);
    expect(verdict).toEqual(verifyTrace(readOracleTrace(path)));
    expect(verdict.difference).toMatchObject({ line: at + 1, field: 'nf', operation: wrong[at] });
    expect(verdict.operations).toBe(lines.length - 2);
  });

  it('is refused for damage after a difference, and after an operation on what does not exist', () => {
    const damaged = (content: readonly string[]) => content.with(at + 50, '{"o":"u"').with(at + 60, 'nothing');
    expect(() => verifyFile(file(damaged(wrong)))).toThrow(`trace.jsonl:${at + 51}: not JSON`);
    expect(() => verifyFile(file(damaged(lines.with(at, '{"o":"u","id":123456}'))))).toThrow(`:${at + 51}: not JSON`);
    expect(() => verifyFile(file(lines.with(at, '{"o":"u","id":123456}')))).toThrow(`:${at + 1}: nothing is mapped`);
    expect(() => verifyFile(file([...wrong.slice(0, at + 100), '']))).toThrow(`:${at + 100}: the trace is cut off`);
  });

  it.each(['"page-pools"', '7', '"constructor"', '["dql-trace"]'])('is refused when its format is %s', (format) => {
    const path = file(lines.with(0, `{"format":${format},"version":1}`));
    expect(() => verifyFile(path)).toThrow(`trace.jsonl:1: format ${format} is not known; known are `);
    expect(() => verifyFile(path)).toThrow(/none, which is that of the slot allocator$/);
  });

  it.each(['', 'nothing', '{"format":', 'null'])('is refused when its first line is "%s"', (first) => {
    expect(() => verifyFile(file(lines.with(0, first)))).toThrow(
      /trace\.jsonl:1: (not JSON|the line is (empty|no header of a trace))/,
    );
  });

  it('is refused with the field of the header that asks for too much, and with the line that is empty', () => {
    const config = (field: string, value: number) =>
      file(lines.with(0, lines[0]!.replace(new RegExp(`"${field}":\\d+`), `"${field}":${value}`)));
    expect(() => verifyFile(config('nslabs', 2 ** 40))).toThrow('trace.jsonl:1: the header is wrong: config.nslabs: ');
    expect(() => verifyFile(config('ncpus', 1e9))).toThrow('trace.jsonl:1: the header is wrong: config.ncpus: ');
    const twice = file([...lines, '']);
    expect(() => verifyFile(twice)).toThrow(`trace.jsonl:${lines.length}: the line is empty`);
  });

  it('is refused when it unpacks to a gigabyte, or is another file of the same folder', () => {
    expect(MAX_UNPACKED_BYTES).toBeLessThanOrEqual(2 ** 28);
    const bomb = join(folder, 'bomb.gz');
    const packed = gzipSync(Buffer.alloc(2 ** 26));
    writeFileSync(bomb, Buffer.concat(Array.from({ length: 16 }, () => packed)));
    expect(() => verifyFile(bomb)).toThrow(`bomb.gz: too large: it unpacks to more than ${MAX_UNPACKED_BYTES} bytes`);
    expect(() => verifyFile(`${FOLDER}bootparams.jsonl.gz`)).toThrow('bootparams.jsonl.gz:1: the line is no header');
  });
});
