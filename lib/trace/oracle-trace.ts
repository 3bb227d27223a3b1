/**
 * Oracle traces: operations on a slot allocator with the answers of the real one, as JSON Lines, plain or gzipped.
 * A trace is read strictly: what is damaged, cut off or of another version is refused with file and line.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { CopytaxError } from '../errors.js';

const VERSION = 1;
const count = z.int().nonnegative();
/** -1 stands for all 64 bits set. */
const mask = z.int().min(-1);

const headerSchema = z.object({
  v: z.literal(VERSION),
  config: z.object({
    name: z.string(),
    kind: z.enum(['boot', 'restricted', 'raw']),
    dynamic: z.boolean(),
    canGrow: z.boolean(),
    ncpus: z.int().positive(),
    nslabs: z.int().positive(),
    nareas: z.int().positive(),
    defaultNslabs: count,
    defaultNareas: count,
    physBase: count,
    physLimit: mask,
    zoneDmaLimit: count,
    pageShift: z.literal(12),
  }),
  devices: z
    .array(
      z.object({
        minAlignMask: count,
        segBoundary: mask,
        dmaMask: mask,
        busDmaLimit: count,
        maxMapping: count,
      }),
    )
    .min(1),
});

export type TraceHeader = z.infer<typeof headerSchema>;

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

/** The inputs of each kind of operation; all are numbers. */
const INPUTS = {
  m: ['id', 'd', 'c', 'a', 's', 'k', 'dir'],
  u: ['id'],
  s: ['id', 'off', 'n'],
  z: ['id', 'd', 'c', 'ord'],
  y: ['id'],
  a: ['id', 'd', 'c', 's'],
  f: ['id'],
  p: ['d', 'a'],
  w: [],
  h: [],
  q: ['used', 'hi', 'tr', 'ns'],
} as const;

export type OperationKind = keyof typeof INPUTS;

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
  let raw: Buffer;
  try {
    raw = readFileSync(file);
  } catch (cause) {
    throw new CopytaxError('ERR_TRACE_FILE', `${file} cannot be read: ${(cause as Error).message}`, { file }, cause);
  }
  const isGzip = raw[0] === 0x1f && raw[1] === 0x8b;
  try {
    return parseOracleTrace(file, (isGzip ? gunzipSync(raw) : raw).toString('utf8'));
  } catch (cause) {
    if ((cause as { code?: string }).code === 'ERR_TRACE_SYNTAX') throw cause;
    throw new CopytaxError(
      'ERR_TRACE_SYNTAX',
      `${file}: damaged gzip data: ${(cause as Error).message}`,
      { file },
      cause,
    );
  }
}

/** Parses the text of a trace. @throws ERR_TRACE_SYNTAX with file and line */
export function parseOracleTrace(file: string, text: string): OracleTrace {
  const refuse = (line: number, why: string) =>
    new CopytaxError('ERR_TRACE_SYNTAX', `${file}:${line}: ${why}`, { file, line });
  if (!text.endsWith('\n')) throw refuse(text.split('\n').length, 'the trace ends in the middle of a line');
  const lines = text.slice(0, -1).split('\n');
  const parse = (line: number): unknown => {
    try {
      return JSON.parse(lines[line - 1]!);
    } catch (cause) {
      throw refuse(line, `not JSON: ${(cause as Error).message}`);
    }
  };
  const first = parse(1) as { v?: unknown };
  if (first?.v !== VERSION) throw refuse(1, `version ${JSON.stringify(first?.v)} is not known, only ${VERSION} is`);
  const header = headerSchema.safeParse(first);
  if (!header.success) throw refuse(1, `the header is wrong: ${z.prettifyError(header.error).split('\n')[0]}`);
  const operations: Operation[] = [];
  for (let line = 2; line <= lines.length; line++) {
    const operation = parse(line) as Operation;
    const problem = problemOf(operation, header.data.devices.length);
    if (problem !== null) throw refuse(line, problem);
    operations.push(operation);
  }
  if (operations.at(-1)?.o !== 'q') throw refuse(lines.length, 'the trace is cut off: it must end with a snapshot');
  return { file, header: header.data, operations };
}

function problemOf(operation: Operation, devices: number): string | null {
  if (typeof operation !== 'object' || operation === null) return 'not an operation';
  const inputs: readonly string[] | undefined = INPUTS[operation.o];
  if (inputs === undefined) return `operation ${JSON.stringify(operation.o)} is not known`;
  const fields = operation as unknown as Record<string, unknown>;
  if (operation.o === 's') {
    if (operation.k !== 'c' && operation.k !== 'd')
      return `a sync is for 'c' or 'd', not ${JSON.stringify(operation.k)}`;
  }
  for (const name of inputs) {
    if (!Number.isSafeInteger(fields[name])) return `${name} of operation '${operation.o}' must be an integer`;
  }
  const { d: device } = operation;
  if (device !== undefined && !(device >= 0 && device < devices)) return `there is no device ${device}`;
  if (operation.o === 'q' && !Array.isArray(operation.pools)) return 'a snapshot without pools';
  return null;
}
