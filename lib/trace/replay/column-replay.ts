/** Replays a trace in columns, of any format, up to the first difference. */
import { CopytaxError } from '../../errors.js';
import type { ColumnTraceReader, Row } from '../format/column-trace.js';
import { type Difference, shortened, type Verdict } from './verdict.js';

/** What a trace in columns is replayed on. */
export interface ColumnReplay {
  /**
   * Performs the operation of a row. Returns the columns as they are here, in the order of the format; undefined for a
   * column that is only given. The array may be the same one each time.
   */
  perform(row: Row): Row;
  /** Called after the last row. Says what a whole trace would still have; null if nothing is missing. */
  end?(): string | null;
}

/**
 * Reads the trace to its end, and replays it up to the first difference. An error in the trace itself is reported
 * before an operation that the replay refuses. A trace without operations is refused. One that is cut off behind a
 * whole line is told by the replay's `end`, or, where the format has no end, not at all.
 * @throws ERR_TRACE_SYNTAX, and what the replay throws, with file and line
 */
export function verifyColumns(reader: ColumnTraceReader, replay: ColumnReplay): Verdict {
  let outcome: Difference | CopytaxError | null = null;
  try {
    outcome = firstDifference(reader, replay);
  } catch (error) {
    if (!(error instanceof CopytaxError)) throw error;
    outcome = error;
  }
  while (reader.next() !== null);
  if (outcome instanceof CopytaxError) throw outcome;
  if (reader.line === 1) throw reader.refuse('the trace has no operations');
  const missing = outcome === null ? replay.end?.() : null;
  if (typeof missing === 'string') throw reader.refuse(missing);
  return { file: reader.file, name: reader.name, operations: reader.line - 1, difference: outcome };
}

function firstDifference(reader: ColumnTraceReader, replay: ColumnReplay): Difference | null {
  for (let row = reader.next(); row !== null; row = reader.next()) {
    const answer = performed(reader, replay, row);
    for (let at = 0; at < row.length; at++) {
      if (answer[at] !== row[at] && answer[at] !== undefined && !isSame(row[at], answer[at])) {
        return difference(reader, at, row[at], answer[at]);
      }
    }
  }
  return null;
}

/** Performs the row; says where in the trace what the model itself throws came from. */
function performed({ file, line }: ColumnTraceReader, replay: ColumnReplay, row: Row): Row {
  try {
    return replay.perform(row);
  } catch (error) {
    if (!(error instanceof CopytaxError) || error.message.startsWith(`${file}:`)) throw error;
    throw new CopytaxError(error.code, `${file}:${line}: ${error.message}`, { file, line }, error);
  }
}

function difference(reader: ColumnTraceReader, column: number, expected: unknown, actual: unknown): Difference {
  const { line } = reader;
  const name = Object.keys(reader.format.columns)[column]!;
  const operation = shortened(reader.spelled());
  const parts = reader.format.parts?.[name];
  const [theirs, ours] = [expected, actual];
  if (parts === undefined || !Array.isArray(theirs) || !Array.isArray(ours) || theirs.length !== ours.length) {
    return { line, operation, field: name, expected, actual, segment: null };
  }
  const part = theirs.findIndex((value, at) => !isSame(value, ours[at]));
  const field = `${name}.${parts[part]}`;
  return { line, operation, field, expected: theirs[part], actual: ours[part], segment: null };
}

function isSame(expected: unknown, actual: unknown): boolean {
  if (!Array.isArray(expected) || !Array.isArray(actual)) return expected === actual;
  if (expected.length !== actual.length) return false;
  for (let at = 0; at < expected.length; at++) if (!isSame(expected[at], actual[at])) return false;
  return true;
}
