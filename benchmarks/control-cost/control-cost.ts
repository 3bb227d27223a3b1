/**
 * What does the control plane cost, apart from the copies? Each cell is one operation, on one thread and without
 * contention: slots, bounce pages beside system pages, the check of a page's type, the refill of a fragment, and the
 * call into native code itself. These are costs of this implementation, not of Linux: they say what to subtract from
 * the other scenarios.
 */
import { nativeClock } from '../../lib/bench/host/clock.js';
import type { Cell, RatioSpec, Scenario } from '../../lib/bench/plan/scenario.js';
import { cellId } from '../../lib/bench/plan/scenario.js';
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import type { TableSpec } from '../../lib/bench/plan/table-spec.js';
import { addon } from '../../lib/memory/addon.js';
import { ControlOperations, OPERATION_NAMES, type Operation, type OperationName } from './control-operations.js';
import { measureTask } from './operation-task.js';

const NAME = 'control-cost';
/** Operations between two readings of the clock: they take hundreds of times as long, and are rarely interrupted. */
const BATCH = 512;
/** For operations of some nanoseconds. */
const BATCH_OF_SHORT = 8192;
const SHORT: ReadonlySet<OperationName> = new Set(['page-type-check', 'crossing-noop']);

/**
 * Machines that samples use in turn. Of an only machine the engine compiles the tables into the code, in most processes
 * but not in all: the check of a page's type then takes half as long. Threads of the transmit designs run several.
 */
const MACHINES = 2;

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

function cell(name: OperationName, machines: readonly ControlOperations[]): Cell {
  const batch = SHORT.has(name) ? BATCH_OF_SHORT : BATCH;
  let operations: readonly Operation[] = [];
  let samples = 0;
  return {
    id: idOf(name),
    params: { operation: name },
    unit: 'ns',
    higherIsBetter: false,
    batch,
    prepare: async () => {
      operations = machines.map((machine) => machine.named(name));
    },
    sample: async () => measureTask(name, operations[samples++ % MACHINES]!, batch, nativeClock()),
  };
}

export async function controlCost(settings: BenchSettings): Promise<Scenario> {
  const machines: ControlOperations[] = [];
  return {
    name: NAME,
    question: 'what does the control plane of this implementation cost, per operation?',
    cells: OPERATION_NAMES.map((name) => cell(name, machines)),
    ratios: RATIOS.map(([of, to]): RatioSpec => ({ id: idOf(`${of}:${to}`), of: idOf(of), to: idOf(to) })),
    tables: TABLES,
    weight: 0.15,
    open: async () => {
      addon().pinThread(settings.cpus[0]!);
      for (let made = 0; made < MACHINES; made++) machines.push(new ControlOperations(settings.pools[0]!));
    },
    close: async () => {
      for (const machine of machines.splice(0)) machine.close();
    },
  };
}
