import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { CopytaxError } from '../../../lib/errors.js';
import { type ColumnFormat, ColumnTraceReader, type Row } from '../../../lib/trace/format/column-trace.js';
import { verifyColumns } from '../../../lib/trace/replay/column-replay.js';

const FORMAT: ColumnFormat = {
  format: 'sums',
  version: 1,
  columns: { op: 'operation', arg: 'integer', sum: 'integer', parts: 'any' },
  parts: { parts: ['count', 'last'] },
  operations: ['add', 'fail'],
  header: () => z.object({}),
};

const HEADER = JSON.stringify({ format: 'sums', version: 1, name: 's-1', columns: ['op', 'arg', 'sum', 'parts'] });

/** Adds what it is given; the model throws at "fail". */
function verify(...rows: readonly string[]) {
  return verifyWhole(null, ...rows);
}

/** The same for a trace of which `missing` is missing at its end. */
function verifyWhole(missing: string | null, ...rows: readonly string[]) {
  const reader = new ColumnTraceReader('some.jsonl', Buffer.from(`${[HEADER, ...rows].join('\n')}\n`), FORMAT);
  let [sum, count] = [0, 0];
  const perform = ([op, arg]: Row): Row => {
    if (op === 'fail' && arg === 0) throw reader.refuse('nothing to fail with');
    if (op === 'fail') throw new CopytaxError('ERR_DOUBLE_FREE', 'put of page 1');
    sum += arg as number;
    count++;
    return [undefined, undefined, sum, [count, [arg]]];
  };
  return verifyColumns(reader, { perform, end: () => missing });
}

describe('verifyColumns', () => {
  it('finds no difference in a trace that is right, and counts its operations', () => {
    const verdict = verify('["add",2,2,[1,[2]]]', '["add",3,5,[2,[3]]]');
    expect(verdict).toEqual({ file: 'some.jsonl', name: 's-1', operations: 2, difference: null });
  });

  it('reports the first difference, and reads the trace to its end', () => {
    const { operations, difference } = verify('["add",2,2,[1,[2]]]', '["add",3,6,[2,[3]]]', '["add",3,6,[2,[3]]]');
    expect(operations).toBe(3);
    expect(difference).toEqual({
      line: 3,
      operation: '["add",3,6,[2,[3]]]',
      field: 'sum',
      expected: 6,
      actual: 5,
      segment: null,
    });
  });

  it.each([
    ['[2,[2]]', 'parts.count', 2, 1],
    ['[1,[3]]', 'parts.last', [3], [2]],
    ['[1,[2,2]]', 'parts.last', [2, 2], [2]],
    ['[1]', 'parts', [1], [1, [2]]],
    ['null', 'parts', null, [1, [2]]],
  ])('names the part of %s that differs', (parts, field, expected, actual) => {
    expect(verify(`["add",2,2,${parts}]`).difference).toMatchObject({ field, expected, actual });
  });

  it('says in which line the model or the replay refused an operation', () => {
    const failing = () => verify('["add",2,2,[1,[2]]]', '["fail",1,0,0]');
    expect(failing).toThrow('some.jsonl:3: put of page 1');
    expect(failing).toThrow(expect.objectContaining({ code: 'ERR_DOUBLE_FREE' }));
    expect(() => verify('["fail",0,0,0]')).toThrow('some.jsonl:2: nothing to fail with');
  });

  it('reports damage behind a difference or a refused operation', () => {
    const damaged = (row: string) => () => verify(row, '["add"');
    expect(damaged('["add",2,3,[1,[2]]]')).toThrow('some.jsonl:3: not JSON');
    expect(damaged('["fail",1,0,0]')).toThrow('some.jsonl:3: not JSON');
  });

  it('refuses a trace without operations', () => {
    expect(() => verify()).toThrow('some.jsonl:1: the trace has no operations');
  });

  it('refuses a trace of which something is missing, unless there was a difference before', () => {
    expect(() => verifyWhole('cut off', '["add",2,2,[1,[2]]]')).toThrow('some.jsonl:2: cut off');
    expect(verifyWhole('cut off', '["add",2,3,[1,[2]]]').difference).toMatchObject({ line: 2 });
  });
});
