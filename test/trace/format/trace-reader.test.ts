/** How a trace is read line by line; what it refuses is in oracle-trace.test.ts as well. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { readTraceBytes, TraceReader, unpackTraceBytes } from '../../../lib/trace/format/trace-reader.js';
import { scratchFolder } from '../../scratch.js';

const FILE = fileURLToPath(new URL('../../../../test/fixtures/oracle/c2-restricted-333.jsonl.gz', import.meta.url));
const bytes = readTraceBytes(FILE);
const lines = bytes.toString('utf8').trimEnd().split('\n');
const reader = (changed: readonly string[]) => new TraceReader('some.jsonl', Buffer.from(`${changed.join('\n')}\n`));

function readAll(from: TraceReader): number {
  let operations = 0;
  while (from.next() !== null) operations++;
  return operations;
}

describe('TraceReader', () => {
  it('knows the line of the operation that it read last, and its text', () => {
    const trace = reader(lines);
    expect(trace.line).toBe(1);
    for (const line of lines.slice(1)) {
      expect(trace.next()).not.toBeNull();
      expect(JSON.stringify(trace.spelled())).toBe(line);
    }
    expect(trace.next()).toBeNull();
    expect(trace.next()).toBeNull();
    expect(trace.line).toBe(lines.length);
  });

  it('reads the same operations with spaces', () => {
    const spaced = lines.map((line) => line.replaceAll(':', ' : ').replaceAll(',', ' , '));
    expect(readAll(reader(spaced))).toBe(lines.length - 1);
  });

  it('refuses a trace again at the same line', () => {
    const trace = reader(lines.with(4, '{"o":"u"}').with(6, 'nothing'));
    const refusal = 'some.jsonl:5: id of operation';
    expect(() => readAll(trace)).toThrow(refusal);
    expect(() => trace.next()).toThrow(refusal);
  });

  it.each(['constructor', 'toString', '__proto__'])('does not take %s for an operation', (name) => {
    expect(() => readAll(reader(lines.with(3, `{"o":"${name}"}`)))).toThrow(`operation "${name}" is not known`);
  });

  it('reads an uncompressed file unchanged', () => {
    const text = fileURLToPath(import.meta.url);
    expect(readTraceBytes(text)).toEqual(readFileSync(text));
  });
});

describe('unpackTraceBytes', () => {
  const folder = scratchFolder();
  const file = (name: string, content: Uint8Array) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  it('returns the bytes that readTraceBytes returns', async () => {
    expect(await unpackTraceBytes(FILE)).toEqual(bytes);
    expect(await unpackTraceBytes(file('plain', bytes))).toEqual(bytes);
  });

  it('leaves out a byte order mark, packed or not', async () => {
    const marked = Buffer.concat([Buffer.from('\ufeff'), bytes]);
    for (const name of [file('marked', marked), file('marked.gz', gzipSync(marked))]) {
      for (const read of [readTraceBytes(name), await unpackTraceBytes(name)]) expect(read.equals(bytes)).toBe(true);
    }
  });

  it('refuses a file that is empty, or that unpacks to nothing, as readTraceBytes does', async () => {
    for (const name of [file('empty', Buffer.of()), file('empty.gz', gzipSync(''))]) {
      const message = `${name}: the file is empty`;
      await expect(unpackTraceBytes(name)).rejects.toMatchObject({ code: 'ERR_TRACE_FILE', message });
      expect(() => readTraceBytes(name)).toThrow(expect.objectContaining({ code: 'ERR_TRACE_FILE', message }));
    }
  });

  it('refuses a file that unpacks to more bytes than its limit, as readTraceBytes does', async () => {
    const name = file('large.gz', gzipSync(Buffer.alloc(1001)));
    const message = `${name}: too large: it unpacks to more than 1000 bytes`;
    await expect(unpackTraceBytes(name, 1000)).rejects.toMatchObject({ code: 'ERR_TRACE_FILE', message });
    expect(() => readTraceBytes(name, 1000)).toThrow(expect.objectContaining({ code: 'ERR_TRACE_FILE', message }));
    expect(await unpackTraceBytes(name, 1001)).toEqual(readTraceBytes(name, 1001));
  });

  // What a file claims about its size is believed for the size of a buffer only.
  it.each([0, 1, 2 ** 32 - 1])(
    'fails as readTraceBytes does for a file that claims to hold %i bytes',
    async (claimed) => {
      const wrong = Buffer.from(readFileSync(FILE));
      wrong.writeUInt32LE(claimed, wrong.length - 4);
      for (const name of [file('wrong.gz', wrong), file('cut.gz', wrong.subarray(0, 500)), join(folder, 'none')]) {
        const { code, message } = await unpackTraceBytes(name).catch((error) => error);
        expect(code).toBe('ERR_TRACE_FILE');
        expect(() => readTraceBytes(name)).toThrow(expect.objectContaining({ code, message }));
      }
    },
  );
});
