/**
 * What does the control plane cost, apart from the copies? Each cell is one operation, on one thread and without
 * contention: slots, bounce pages beside system pages, the check of a page's type, the refill of a fragment, and the
 * call into native code itself. These are costs of this implementation, not of Linux: they say what to subtract from
 * the other scenarios.
 */
import type { Worker } from 'node:worker_threads';
import type { Cell, RatioSpec, Sample, Scenario } from '../../lib/bench/plan/scenario.js';
import { cellId } from '../../lib/bench/plan/scenario.js';
import type { BenchSettings, Effort } from '../../lib/bench/plan/settings.js';
import type { TableSpec } from '../../lib/bench/plan/table-spec.js';
import { request } from '../../lib/smp/thread-reply.js';
import { startThread } from '../../lib/threads.js';
import { OPERATION_NAMES, type OperationName } from './control-operations.js';
import type { ControlReply, ControlRequest, ControlThread } from './control-worker.js';

const NAME = 'control-cost';
/** Operations between two readings of the clock: they take hundreds of times as long, and are rarely interrupted. */
const BATCH = 512;
/** For operations of some nanoseconds. */
const BATCH_OF_SHORT = 8192;
const SHORT: ReadonlySet<OperationName> = new Set(['page-type-check', 'crossing-noop']);

/**
 * Threads that samples use in turn. Each compiles for itself, and not always alike: slots take 6 % more or less on some
 * threads than on others, for as long as they live. With several of them that is inside the interval.
 */
const THREADS = { quick: 3, default: 6, full: 10 } as const satisfies Record<Effort, number>;

/** Samples of each operation and thread that are discarded: one on each of its two machines. */
const WARM_UPS = 2;

const workerFile = () => new URL('./control-worker.js', import.meta.url);

const RATIOS: readonly (readonly [OperationName, OperationName])[] = [
  ['bounce-page', 'system-page'],
  ['refill-bounce', 'refill-system'],
];

const TABLES: readonly TableSpec[] = [
  {
    kind: 'columns',
    columns: [
      { head: 'operation', param: 'operation' },
      { head: 'ns', value: 'median' },
      { head: '99 % below', ledger: 'own:p99Ns', unit: 'ns' },
      { head: '± %', ledger: 'own:marginOfError', unit: 'share' },
      { head: 'calls', ledger: 'own:calls', unit: 'count' },
    ],
    legend: [
      'ns: a round has the median of some milliseconds of calls, each of many operations; this is that of all rounds',
      '99 % below: what 99 % of the calls of a round cost at most, per operation; ± %: 95 % margin of their mean',
      'calls: how often tinybench timed the operations in a round',
    ],
  },
  { kind: 'ratios' },
];

const idOf = (name: string) => cellId([NAME, name], {});

const batchOf = (name: OperationName) => (SHORT.has(name) ? BATCH_OF_SHORT : BATCH);

/** The threads of all cells. Owner: the main thread; one sample at a time. */
class ControlThreads {
  readonly #count: number;
  readonly #thread: ControlThread;
  #threads: Worker[] = [];

  constructor(count: number, thread: ControlThread) {
    this.#count = count;
    this.#thread = thread;
  }

  /** Starts the threads, and lets each compile every operation: rounds that are discarded reach few of them. */
  async open(): Promise<void> {
    const options = { workerData: this.#thread };
    this.#threads = Array.from({ length: this.#count }, () => startThread(workerFile(), options));
    for (let turn = 0; turn < WARM_UPS * this.#count; turn++) {
      for (const name of OPERATION_NAMES) await this.sample(turn, { name, batch: batchOf(name) });
    }
  }

  /** Resolves to a sample of the thread whose turn it is. Rejects with ERR_WORKER_DIED. */
  async sample(turn: number, message: ControlRequest): Promise<Sample> {
    const thread = this.#threads[turn % this.#count]!;
    const { sample, pulseNs } = await request<ControlReply>(thread, message, 'control-cost');
    return { ...sample, pulseNs: [pulseNs] };
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map((thread) => thread.terminate()));
  }
}

function cell(name: OperationName, threads: ControlThreads): Cell {
  const batch = batchOf(name);
  let samples = 0;
  return {
    id: idOf(name),
    params: { operation: name },
    unit: 'ns',
    higherIsBetter: false,
    batch,
    sample: () => threads.sample(samples++, { name, batch }),
  };
}

export async function controlCost(settings: BenchSettings): Promise<Scenario> {
  const thread = { hostCpu: settings.cpus[0]!, slotPoolBytes: settings.pools[0]! };
  const threads = new ControlThreads(THREADS[settings.effort], thread);
  return {
    name: NAME,
    question: 'what does the control plane of this implementation cost, per operation?',
    cells: OPERATION_NAMES.map((name) => cell(name, threads)),
    ratios: RATIOS.map(([of, to]): RatioSpec => ({ id: idOf(`${of}:${to}`), of: idOf(of), to: idOf(to) })),
    tables: TABLES,
    weight: 0.15,
    open: () => threads.open(),
    close: () => threads.close(),
  };
}
