/**
 * What does the control plane cost, apart from the copies? Each cell is one operation, on one thread and without
 * contention: slots, bounce pages beside system pages, the check of a page's type, the refill of a fragment, and the
 * call into native code itself. These are costs of this implementation, not of Linux: they say what to subtract from
 * the other scenarios.
 */
import type { Cell, RatioSpec, Sample, Scenario } from '../../lib/bench/plan/scenario.js';
import { cellId } from '../../lib/bench/plan/scenario.js';
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import { addon } from '../../lib/memory/addon.js';
import { CopyList } from '../../lib/memory/copy-list.js';
import { ControlOperations, OPERATION_NAMES, type Operation, type OperationName } from './control-operations.js';

const NAME = 'control-cost';
/** Operations in a sample: it takes far longer than reading the clock, and is rarely interrupted. */
const BATCH = 16_384;

const RATIOS: readonly (readonly [OperationName, OperationName])[] = [
  ['bounce-page', 'system-page'],
  ['refill-bounce', 'refill-system'],
];

const idOf = (name: string) => cellId([NAME, name], {});

function cell(name: OperationName, operations: () => ControlOperations): Cell {
  let operation: Operation | undefined;
  const sample = (): Sample => {
    const list = CopyList.ofThisThread();
    const begin = list.clock();
    const proof = operation!(BATCH);
    const ns = list.clock() - begin;
    return { value: ns / BATCH, durationMs: ns / 1e6, ledger: { proof } };
  };
  return {
    id: idOf(name),
    params: { operation: name },
    unit: 'ns',
    higherIsBetter: false,
    batch: BATCH,
    prepare: async () => {
      operation = operations().named(name);
    },
    sample: async () => sample(),
  };
}

export async function controlCost(settings: BenchSettings): Promise<Scenario> {
  let operations: ControlOperations | undefined;
  return {
    name: NAME,
    question: 'what does the control plane of this implementation cost, per operation?',
    cells: OPERATION_NAMES.map((name) => cell(name, () => operations!)),
    ratios: RATIOS.map(([of, to]): RatioSpec => ({ id: idOf(`${of}:${to}`), of: idOf(of), to: idOf(to) })),
    tables: [{ kind: 'plain' }, { kind: 'ratios' }],
    weight: 0.15,
    open: async () => {
      addon().pinThread(settings.cpus[0]!);
      operations = new ControlOperations(settings.pools[0]!);
    },
    close: async () => operations?.close(),
  };
}
