/**
 * What do the references cost that keep the memory of fragments alive: one to each page, a piece of each page of a page
 * pool, one to an owner of all fragments, or none at all? The path of the skb is the same: it is made with 64 KiB in 1
 * to 17 fragments, may be cloned or split, and is released, on the CPU that made it or on another one, to which the
 * counts have to travel.
 *
 * The atomic operations of an skb are counted in the same code, on a thread of its own, which is not timed. The cost of
 * the memory itself is in no cell (`lifetime-rig.ts`).
 */

import type { Cell, Params, RatioSpec, Sample, Scenario } from '../../lib/bench/plan/scenario.js';
import { cellId } from '../../lib/bench/plan/scenario.js';
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import type { TableSpec } from '../../lib/bench/plan/table-spec.js';
import type { LedgerKey } from '../../lib/bench/types/ledger-keys.js';
import type { AtomicCounts } from './atomic-counts.js';
import { type LifetimePlan, OPERATIONS, type Operation } from './lifetime-loop.js';
import { GROUP, LIFETIMES, type LifetimeName } from './lifetime-rig.js';
import { LifetimeThreads } from './lifetime-threads.js';

const NAME = 'lifetime-cost';
export const FRAGMENTS = [1, 2, 4, 8, 17] as const;
/** Which CPU releases the skbs. */
export const RELEASERS = ['same CPU', 'other CPU'] as const;
type Releaser = (typeof RELEASERS)[number];

/** Groups of a sample: a fraction of a millisecond, so that few samples are interrupted. */
const GROUPS = 16;
/** Groups of each operation on one CPU before the first sample, in which most of the code is compiled. */
const WARMUP_GROUPS = 100;

const WRITES: LedgerKey = 'own:atomicWrites';
const LOADS: LedgerKey = 'own:atomicLoads';

interface LifetimeShape {
  readonly releaser: Releaser;
  readonly operation: Operation;
  readonly fragments: number;
}

const idOf = (head: string, { releaser, operation, fragments }: LifetimeShape) =>
  cellId([NAME, head, releaser.replace(' ', '-'), operation.replace(' ', '-')], { fragments });

const TABLES: readonly TableSpec[] = [
  {
    kind: 'across',
    by: 'lifetime',
    ledger: [],
    legend: [
      'Below a lifetime: ns for each skb of 64 KiB. none: fragments hold nothing, which leaves the work of the skb ' +
        'itself, the same for all; page: a reference to its page for each fragment; page-pool: a piece of a page of ' +
        'a page pool for each fragment; owner: one reference for each skb',
      'x: page in multiples of the other, formed within each round',
      'operation send: the skb is made and released; clone: and a clone that shares its array of fragments; copy ' +
        'array: and a clone with an array of its own; split: and its second half, in an skb of its own',
      'releaser: the CPU that made the skb, or another one; the time is that of both',
    ],
  },
  {
    kind: 'across',
    by: 'lifetime',
    only: { releaser: 'same CPU' },
    ledger: [{ head: 'atomics', ledger: WRITES }],
    shows: ['ledger'],
    legend: [
      'Atomic operations that write, for each skb, with those of the skb itself: counted in the same code, not timed.',
    ],
  },
];

/** All operations on one CPU, and plain sends between two: which CPU releases changes no count. */
function shapesOf(cpus: number): LifetimeShape[] {
  const kinds: Omit<LifetimeShape, 'fragments'>[] = OPERATIONS.map((operation) => ({
    releaser: 'same CPU',
    operation,
  }));
  if (cpus > 1) kinds.push({ releaser: 'other CPU', operation: 'send' });
  return kinds.flatMap((kind) => FRAGMENTS.map((fragments) => ({ ...kind, fragments })));
}

const planOf = ({ operation, fragments }: LifetimeShape, groups: number): LifetimePlan => ({
  operation,
  fragments,
  groups,
});

/** What all cells share while the scenario is open. */
class Shared {
  readonly threads: LifetimeThreads;
  readonly #shapes: readonly LifetimeShape[];
  readonly #counts = new Map<string, AtomicCounts>();

  constructor(cpus: readonly number[], shapes: readonly LifetimeShape[]) {
    this.threads = new LifetimeThreads(cpus);
    this.#shapes = shapes;
  }

  /** Counts atomic operations, and starts the threads. */
  async open(): Promise<void> {
    await Promise.all(LIFETIMES.map((lifetime) => this.#count(lifetime)));
    this.threads.open(LIFETIMES);
    const onOne = this.#shapes.filter(({ releaser }) => releaser === 'same CPU');
    for (const lifetime of LIFETIMES) for (const shape of onOne) await this.run(lifetime, shape, WARMUP_GROUPS);
  }

  run(lifetime: LifetimeName, shape: LifetimeShape, groups: number) {
    const plan = planOf(shape, groups);
    return shape.releaser === 'same CPU' ? this.threads.run(lifetime, plan) : this.threads.runOnTwo(lifetime, plan);
  }

  countsOf(lifetime: LifetimeName, shape: LifetimeShape): AtomicCounts {
    return this.#counts.get(idOf(lifetime, shape))!;
  }

  async #count(lifetime: LifetimeName): Promise<void> {
    const plans = this.#shapes.map((shape) => planOf(shape, 1));
    const counts = await this.threads.count(lifetime, plans);
    for (const [at, shape] of this.#shapes.entries()) this.#counts.set(idOf(lifetime, shape), counts[at]!);
  }
}

function cell(lifetime: LifetimeName, shape: LifetimeShape, shared: Shared): Cell {
  const batch = GROUPS * GROUP;
  const sample = async (): Promise<Sample> => {
    const { acquireNs, releaseNs, pulseNs } = await shared.run(lifetime, shape, GROUPS);
    const { writes, loads } = shared.countsOf(lifetime, shape);
    return {
      value: (acquireNs + releaseNs) / batch,
      durationMs: (acquireNs + releaseNs) / 1e6,
      pulseNs,
      ledger: {
        [WRITES]: writes,
        [LOADS]: loads,
        'own:acquireNs': acquireNs / batch,
        'own:releaseNs': releaseNs / batch,
      },
    };
  };
  const { releaser, operation, fragments } = shape;
  const params: Params = { lifetime, releaser, operation, fragments };
  return { id: idOf(lifetime, shape), params, unit: 'ns', higherIsBetter: false, batch, sample };
}

/** Page references in multiples of another lifetime. */
function ratios(shape: LifetimeShape): RatioSpec[] {
  return LIFETIMES.filter((lifetime) => lifetime !== 'none' && lifetime !== 'page').map((lifetime) => ({
    id: idOf(`page:${lifetime}`, shape),
    of: idOf('page', shape),
    to: idOf(lifetime, shape),
  }));
}

export async function lifetimeCost({ cpus }: BenchSettings): Promise<Scenario> {
  const shapes = shapesOf(cpus.length);
  const shared = new Shared(cpus, shapes);
  return {
    name: NAME,
    question: 'what do the references cost an skb that keep its fragments alive: to pages, or to an owner of all?',
    cells: shapes.flatMap((shape) => LIFETIMES.map((lifetime) => cell(lifetime, shape, shared))),
    ratios: shapes.flatMap(ratios),
    tables: TABLES,
    weight: 0.5,
    open: () => shared.open(),
    close: () => shared.threads.close(),
  };
}
