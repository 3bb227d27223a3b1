/**
 * Reads a trace line by line, strictly: a damaged or truncated file, or another version, is refused with file and line.
 * Lines in plain spelling are scanned; all others, among them those that must be refused, are parsed as JSON, each when
 * it is asked for, so that a trace may be larger than the longest string.
 * Owner: one thread.
 */
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { gunzip, gunzipSync, type ZlibOptions } from 'node:zlib';
import { CopytaxError } from '../../errors.js';
import type { Operation, OperationKind } from './operation.js';
import { problemOf } from './operation-inputs.js';
import { OperationScan } from './operation-scan.js';
import { headerFault, lastLine, lineFault } from './trace-faults.js';
import { headerSchema, type TraceHeader, VERSION } from './trace-header.js';

const NEWLINE = 0x0a;
const MIN_CHUNK = 2 ** 14;
const MAX_CHUNK = 2 ** 26;
/** What some editors put before the text of a file; no part of it. */
const BYTE_ORDER_MARK = Buffer.from('\ufeff');
/** Bytes that one byte of deflated data can hold at most. */
const MAX_EXPANSION = 1032;

/**
 * Bytes that a packed trace may unpack to; those of the tests are a few MiB. A file of a megabyte can unpack to a
 * thousand, and what is unpacked is in memory twice for a moment.
 */
export const MAX_UNPACKED_BYTES = 2 ** 28;

/**
 * Reads and unpacks the bytes of a trace, without a byte order mark, at most `limit` of them if it is packed.
 * @throws ERR_TRACE_FILE, also for a file that is empty, is damaged gzip data, or unpacks to more
 */
export function readTraceBytes(file: string, limit = MAX_UNPACKED_BYTES): Buffer {
  const raw = readRaw(file);
  if (!isPacked(raw)) return filled(file, raw);
  try {
    return filled(file, gunzipSync(raw, unpackingOf(raw, limit)));
  } catch (cause) {
    throw unpackError(file, limit, cause);
  }
}

/** `readTraceBytes` that unpacks on another thread while this one replays. Rejects with the same errors. */
export async function unpackTraceBytes(file: string, limit = MAX_UNPACKED_BYTES): Promise<Buffer> {
  const raw = readRaw(file);
  if (!isPacked(raw)) return filled(file, raw);
  const unpacked = await promisify<Buffer, ZlibOptions, Buffer>(gunzip)(raw, unpackingOf(raw, limit)).catch((cause) => {
    throw unpackError(file, limit, cause);
  });
  return filled(file, unpacked);
}

function readRaw(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new CopytaxError('ERR_TRACE_FILE', `${file} cannot be read: ${(cause as Error).message}`, { file }, cause);
  }
}

const isPacked = (raw: Buffer) => raw[0] === 0x1f && raw[1] === 0x8b;

function filled(file: string, bytes: Buffer): Buffer {
  if (bytes.length === 0) throw new CopytaxError('ERR_TRACE_FILE', `${file}: the file is empty`, { file });
  const begin = bytes.subarray(0, BYTE_ORDER_MARK.length);
  return begin.equals(BYTE_ORDER_MARK) ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes;
}

function unpackError(file: string, limit: number, cause: unknown): CopytaxError {
  if (cause instanceof CopytaxError) return cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  const isTooLarge = code === 'ERR_BUFFER_TOO_LARGE';
  const why = isTooLarge ? `too large: it unpacks to more than ${limit} bytes` : `damaged gzip data: ${message}`;
  return new CopytaxError('ERR_TRACE_FILE', `${file}: ${why}`, { file }, cause);
}

const unpackingOf = (packed: Buffer, limit: number): ZlibOptions => ({
  chunkSize: chunkSizeFor(packed),
  maxOutputLength: limit,
});

/** A size that lets all data come out in one piece, if the length in the last bytes of the file is right. */
function chunkSizeFor(packed: Buffer): number {
  const claimed = packed.length < 4 ? 0 : packed.readUInt32LE(packed.length - 4);
  return Math.max(MIN_CHUNK, Math.min(claimed + 1, MAX_CHUNK, packed.length * MAX_EXPANSION));
}

export class TraceReader {
  readonly file: string;
  readonly header: TraceHeader;
  readonly #bytes: Buffer;
  readonly #scan: OperationScan;
  /** Start of the line that was read last. */
  #begin = 0;
  /** End of it, after its newline. */
  #end = 0;
  #line = 0;
  #last: OperationKind | null = null;
  #refusal: CopytaxError | null = null;

  /** Reads the header. @throws ERR_TRACE_SYNTAX with file and line, as `next` does */
  constructor(file: string, bytes: Buffer) {
    this.file = file;
    this.#bytes = bytes;
    if (bytes.at(-1) !== NEWLINE) {
      this.#line = lastLine(bytes);
      throw this.#refuse(bytes.length === 0 ? 'the trace is empty' : 'the trace ends in the middle of a line');
    }
    this.#nextLine();
    const first = this.#parse() as { v?: unknown };
    if (first?.v === undefined) throw this.#refuse('the line is no header of a trace: it has neither v nor format');
    if (first.v !== VERSION) {
      throw this.#refuse(`version ${JSON.stringify(first.v)} is not known, only ${VERSION} is`);
    }
    const header = headerSchema().safeParse(first);
    if (!header.success) throw this.#refuse(headerFault(header.error));
    this.header = header.data;
    this.#scan = new OperationScan(bytes, this.header.devices.length);
  }

  /** Line of the operation that was read last; the header is line 1. */
  get line(): number {
    return this.#line;
  }

  /** Returns the next operation, or null at the end. A refused trace stays refused, at the same line. */
  next(): Operation | null {
    if (this.#refusal !== null) throw this.#refusal;
    if (this.#end === this.#bytes.length) {
      if (this.#last !== 'q') throw this.#refuse('the trace is cut off: it must end with a snapshot');
      return null;
    }
    const scanned = this.#scan.scan(this.#end);
    if (scanned === null) return this.#strictNext();
    this.#begin = this.#end;
    this.#end = this.#scan.end;
    this.#line++;
    this.#last = scanned.o;
    return scanned;
  }

  /** The operation that was read last, as it stands in the trace: its own fields in their own order. */
  spelled(): Operation {
    return this.#parse() as Operation;
  }

  #strictNext(): Operation {
    this.#nextLine();
    const operation = this.#parse() as Operation;
    const problem = problemOf(operation, this.header.devices.length);
    if (problem !== null) throw this.#refuse(problem);
    this.#last = operation.o;
    return operation;
  }

  #nextLine(): void {
    this.#begin = this.#end;
    this.#end = this.#bytes.indexOf(NEWLINE, this.#begin) + 1;
    this.#line++;
  }

  #parse(): unknown {
    const text = this.#bytes.toString('utf8', this.#begin, this.#end - 1);
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw this.#refuse(lineFault(text, cause));
    }
  }

  #refuse(why: string): CopytaxError {
    const { file } = this;
    const details = { file, line: this.#line };
    this.#refusal = new CopytaxError('ERR_TRACE_SYNTAX', `${file}:${this.#line}: ${why}`, details);
    return this.#refusal;
  }
}
