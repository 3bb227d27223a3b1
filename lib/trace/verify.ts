/**
 * Holds our allocator against oracle traces: every decision has to be the real one's.
 */
import { SEGMENT_SLOTS } from '../units.js';
import type { Answer, CopyAnswer, Operation, OracleTrace, SnapshotAnswer } from './format/oracle-trace.js';
import type { TraceHeader } from './format/trace-header.js';
import { readTraceBytes, TraceReader } from './format/trace-reader.js';
import { OracleReplay } from './replay/oracle-replay.js';
import { ReplayMemory } from './replay/oracle-setup.js';
import { freeCounters, runLengths } from './replay/snapshot.js';

export interface Difference {
  readonly line: number;
  /** The operation as it stands in the trace. */
  readonly operation: string;
  readonly field: string;
  /** What the real allocator answered; undefined: nothing. */
  readonly expected: unknown;
  readonly actual: unknown;
  /** Free counters of the segment in question, as runs, after the operation here; null when no segment is. */
  readonly segment: string | null;
}

export interface Verdict {
  readonly file: string;
  readonly name: string;
  readonly operations: number;
  /** The first one; null when every decision is the same. */
  readonly difference: Difference | null;
}

/** Operations one after the other. */
interface OperationSource {
  readonly file: string;
  readonly header: TraceHeader;
  next(): Operation | null;
  /** The one that was read last, as it stands in the trace. */
  spelled(): Operation;
}

/**
 * Replays the trace of a file up to the first difference, while it is read; it is read to its end in any case.
 * @throws ERR_TRACE_FILE, ERR_TRACE_SYNTAX
 */
export function verifyFile(file: string): Verdict {
  return verifyBytes(file, readTraceBytes(file), new ReplayMemory());
}

/** `verifyFile` for a file whose bytes, unpacked, are at hand. Who verifies many lends the same memory to all. */
export function verifyBytes(file: string, bytes: Buffer, memory: ReplayMemory): Verdict {
  const reader = new TraceReader(file, bytes);
  try {
    const difference = differenceOf(reader, memory);
    while (reader.next() !== null);
    return { file, name: reader.header.config.name, operations: reader.line - 1, difference };
  } catch (error) {
    // What is wrong with the trace itself comes before operations on what does not exist.
    while (reader.next() !== null);
    throw error;
  }
}

/** Replays a trace up to the first difference. @throws ERR_TRACE_SYNTAX for operations on what does not exist */
export function verifyTrace({ file, header, operations }: OracleTrace): Verdict {
  let at = 0;
  const next = () => operations[at++] ?? null;
  const difference = differenceOf({ file, header, next, spelled: () => operations[at - 1]! }, new ReplayMemory());
  return { file, name: header.config.name, operations: operations.length, difference };
}

function differenceOf(source: OperationSource, memory: ReplayMemory): Difference | null {
  const { file, header } = source;
  const replay = new OracleReplay(file, header, memory);
  for (const [index, { maxMapping }] of header.devices.entries()) {
    const actual = replay.swiotlb.maxMappingSize(replay.devices[index]!);
    if (actual === maxMapping) continue;
    const field = `maxMapping of device ${index}`;
    return { line: 1, operation: 'header', field, expected: maxMapping, actual, segment: null };
  }
  let line = 2;
  for (let operation = source.next(); operation !== null; operation = source.next(), line++) {
    const answer = replay.answer(operation, line);
    const field = firstDifference(operation, answer);
    if (field === null) continue;
    return {
      line,
      operation: shortened(JSON.stringify(source.spelled())),
      field,
      expected: fieldOf(operation, field),
      actual: fieldOf(answer, field),
      segment: segmentOf(replay, operation, answer),
    };
  }
  return null;
}

function fieldOf(answer: object, field: string): unknown {
  return (answer as Record<string, unknown>)[field];
}

function firstDifference(operation: Operation, answer: Answer | SnapshotAnswer): string | null {
  return operation.o === 'q'
    ? differenceOfSnapshots(operation as SnapshotAnswer, answer as SnapshotAnswer)
    : differenceOfAnswers(operation, answer as Answer);
}

/** Field by field rather than in a loop over names: this is most of what a replay spends its time on. */
function differenceOfAnswers(expected: Operation, actual: Answer): string | null {
  if (expected.e !== actual.e) return 'e';
  if (expected.p !== actual.p) return 'p';
  if (expected.t !== actual.t) return 't';
  if (expected.ps !== actual.ps) return 'ps';
  if (expected.as !== actual.as) return 'as';
  if (expected.op !== actual.op) return 'op';
  if (expected.w !== actual.w) return 'w';
  if ((expected.nf ?? 0) !== (actual.nf ?? 0)) return 'nf';
  if (expected.r !== actual.r) return 'r';
  if (expected.ran !== actual.ran) return 'ran';
  if (expected.wr !== actual.wr) return 'wr';
  if (!areSameCopies(expected, actual.cp)) return 'cp';
  if (!isSame(expected.np, actual.np)) return 'np';
  if (!isSame(expected.fp, actual.fp)) return 'fp';
  if (!isSame(expected.pg, actual.pg)) return 'pg';
  return null;
}

function differenceOfSnapshots(expected: SnapshotAnswer, actual: SnapshotAnswer): string | null {
  if (expected.used !== actual.used) return 'used';
  if (expected.hi !== actual.hi) return 'hi';
  if (expected.tr !== actual.tr) return 'tr';
  if (expected.ns !== actual.ns) return 'ns';
  if (!isSame(expected.pools, actual.pools)) return 'pools';
  if (!isSame(expected.dp, actual.dp)) return 'dp';
  if (!isSame(expected.uses, actual.uses)) return 'uses';
  return null;
}

/** `1` stands for one copy of the whole mapping in the natural direction, which the answer spells out. */
function areSameCopies(expected: Operation, copies: Answer['cp']): boolean {
  const { o, s, a, cp } = expected;
  if (cp !== 1 || !Array.isArray(copies)) return isSame(cp, copies);
  if (copies.length !== 1) return false;
  const copy = copies[0] as CopyAnswer;
  return o === 'm' ? copy[0] === 1 && copy[1] === a && copy[3] === s : copy[0] === 0;
}

function isSame(expected: unknown, actual: unknown): boolean {
  if (typeof expected !== 'object' || typeof actual !== 'object' || expected === null || actual === null) {
    return expected === actual;
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || expected.length !== actual.length) return false;
    for (let at = 0; at < expected.length; at++) if (!isSame(expected[at], actual[at])) return false;
    return true;
  }
  // A pool of a snapshot may be told more about than the trace holds.
  for (const name in expected) if (!isSame(fieldOf(expected, name), fieldOf(actual, name))) return false;
  return true;
}

function segmentOf(replay: OracleReplay, operation: Operation, answer: Answer | SnapshotAnswer): string | null {
  const offset = operation.t ?? (answer as Answer).t;
  const ordinal = operation.p ?? (answer as Answer).p;
  if (typeof offset !== 'number' || typeof ordinal !== 'number') return null;
  const pool = replay.ordinals.pool(ordinal);
  if (pool === null) return null;
  const first = pool.slotOf(pool.start + offset) & ~(SEGMENT_SLOTS - 1);
  const counters = freeCounters(pool.table).subarray(first, first + SEGMENT_SLOTS);
  return `pool ${ordinal}, slots ${first} to ${first + counters.length - 1}: ${runLengths(counters)}`;
}

function shortened(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 300)}…`;
}
