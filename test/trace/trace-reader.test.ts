/** How a trace is read line by line; what it refuses is in oracle-trace.test.ts as well. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readTraceBytes, TraceReader } from '../../lib/trace/trace-reader.js';

const FILE = fileURLToPath(new URL('../../../test/fixtures/oracle/c2-restricted-333.jsonl.gz', import.meta.url));
const bytes = readTraceBytes(FILE);
const lines = bytes.toString('utf8').trimEnd().split('\n');
const reader = (changed: readonly string[]) => new TraceReader('some.jsonl', Buffer.from(`${changed.join('\n')}\n`));

function readAll(from: TraceReader): number {
  let operations = 0;
  while (from.next() !== null) operations++;
  return operations;
}

describe('TraceReader', () => {
  it('knows the line of the operation that it read last, and how it is spelt', () => {
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

  it('reads other spellings of the same', () => {
    const spaced = lines.map((line) => line.replaceAll(':', ' : ').replaceAll(',', ' , '));
    expect(readAll(reader(spaced))).toBe(lines.length - 1);
  });

  it('stays refused where it was', () => {
    const trace = reader(lines.with(4, '{"o":"u"}').with(6, 'nothing'));
    const refusal = 'some.jsonl:5: id of operation';
    expect(() => readAll(trace)).toThrow(refusal);
    expect(() => trace.next()).toThrow(refusal);
  });

  it.each(['constructor', 'toString', '__proto__'])('does not take %s for an operation', (name) => {
    expect(() => readAll(reader(lines.with(3, `{"o":"${name}"}`)))).toThrow(`operation "${name}" is not known`);
  });

  it('leaves a file as it is that is not packed', () => {
    const text = fileURLToPath(import.meta.url);
    expect(readTraceBytes(text)).toEqual(readFileSync(text));
  });
});
