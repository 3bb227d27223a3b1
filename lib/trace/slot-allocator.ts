/** Compares our slot allocator with oracle traces: each decision has to be the one that Linux's allocator made. */
import { SEGMENT_SLOTS } from '../units.js';
import { type Answer, COUNTERS, type Copy, LISTS, namesOf, type Operation, type Snapshot } from './format/operation.js';
import type { OracleTrace } from './format/oracle-trace.js';
import type { TraceHeader } from './format/trace-header.js';
import { TraceReader } from './format/trace-reader.js';
import { OracleReplay } from './replay/oracle-replay.js';
import { ReplayMemory } from './replay/oracle-setup.js';
import { freeCounters, runLengths } from './replay/snapshot.js';
import { type Difference, shortened, type Verdict } from './replay/verdict.js';

const COUNTER_NAMES = namesOf(COUNTERS);
const LIST_NAMES = namesOf(LISTS);

/** A trace, whose operations are read one by one. */
interface OperationSource {
  readonly file: string;
  readonly header: TraceHeader;
  next(): Operation | null;
  /** The operation that was returned last, as the trace has it. */
  spelled(): Operation;
}

/**
 * Replays a trace up to the first difference, while it is read; it is read to its end in any case.
 * @throws ERR_TRACE_SYNTAX
 */
export function verifySlotAllocator(file: string, bytes: Buffer, memory: ReplayMemory): Verdict {
  const reader = new TraceReader(file, bytes);
  try {
    const difference = differenceOf(reader, memory);
    while (reader.next() !== null);
    return { file, name: reader.header.config.name, operations: reader.line - 1, difference };
  } catch (error) {
    // An error in the trace itself is reported before an operation on what does not exist.
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
    const answer = replay.perform(operation, line);
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

/** The first field in which the answer differs from the recorded one, or null. */
function firstDifference(recorded: Operation, answer: Answer | Snapshot): string | null {
  return recorded.o === 'q'
    ? (COUNTER_NAMES.find((name) => recorded[name] !== (answer as Snapshot)[name]) ??
        LIST_NAMES.find((name) => !isSame(recorded[name], (answer as Snapshot)[name])) ??
        null)
    : differenceOfAnswers(recorded, answer as Answer);
}

/** Compares field by field, because a loop over the names made a long replay a third slower. A test tries each name. */
function differenceOfAnswers(recorded: Operation, answer: Answer): string | null {
  if (recorded.e !== answer.e) return 'e';
  if (recorded.p !== answer.p) return 'p';
  if (recorded.t !== answer.t) return 't';
  if (recorded.ps !== answer.ps) return 'ps';
  if (recorded.as !== answer.as) return 'as';
  if (recorded.op !== answer.op) return 'op';
  if (recorded.w !== answer.w) return 'w';
  if ((recorded.nf ?? 0) !== (answer.nf ?? 0)) return 'nf';
  if (recorded.r !== answer.r) return 'r';
  if (recorded.ran !== answer.ran) return 'ran';
  if (recorded.wr !== answer.wr) return 'wr';
  if (!areSameCopies(recorded, answer.cp)) return 'cp';
  if (!isSame(recorded.np, answer.np)) return 'np';
  if (!isSame(recorded.fp, answer.fp)) return 'fp';
  if (!isSame(recorded.pg, answer.pg)) return 'pg';
  return null;
}

/** Compares copies. A recorded 1 stands for one copy of the mapping in its natural direction. */
function areSameCopies(recorded: Operation, copies: Answer['cp']): boolean {
  if (recorded.cp !== 1 || !Array.isArray(copies)) return isSame(recorded.cp, copies);
  if (copies.length !== 1) return false;
  const [toDevice, original, , bytes] = copies[0] as Copy;
  return recorded.o === 'm' ? toDevice === 1 && original === recorded.a && bytes === recorded.s : toDevice === 0;
}

function fieldOf(of: object, field: string): unknown {
  return (of as Record<string, unknown>)[field];
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
  // Our snapshot may say more of a slot pool than the trace does.
  for (const name in expected) if (!isSame(fieldOf(expected, name), fieldOf(actual, name))) return false;
  return true;
}

function segmentOf(replay: OracleReplay, operation: Operation, answer: Answer | Snapshot): string | null {
  const offset = operation.t ?? (answer as Answer).t;
  const ordinal = operation.p ?? (answer as Answer).p;
  if (typeof offset !== 'number' || typeof ordinal !== 'number') return null;
  const pool = replay.ordinals.pool(ordinal);
  if (pool === null) return null;
  const first = pool.slotOf(pool.start + offset) & ~(SEGMENT_SLOTS - 1);
  const counters = freeCounters(pool.table).subarray(first, first + SEGMENT_SLOTS);
  return `slot pool ${ordinal}, slots ${first} to ${first + counters.length - 1}: ${runLengths(counters)}`;
}
