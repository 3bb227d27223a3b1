import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { parseOracleTrace, readOracleTrace } from '../../../lib/trace/format/oracle-trace.js';
import { verifyTrace } from '../../../lib/trace/slot-allocator.js';
import { scratchFolder } from '../../scratch.js';

const FIXTURE = fileURLToPath(new URL('../../../../test/fixtures/oracle/a1-single-1024.jsonl.gz', import.meta.url));
const packed = readFileSync(FIXTURE);
const text = gunzipSync(packed).toString('utf8');
const lines = text.split('\n');
const folder = scratchFolder();

function refusal(run: () => unknown): { code?: string; message: string; details?: { line?: number } } {
  try {
    run();
  } catch (error) {
    return error as { code?: string; message: string };
  }
  throw new Error('it was accepted');
}

const withLine = (line: number, content: string) =>
  lines.map((old, at) => (at + 1 === line ? content : old)).join('\n');

describe('readOracleTrace', () => {
  it('reads plain and gzipped files alike', () => {
    const plain = join(folder, 'plain.jsonl');
    writeFileSync(plain, text);
    expect(readOracleTrace(plain).operations).toEqual(readOracleTrace(FIXTURE).operations);
  });

  const damaged: [what: string, line: number, text: string, why: RegExp][] = [
    ['another version', 1, withLine(1, lines[0]!.replace('"v":1', '"v":2')), /version 2 is not known/],
    ['a header without devices', 1, withLine(1, lines[0]!.replace('"devices"', '"d"')), /header is wrong/],
    ['a line that is no JSON', 7, withLine(7, lines[6]!.slice(0, -4)), /not JSON/],
    ['an unknown operation', 5, withLine(5, '{"o":"x"}'), /operation "x" is not known/],
    ['a missing input', 5, withLine(5, '{"o":"m","id":1}'), /d of operation 'm' must be an integer/],
    ['an unknown device', 5, withLine(5, '{"o":"p","d":99,"a":1}'), /no device 99/],
    ['a line that is null', 9, withLine(9, 'null'), /not an operation/],
    ['a trace cut off between lines', 100, `${lines.slice(0, 100).join('\n')}\n`, /cut off/],
    ['a trace cut off in a line', 100, lines.slice(0, 100).join('\n').slice(0, -3), /middle of a line/],
    ['an empty file', 1, '', /the trace is empty/],
  ];

  it.each(damaged)('refuses %s, with its line', (_what, line, content, why) => {
    const { code, message, details } = refusal(() => parseOracleTrace('some.jsonl', content));
    expect(code).toBe('ERR_TRACE_SYNTAX');
    expect(message).toMatch(why);
    expect(message).toContain(`some.jsonl:${line}:`);
    expect(details?.line).toBe(line);
  });

  it('refuses an operation on what is not mapped, with its line', () => {
    const trace = parseOracleTrace('some.jsonl', withLine(2, '{"o":"u","id":12345}'));
    const { code, message } = refusal(() => verifyTrace(trace));
    expect(code).toBe('ERR_TRACE_SYNTAX');
    expect(message).toContain('some.jsonl:2: nothing is mapped as 12345');
  });

  it('refuses a damaged gzip file and a missing one', () => {
    const file = join(folder, 'damaged.gz');
    writeFileSync(file, packed.subarray(0, packed.length / 2));
    expect(refusal(() => readOracleTrace(file)).code).toBe('ERR_TRACE_FILE');
    expect(refusal(() => readOracleTrace(join(folder, 'missing'))).code).toBe('ERR_TRACE_FILE');
  });
});
