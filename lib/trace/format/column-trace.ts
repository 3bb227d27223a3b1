/**
 * Reads a trace in columns line by line, strictly. The first line is an object that names the format, its version, the
 * columns and the operations; each other line is an array, one operation with all that was seen after it, in the order
 * of the columns. See docs/spec/traces.md#traces-in-columns. A damaged or truncated trace is refused with file and
 * line; one that is cut off behind a whole line looks like a shorter one, unless its replay knows how one ends.
 * Owner: one thread.
 */
import type { z } from 'zod';
import { CopytaxError } from '../../errors.js';
import { later } from '../../schemas.js';
import { headerFault, lastLine, lineFault } from './trace-faults.js';

const NEWLINE = 0x0a;

/** What a column holds: the name of an operation, an exact integer, an array, or any value, which the replay checks. */
export type ColumnKind = 'operation' | 'integer' | 'list' | 'any';

/** A line behind the header: values in the order of the format's columns. */
export type Row = readonly unknown[];

/** What traces of one format hold. */
export interface ColumnFormat<Header = unknown> {
  /** The value of the header's field `format`. */
  readonly format: string;
  readonly version: number;
  /** By name. Rows are returned in this order, whatever the order in the trace. */
  readonly columns: Readonly<Record<string, ColumnKind>>;
  /** Names of the values that a column holds side by side, for columns that do: a difference names the value. */
  readonly parts?: Readonly<Record<string, readonly string[]>>;
  /** The operations that can be replayed. */
  readonly operations: readonly string[];
  /** Fields of the header that a replay needs, besides those that each header has. */
  readonly header: () => z.ZodType<Header>;
}

const common = later((z) => z.object({ name: z.string(), columns: z.array(z.string()) }));

export class ColumnTraceReader<Header = unknown> {
  readonly file: string;
  readonly format: ColumnFormat<Header>;
  readonly header: Header;
  /** The trace's own name. */
  readonly name: string;
  readonly #bytes: Buffer;
  readonly #kinds: readonly ColumnKind[];
  readonly #columns: readonly string[];
  /** Where each of the format's columns is in the trace; null: in the same place. */
  readonly #places: readonly number[] | null;
  readonly #operations: ReadonlySet<unknown>;
  #begin = 0;
  #end = 0;
  #line = 0;
  #refusal: CopytaxError | null = null;

  /** Reads the header. @throws ERR_TRACE_SYNTAX with file and line, as `next` does */
  constructor(file: string, bytes: Buffer, format: ColumnFormat<Header>) {
    this.file = file;
    this.format = format;
    this.#bytes = bytes;
    this.#columns = Object.keys(format.columns);
    this.#kinds = Object.values(format.columns);
    this.#operations = new Set(format.operations);
    if (bytes.at(-1) !== NEWLINE) {
      this.#line = lastLine(bytes);
      throw this.refuse(bytes.length === 0 ? 'the trace is empty' : 'the trace ends in the middle of a line');
    }
    const first = this.#nextLine() as { format?: unknown; version?: unknown } | null;
    if (first?.format !== format.format) {
      throw this.refuse(`format ${JSON.stringify(first?.format)} instead of "${format.format}"`);
    }
    if (first.version !== format.version) {
      const version = JSON.stringify(first.version);
      throw this.refuse(`version ${version} of ${format.format} is not known, only ${format.version} is`);
    }
    const { name, columns } = this.#checked(common(), first);
    this.name = name;
    this.#places = this.#placesIn(columns);
    this.header = this.#checked(format.header(), first);
  }

  /** Line of the operation that was read last; the header is line 1. */
  get line(): number {
    return this.#line;
  }

  /** Returns the next row, or null at the end. A refused trace stays refused, at the same line. */
  next(): Row | null {
    if (this.#refusal !== null) throw this.#refusal;
    if (this.#end === this.#bytes.length) return null;
    const row = this.#nextLine();
    if (!Array.isArray(row)) throw this.refuse('not an array of columns');
    const count = this.#columns.length;
    if (row.length !== count) throw this.refuse(`${row.length} columns, but the header names ${count}`);
    const places = this.#places;
    const ordered = places === null ? row : places.map((place) => row[place]);
    for (let at = 0; at < count; at++) {
      const problem = this.#problemOf(this.#kinds[at]!, ordered[at]);
      if (problem !== null) throw this.refuse(`${this.#columns[at]} ${problem}`);
    }
    return ordered;
  }

  /** The text of the line that was read last. */
  spelled(): string {
    return this.#bytes.toString('utf8', this.#begin, this.#end - 1);
  }

  /** Makes the error that refuses the trace at the line that was read last; the caller throws it. */
  refuse(why: string, cause?: unknown): CopytaxError {
    const { file } = this;
    const details = { file, line: this.#line };
    this.#refusal = new CopytaxError('ERR_TRACE_SYNTAX', `${file}:${this.#line}: ${why}`, details, cause);
    return this.#refusal;
  }

  #nextLine(): unknown {
    this.#begin = this.#end;
    this.#end = this.#bytes.indexOf(NEWLINE, this.#begin) + 1;
    this.#line++;
    const text = this.spelled();
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw this.refuse(lineFault(text, cause));
    }
  }

  #checked<Value>(schema: z.ZodType<Value>, first: unknown): Value {
    const parsed = schema.safeParse(first);
    if (parsed.success) return parsed.data;
    throw this.refuse(headerFault(parsed.error));
  }

  #placesIn(columns: readonly string[]): readonly number[] | null {
    const missing = this.#columns.find((name) => !columns.includes(name));
    if (missing !== undefined) throw this.refuse(`the header has no column ${missing}`);
    const other = columns.find((name, at) => !this.#columns.includes(name) || columns.indexOf(name) !== at);
    if (other !== undefined) throw this.refuse(`column ${other} is not known, or there twice`);
    const places = this.#columns.map((name) => columns.indexOf(name));
    return places.every((place, at) => place === at) ? null : places;
  }

  #problemOf(kind: ColumnKind, value: unknown): string | null {
    if (kind === 'integer') return Number.isSafeInteger(value) ? null : 'must be an exact integer';
    if (kind === 'list') return Array.isArray(value) ? null : 'must be an array';
    if (kind === 'any' || this.#operations.has(value)) return null;
    return `${JSON.stringify(value)} is not known, only ${[...this.#operations].join(', ')} are`;
  }
}
