/**
 * Oracle traces: operations on a slot allocator with the answers of the real one, as JSON Lines, plain or gzipped.
 * A trace is read strictly: what is damaged, cut off or of another version is refused with file and line.
 */
import type { TraceHeader } from './trace-header.js';
import { readTraceBytes, TraceReader } from './trace-reader.js';

export type { TraceHeader } from './trace-header.js';

/** A pool that became visible: ordinal, physical start, slots, areas, slots of an area, transient. */
export interface PoolFacts {
  readonly p: number;
  readonly start: number;
  readonly n: number;
  readonly na: number;
  readonly an: number;
  readonly tr: number;
}

/** Order, zone and physical address of a block of pages that was asked for; address -1: there was none. */
export type BlockAnswer = readonly [order: number, zone: number, address: number];
/** Direction (1 = to the device), original address, offset in the pool, bytes. */
export type CopyAnswer = readonly [toDevice: number, original: number, offset: number, bytes: number];

/** What an operation resulted in; a field that is absent did not happen. Names are the format's. */
export interface Answer {
  readonly e?: number | undefined;
  readonly p?: number | undefined;
  readonly t?: number | undefined;
  readonly ps?: number | undefined;
  readonly as?: number | undefined;
  readonly op?: number | undefined;
  readonly w?: number | undefined;
  readonly nf?: number | undefined;
  readonly r?: number | undefined;
  readonly ran?: number | undefined;
  readonly cp?: 1 | readonly CopyAnswer[] | undefined;
  readonly np?: PoolFacts | undefined;
  readonly fp?: readonly number[] | undefined;
  readonly pg?: readonly BlockAnswer[] | undefined;
  readonly wr?: string | undefined;
}

export interface SnapshotAnswer {
  readonly used: number;
  readonly hi: number;
  readonly tr: number;
  readonly ns: number;
  readonly pools: readonly {
    readonly p: number;
    readonly areas: readonly (readonly [used: number, index: number])[];
    readonly hl: number;
    readonly ha: number;
    readonly ho: number;
    readonly hp: number;
    readonly rle?: string;
  }[];
  readonly dp?: readonly (readonly number[])[];
  readonly uses?: readonly number[];
}

export type OperationKind = 'm' | 'u' | 's' | 'z' | 'y' | 'a' | 'f' | 'p' | 'w' | 'h' | 'q';

/** An operation with its answer. `k` is an alignment mask of a map, and 'c' or 'd' (for CPU, for device) of a sync. */
export type Operation = { readonly o: OperationKind; readonly k?: number | string; readonly v?: number } & Answer &
  Partial<SnapshotAnswer> &
  Readonly<Record<'id' | 'd' | 'c' | 'a' | 's' | 'dir' | 'off' | 'n' | 'ord', number>> & { readonly at?: number };

export interface OracleTrace {
  readonly file: string;
  readonly header: TraceHeader;
  /** In order; the i-th stands on line i + 2. */
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
  for (let operation = reader.next(); operation !== null; operation = reader.next()) operations.push(reader.spelled());
  return { file: reader.file, header: reader.header, operations };
}
