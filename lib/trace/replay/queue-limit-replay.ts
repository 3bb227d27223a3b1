/**
 * Replays traces of Linux's dynamic queue limits on a byte queue limit: docs/spec/traces.md#dynamic-queue-limits.
 * A trace has no mark at its end, so one that is cut off behind a whole line cannot be told from a shorter one.
 * Bounds and completions of nothing go to the dynamic limit in it, because the network layer passes neither on.
 */
import { CLEANER_WORDS, MAX_LIMIT, MAX_OBJECT, TRANSMITTER_WORDS } from '../../dma/dynamic-queue-limit.js';
import { StallWatch } from '../../dma/stall-watch.js';
import { ByteQueueLimit } from '../../net/byte-queue-limit.js';
import { later } from '../../schemas.js';
import { Arena } from '../../smp/arena.js';
import { type ColumnFormat, ColumnTraceReader, type Row } from '../format/column-trace.js';
import { type ColumnReplay, verifyColumns } from './column-replay.js';
import type { Verdict } from './verdict.js';

const OPERATIONS = ['init', 'reset', 'queued', 'completed', 'tick', 'min', 'max', 'hold', 'stall'] as const;
type OperationName = (typeof OPERATIONS)[number];

interface QueueLimitHeader {
  /** The time of the first operation. */
  readonly firstJiffies: number;
}

export const QUEUE_LIMIT_FORMAT: ColumnFormat<QueueLimitHeader> = {
  format: 'dql-trace',
  version: 1,
  columns: {
    op: 'operation',
    arg: 'integer',
    jiffies: 'integer',
    avail: 'integer',
    numQueued: 'integer',
    numCompleted: 'integer',
    adjLimit: 'integer',
    limit: 'integer',
    lastObjCnt: 'integer',
    prevNumQueued: 'integer',
    prevLastObjCnt: 'integer',
    prevOvlimit: 'integer',
    lowestSlack: 'integer',
    slackStartTime: 'integer',
    stallCnt: 'integer',
    stallMax: 'integer',
    warned: 'integer',
  },
  operations: OPERATIONS,
  header: later((z) =>
    z.object({
      firstJiffies: z.int().nonnegative(),
      maxLimit: z.literal(MAX_LIMIT),
      maxObject: z.literal(MAX_OBJECT),
    }),
  ),
};

/** @throws ERR_TRACE_SYNTAX */
export function verifyQueueLimit(file: string, bytes: Buffer): Verdict {
  const reader = new ColumnTraceReader(file, bytes, QUEUE_LIMIT_FORMAT);
  return verifyColumns(reader, new QueueLimitReplay(reader));
}

class QueueLimitReplay implements ColumnReplay {
  readonly #reader: ColumnTraceReader<QueueLimitHeader>;
  readonly #stalls: StallWatch;
  readonly #limit: ByteQueueLimit;
  /** Each with its argument. */
  readonly #operations: Readonly<Record<OperationName, (argument: number) => void>> = {
    init: (hold) => this.#limit.reset(hold, this.#jiffies),
    reset: () => this.#limit.restart(this.#jiffies),
    queued: (count) => void this.#limit.charge(count, this.#jiffies),
    completed: (count) => this.#complete(count),
    tick: (jiffies) => {
      this.#jiffies += jiffies;
    },
    min: (min) => this.#limit.dynamic.bound({ min }),
    max: (max) => this.#limit.dynamic.bound({ max }),
    hold: (jiffies) => this.#limit.dynamic.holdFor(jiffies),
    stall: (jiffies) => this.#stalls.detectAfter(jiffies),
  };
  #jiffies: number;

  constructor(reader: ColumnTraceReader<QueueLimitHeader>) {
    this.#reader = reader;
    this.#jiffies = reader.header.firstJiffies;
    const build = (arena: Arena) => {
      const lines = {
        transmitter: arena.int32(TRANSMITTER_WORDS + 1),
        cleaner: arena.int32(CLEANER_WORDS),
        state: arena.int32(1),
      };
      const stalls = new StallWatch(arena);
      return { stalls, limit: new ByteQueueLimit(lines, true, stalls) };
    };
    const { stalls, limit } = build(Arena.for(build));
    this.#stalls = stalls;
    this.#limit = limit;
    limit.reset(0, this.#jiffies);
  }

  perform([operation, given]: Row): Row {
    const argument = given as number;
    if (argument < 0 || argument >= 2 ** 32) throw this.#reader.refuse('arg must be from 0 to 2^32 - 1');
    const { refused } = this.#limit.dynamic;
    this.#operations[operation as OperationName](argument);
    return this.#columns(this.#limit.dynamic.refused > refused ? 1 : 0);
  }

  #complete(count: number): void {
    const limit = this.#limit;
    const inFlight = limit.inFlight >>> 0;
    if (count > inFlight) throw this.#reader.refuse(`${count} are completed, but only ${inFlight} are queued`);
    if (count === 0) limit.dynamic.completed(0, this.#jiffies);
    limit.complete(count, this.#jiffies);
    limit.wake();
  }

  /** As after an operation; `warned`: whether it was refused. */
  #columns(warned: number): Row {
    const { dynamic } = this.#limit;
    const counts = dynamic.counts();
    return [
      undefined,
      undefined,
      this.#jiffies,
      dynamic.available,
      counts.queued,
      counts.completed,
      counts.allowed,
      dynamic.limit >>> 0,
      counts.latest,
      counts.prevQueued,
      counts.prevLatest,
      counts.prevExcess,
      counts.slack,
      counts.slackSince,
      this.#stalls.stalls,
      this.#stalls.longest,
      warned,
    ];
  }
}
