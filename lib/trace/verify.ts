/**
 * Compares what we do with traces of Linux: each decision has to be the one that Linux made. The first line of a trace
 * says what was traced, and so what replays it.
 */
import { CopytaxError } from '../errors.js';
import { readTraceBytes } from './format/trace-reader.js';
import { TRACE_FORMATS, type TraceFormat } from './formats.js';
import { ReplayMemory } from './replay/oracle-setup.js';
import type { Verdict } from './replay/verdict.js';

const NEWLINE = 0x0a;
/** A first line that is longer is no header; it may be all of a damaged file. */
const MAX_HEADER_BYTES = 2 ** 20;

/**
 * Replays the trace of a file up to the first difference, while it is read; it is read to its end in any case.
 * @throws ERR_TRACE_FILE, ERR_TRACE_SYNTAX
 */
export function verifyFile(file: string): Verdict {
  return verifyBytes(file, readTraceBytes(file), new ReplayMemory());
}

/** `verifyFile` for a file whose bytes have been unpacked. A caller that verifies many files passes the same memory. */
export function verifyBytes(file: string, bytes: Buffer, memory: ReplayMemory): Verdict {
  return formatOf(file, bytes).verify(file, bytes, memory);
}

/** The format of a trace. A first line that is damaged is left to the slot allocator's reader, which refuses it. */
function formatOf(file: string, bytes: Buffer): TraceFormat {
  const named = formatNamedIn(bytes);
  const found = TRACE_FORMATS.find(({ format }) => format === named);
  if (found !== undefined) return found;
  const known = TRACE_FORMATS.flatMap(({ format }) => (format === null ? [] : [`"${format}"`]));
  const all = [...known, 'none, which is that of the slot allocator'].join(', or ');
  const message = `${file}:1: format ${JSON.stringify(named)} is not known; known are ${all}`;
  throw new CopytaxError('ERR_TRACE_SYNTAX', message, { file, line: 1 });
}

/** The field `format` of the first line; null if it has none. */
function formatNamedIn(bytes: Buffer): unknown {
  const end = bytes.subarray(0, MAX_HEADER_BYTES).indexOf(NEWLINE);
  try {
    const first = JSON.parse(bytes.toString('utf8', 0, end < 0 ? Math.min(bytes.length, MAX_HEADER_BYTES) : end)) as {
      format?: unknown;
    } | null;
    return first?.format ?? null;
  } catch {
    return null;
  }
}
