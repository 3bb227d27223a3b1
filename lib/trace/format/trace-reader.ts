/**
 * Reads a trace line by line, strictly: what is damaged, cut off or of another version is refused with file and line.
 * A line is parsed when it is asked for, so that a trace may be larger than the longest string. A hand-written scanner read
 * a plain line in 0.3 us, where JSON.parse and the checks take 1.0. Measured as processor time on all traces of the tests,
 * it made `copytax verify` no faster (10 us for each of 118,518 operations, most of it start and compilation), and a replay
 * of ten times as many operations 1.6 times as fast. That was not worth its 200 lines.
 * Owner: one thread.
 */
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { gunzip, gunzipSync, type ZlibOptions } from 'node:zlib';
import * as z from 'zod';
import { CopytaxError } from '../../errors.js';
import type { Operation, OperationKind } from './operation.js';
import { problemOf } from './operation-inputs.js';
import { headerSchema, type TraceHeader, VERSION } from './trace-header.js';

const unpack = promisify<Buffer, ZlibOptions, Buffer>(gunzip);

const NEWLINE = 0x0a;
const LEAST_CHUNK = 2 ** 14;
const MOST_CHUNK = 2 ** 26;
/** Bytes that deflate makes one of, at best. */
const MOST_SHRUNK = 1032;

/** The bytes of a trace, unpacked. @throws ERR_TRACE_FILE, ERR_TRACE_SYNTAX for damaged gzip data */
export function readTraceBytes(file: string): Buffer {
  const raw = readRaw(file);
  if (!isPacked(raw)) return raw;
  try {
    return gunzipSync(raw, { chunkSize: chunkSizeFor(raw) });
  } catch (cause) {
    throw damaged(file, cause);
  }
}

/** `readTraceBytes`, unpacked by another thread, which goes on while this one replays. Rejects with the same. */
export async function unpackTraceBytes(file: string): Promise<Buffer> {
  const raw = readRaw(file);
  if (!isPacked(raw)) return raw;
  return await unpack(raw, { chunkSize: chunkSizeFor(raw) }).catch((cause) => {
    throw damaged(file, cause);
  });
}

function readRaw(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new CopytaxError('ERR_TRACE_FILE', `${file} cannot be read: ${(cause as Error).message}`, { file }, cause);
  }
}

const isPacked = (raw: Buffer) => raw[0] === 0x1f && raw[1] === 0x8b;

function damaged(file: string, cause: unknown): CopytaxError {
  const message = `${file}: damaged gzip data: ${(cause as Error).message}`;
  return new CopytaxError('ERR_TRACE_SYNTAX', message, { file }, cause);
}

/** So much that all comes out in one piece, by what the last bytes of the file claim. */
function chunkSizeFor(packed: Buffer): number {
  const claimed = packed.length < 4 ? 0 : packed.readUInt32LE(packed.length - 4);
  return Math.max(LEAST_CHUNK, Math.min(claimed + 1, MOST_CHUNK, packed.length * MOST_SHRUNK));
}

export class TraceReader {
  readonly file: string;
  readonly header: TraceHeader;
  readonly #bytes: Buffer;
  /** Where the line read last begins, and behind its newline. */
  #begin = 0;
  #end = 0;
  #line = 0;
  #last: OperationKind | null = null;
  #refusal: CopytaxError | null = null;

  /** @throws ERR_TRACE_SYNTAX with file and line, as `next` does */
  constructor(file: string, bytes: Buffer) {
    this.file = file;
    this.#bytes = bytes;
    if (bytes.at(-1) !== NEWLINE) {
      this.#line = 1 + bytes.reduce((lines, byte) => (byte === NEWLINE ? lines + 1 : lines), 0);
      throw this.#refuse('the trace ends in the middle of a line');
    }
    this.#nextLine();
    const first = this.#parse() as { v?: unknown };
    if (first?.v !== VERSION) {
      throw this.#refuse(`version ${JSON.stringify(first?.v)} is not known, only ${VERSION} is`);
    }
    const header = headerSchema.safeParse(first);
    if (!header.success) throw this.#refuse(`the header is wrong: ${z.prettifyError(header.error).split('\n')[0]}`);
    this.header = header.data;
  }

  /** Of the operation that was read last; the header is line 1. */
  get line(): number {
    return this.#line;
  }

  /** The next operation, or null at the end. A trace that was refused stays refused, at the same line. */
  next(): Operation | null {
    if (this.#refusal !== null) throw this.#refusal;
    if (this.#end === this.#bytes.length) {
      if (this.#last !== 'q') throw this.#refuse('the trace is cut off: it must end with a snapshot');
      return null;
    }
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
    try {
      return JSON.parse(this.#bytes.toString('utf8', this.#begin, this.#end - 1));
    } catch (cause) {
      throw this.#refuse(`not JSON: ${(cause as Error).message}`);
    }
  }

  #refuse(why: string): CopytaxError {
    const { file } = this;
    const details = { file, line: this.#line };
    this.#refusal = new CopytaxError('ERR_TRACE_SYNTAX', `${file}:${this.#line}: ${why}`, details);
    return this.#refusal;
  }
}
