/**
 * What does it cost to find slots and release them, beside the same algorithm in C++ with the bookkeeping of Linux? By
 * size of the request, by how much of the slot pool is occupied and in which pattern, by number of threads, and by
 * whether threads share an area.
 *
 * The value of a cell is the time that each thread needs for one allocation with its release. Where each thread has its
 * own area, a ratio says how much of a lone thread's throughput each of them reaches: 1 means that n threads do n times
 * the work. Samples of the two allocators are taken in the same rounds, their slot pools are occupied alike, and on one
 * thread they must make the same decisions, or the ratio would compare different work. Without a C++ compiler only the
 * model is measured, and a warning says so.
 */

import type { Cell, RatioSpec, Sample, Scenario } from '../../lib/bench/plan/scenario.js';
import { cellId } from '../../lib/bench/plan/scenario.js';
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import type { Warning } from '../../lib/bench/plan/warning.js';
import { CopytaxError } from '../../lib/errors.js';
import { seedFor } from '../../lib/random.js';
import { SLOT_SIZE } from '../../lib/units.js';
import { nativeProgram } from '../shared/native-program.js';
import { poolConfig, SlotLoop, type SlotPlan } from './slot-loop.js';
import { SlotProgram } from './slot-program.js';
import { pairsOf, poolOf, type SlotShape, slotShapes } from './slot-shapes.js';
import { type SlotRun, SlotThreads } from './slot-threads.js';

const NAME = 'slot-pool';
const ALLOCATORS = ['typescript', 'c++'] as const;
type Allocator = (typeof ALLOCATORS)[number];

const idOf = (allocator: string, shape: SlotShape) => cellId([NAME, allocator], { ...shape });

/** The threads and the process that all cells share. */
class Contestants {
  readonly #cpus: readonly number[];
  readonly #path: string | null;
  #threads: SlotThreads | undefined;
  #program: SlotProgram | undefined;

  /** `path`: the program in C++, or null when there is none. */
  constructor(cpus: readonly number[], path: string | null) {
    this.#cpus = cpus;
    this.#path = path;
  }

  open(): void {
    this.#threads = new SlotThreads(this.#cpus);
    if (this.#path !== null) this.#program = new SlotProgram(this.#path, this.#cpus);
  }

  async close(): Promise<void> {
    await Promise.all([this.#threads?.close(), this.#program?.close()]);
  }

  get threads(): SlotThreads {
    return this.#threads!;
  }

  get program(): SlotProgram {
    return this.#program!;
  }
}

/** Compares the decisions of the two allocators, sample by sample. */
class Agreement {
  readonly #proofs: Record<Allocator, number[]> = { typescript: [], 'c++': [] };

  add(allocator: Allocator, proof: number, { threads }: SlotShape): void {
    const at = this.#proofs[allocator].push(proof) - 1;
    const other = this.#proofs[allocator === 'c++' ? 'typescript' : 'c++'][at];
    if (threads > 1 || other === undefined || other === proof) return;
    throw new CopytaxError('ERR_UNBALANCED', `${NAME}: the two allocators made different decisions in sample ${at}`);
  }
}

/** What the cells of a shape have in common. */
interface Shared {
  readonly settings: BenchSettings;
  readonly contestants: Contestants;
  readonly agreement: Agreement;
  readonly warnings: readonly Warning[];
}

function planOf(shape: SlotShape, { pools }: BenchSettings): SlotPlan {
  const { threads, slots } = shape;
  return { threads, pool: poolConfig(poolOf(shape, pools[0]!)), bytes: slots * SLOT_SIZE, ...pairsOf(shape) };
}

function cell(allocator: Allocator, shape: SlotShape, shared: Shared): Cell {
  const { settings, contestants, agreement, warnings } = shared;
  const plan = planOf(shape, settings);
  const id = idOf(allocator, shape);
  // The seed does not depend on the allocator: both slot pools get the same holes.
  const seed = Math.max(1, seedFor(settings.seed, idOf('', shape)));
  let run: () => Promise<SlotRun>;
  return {
    id,
    params: { allocator, ...shape, pool: plan.pool.slots * SLOT_SIZE },
    unit: 'ns',
    higherIsBetter: false,
    batch: plan.count,
    prepare: async () => {
      if (allocator === 'typescript') {
        const request = { name: id, buffer: SlotLoop.create(plan, shape, seed), plan };
        run = () => contestants.threads.run(request);
      } else {
        await contestants.program.open(id, plan, shape, seed);
        run = () => contestants.program.run(id, plan);
      }
    },
    sample: async (): Promise<Sample> => {
      const { ns, proof, pulseNs } = await run();
      agreement.add(allocator, proof, shape);
      const value = ns / plan.count;
      return {
        value,
        durationMs: ns / 1e6,
        warnings,
        pulseNs,
        ledger: { millionPairsPerSecond: (shape.threads * 1e3) / value },
      };
    },
  };
}

/** For every sample, where the C++ beside the model could not be built. */
export function noCompiler(error: unknown): Warning {
  return {
    code: 'NO_COMPILER',
    seen: (error as CopytaxError).message.split('\n')[0]!,
    why: 'the slot allocator has nothing to be compared with here',
    remedy: 'install a C++ compiler, or name one in CXX',
  };
}

export async function slotPool(settings: BenchSettings): Promise<Scenario> {
  const shapes = slotShapes(settings.effort, settings.cpus.length);
  const warnings: Warning[] = [];
  let path: string | null = null;
  try {
    path = nativeProgram('slot_pool');
  } catch (error) {
    warnings.push(noCompiler(error));
  }
  const allocators = path === null ? ALLOCATORS.slice(0, 1) : ALLOCATORS;
  const contestants = new Contestants(settings.cpus, path);
  return {
    name: NAME,
    question: 'what do finding and releasing slots cost, beside C++ with the bookkeeping of Linux?',
    cells: shapes.flatMap((shape) => {
      const shared = { settings, contestants, agreement: new Agreement(), warnings };
      return allocators.map((allocator) => cell(allocator, shape, shared));
    }),
    ratios: [
      ...(path === null ? [] : shapes.map(comparison)),
      ...allocators.flatMap((allocator) => scalings(allocator, shapes)),
    ],
    tables: [path === null ? { kind: 'plain' } : { kind: 'pairs', by: 'allocator' }, { kind: 'ratios' }],
    weight: 1,
    open: async () => contestants.open(),
    close: () => contestants.close(),
  };
}

function comparison(shape: SlotShape): RatioSpec {
  return { id: idOf('typescript:c++', shape), of: idOf('typescript', shape), to: idOf('c++', shape) };
}

/**
 * Compares the time of a lone thread with that of each of several with own areas: throughput is the inverse of time.
 */
function scalings(allocator: Allocator, shapes: readonly SlotShape[]): RatioSpec[] {
  return shapes.flatMap((shape) => {
    const alone = shapes.find((other) => isSameAlone(shape, other));
    if (alone === undefined) return [];
    const { threads, areas: _, ...rest } = shape;
    const id = cellId([NAME, `1:${threads}-threads`, allocator], rest);
    return [{ id, of: idOf(allocator, alone), to: idOf(allocator, shape) }];
  });
}

/** True if `other` is the same as `shape`, but on one thread. */
function isSameAlone(shape: SlotShape, other: SlotShape): boolean {
  return idOf('', { ...shape, threads: 1, areas: 'shared' }) === idOf('', other) && shape.areas === 'own';
}
