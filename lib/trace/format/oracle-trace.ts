/**
 * Oracle traces as a whole: operations on a slot allocator with the results of Linux's own, as JSON Lines, plain or
 * gzipped. See docs/spec/traces.md. A trace is read strictly: a damaged or truncated file, or another version, is
 * refused with file and line.
 */
import type { Operation } from './operation.js';
import type { TraceHeader } from './trace-header.js';
import { readTraceBytes, TraceReader } from './trace-reader.js';

/** A trace of a slot allocator of Linux, read. */
export interface OracleTrace {
  /** As it was given, for messages. */
  readonly file: string;
  /** What was traced, on which devices. */
  readonly header: TraceHeader;
  /** In the order of the file; operation i is on line i + 2. */
  readonly operations: readonly Operation[];
}

/** Reads a file. @throws ERR_TRACE_FILE, ERR_TRACE_SYNTAX */
export function readOracleTrace(file: string): OracleTrace {
  return collected(new TraceReader(file, readTraceBytes(file)));
}

/** Parses the text of a trace. @throws ERR_TRACE_SYNTAX with file and line */
export function parseOracleTrace(file: string, text: string): OracleTrace {
  return collected(new TraceReader(file, Buffer.from(text)));
}

function collected(reader: TraceReader): OracleTrace {
  const operations: Operation[] = [];
  for (let operation = reader.next(); operation !== null; operation = reader.next()) operations.push(operation);
  return { file: reader.file, header: reader.header, operations };
}
