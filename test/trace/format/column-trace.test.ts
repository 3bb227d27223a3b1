import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { type ColumnFormat, ColumnTraceReader } from '../../../lib/trace/format/column-trace.js';

const FORMAT: ColumnFormat<{ hz: number }> = {
  format: 'counts',
  version: 2,
  columns: { op: 'operation', count: 'integer', tried: 'list', result: 'any' },
  operations: ['more', 'less'],
  header: () => z.object({ hz: z.int().positive() }),
};

const HEADER = { format: 'counts', version: 2, name: 'c-1', hz: 250, columns: ['op', 'count', 'tried', 'result'] };

const reader = (header: object, ...rows: readonly unknown[]) =>
  readerOf([header, ...rows].map((row) => JSON.stringify(row)));
const readerOf = (lines: readonly string[]) =>
  new ColumnTraceReader('some.jsonl', Buffer.from(lines.map((line) => `${line}\n`).join('')), FORMAT);

function rowsOf(from: ColumnTraceReader): unknown[] {
  const rows: unknown[] = [];
  for (let row = from.next(); row !== null; row = from.next()) rows.push(row);
  return rows;
}

describe('ColumnTraceReader', () => {
  const ROWS = [
    ['more', 1, [], null],
    ['less', -1, [[3, -1]], { a: 1 }],
  ];

  it('reads the header and each row, and knows line and text of the one that it read last', () => {
    const trace = reader(HEADER, ...ROWS);
    expect({ name: trace.name, header: trace.header, line: trace.line }).toEqual({
      name: 'c-1',
      header: { hz: 250 },
      line: 1,
    });
    expect(rowsOf(trace)).toEqual(ROWS);
    expect({ line: trace.line, spelled: trace.spelled() }).toEqual({ line: 3, spelled: JSON.stringify(ROWS[1]) });
    expect(trace.next()).toBeNull();
  });

  it('returns columns in the order of the format, whatever their order in the trace', () => {
    const columns = ['result', 'op', 'tried', 'count'];
    const trace = reader(
      { ...HEADER, columns },
      ...ROWS.map(([op, count, tried, result]) => [result, op, tried, count]),
    );
    expect(rowsOf(trace)).toEqual(ROWS);
  });

  it.each([
    ['another format', { ...HEADER, format: 'other' }, 'format "other" instead of "counts"'],
    ['another version', { ...HEADER, version: 3 }, 'version 3 of counts is not known, only 2 is'],
    ['no version', { ...HEADER, version: undefined }, 'version undefined of counts is not known, only 2 is'],
    ['no name', { ...HEADER, name: undefined }, 'the header is wrong'],
    ['no columns', { ...HEADER, columns: 4 }, 'the header is wrong'],
    ['a wrong field', { ...HEADER, hz: 0 }, 'the header is wrong: hz: '],
    ['a column less', { ...HEADER, columns: ['op', 'count', 'result'] }, 'the header has no column tried'],
    ['an unknown column', { ...HEADER, columns: [...HEADER.columns, 'other'] }, 'column other is not known'],
    ['a column twice', { ...HEADER, columns: [...HEADER.columns, 'op'] }, 'column op is not known, or there twice'],
  ])('refuses a header with %s', (_what, header, why) => {
    expect(() => reader(header)).toThrow(`some.jsonl:1: ${why}`);
  });

  it.each([
    ['is no JSON', '["more",1,[]', 'not JSON'],
    ['is empty', '', 'the line is empty'],
    ['is no array', '{"op":"more"}', 'not an array of columns'],
    ['is null', 'null', 'not an array of columns'],
    ['has a column less', '["more",1,[]]', '3 columns, but the header names 4'],
    ['has a column more', '["more",1,[],0,0]', '5 columns, but the header names 4'],
    ['has an unknown operation', '["twice",1,[],0]', 'op "twice" is not known, only more, less are'],
    ['has an operation that is no text', '[null,1,[],0]', 'op null is not known'],
    ['has a fraction', '["more",1.5,[],0]', 'count must be an exact integer'],
    ['has an integer that is not exact', '["more",9007199254740993,[],0]', 'count must be an exact integer'],
    ['has a text for a count', '["more","1",[],0]', 'count must be an exact integer'],
    ['has a number for a list', '["more",1,2,0]', 'tried must be an array'],
  ])('refuses a line that %s, again and again', (_what, line, why) => {
    const trace = readerOf([JSON.stringify(HEADER), JSON.stringify(ROWS[0]), line, JSON.stringify(ROWS[1])]);
    for (let time = 0; time < 2; time++) expect(() => rowsOf(trace)).toThrow(`some.jsonl:3: ${why}`);
    expect(() => rowsOf(trace)).toThrow(expect.objectContaining({ code: 'ERR_TRACE_SYNTAX' }));
  });

  it.each([
    [JSON.stringify(HEADER), 1],
    [`${JSON.stringify(HEADER)}\n["more",1`, 2],
  ])('refuses a trace that ends in the middle of a line: %s', (text, line) => {
    const read = () => new ColumnTraceReader('some.jsonl', Buffer.from(text), FORMAT);
    expect(read).toThrow(`some.jsonl:${line}: the trace ends in the middle of a line`);
  });

  it('refuses an empty trace', () => {
    const read = () => new ColumnTraceReader('some.jsonl', Buffer.of(), FORMAT);
    expect(read).toThrow('some.jsonl:1: the trace is empty');
  });
});
