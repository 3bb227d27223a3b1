/**
 * What does it cost to free a page, by what asks for its type? In the posted patch the page allocator asks, in every
 * free of the system; in what the mailing list wants instead the last put asks, and leaves typed pages to their owners.
 * The cells are last puts of pages with and without a type, in the same seeded order for both, on one thread and
 * without contention.
 *
 * The cost of freeing a typed page is mostly that of releasing its slots. Ratios at 0 percent are the cost to a system
 * without any page from the slot pool.
 */

import { pinIfAllowed } from '../../lib/bench/host/pinning.js';
import type { Cell, RatioSpec, Sample, Scenario } from '../../lib/bench/plan/scenario.js';
import { cellId } from '../../lib/bench/plan/scenario.js';
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import { FREE_DISPATCHES, type FreeDispatchName } from '../../lib/designs/design.js';
import { random, seedFor, shuffled } from '../../lib/random.js';
import { FreeLoops, GROUP } from './free-loops.js';

const NAME = 'free-dispatch';
const BATCH = 128 * GROUP;
/** Percent of the frees that are of typed pages. */
export const TYPED_PERCENTS = [0, 1, 50] as const;
export const ORDERS = [0, 3] as const;

interface FreeShape {
  readonly order: number;
  readonly typed: number;
}

const SHAPES: readonly FreeShape[] = ORDERS.flatMap((order) => TYPED_PERCENTS.map((typed) => ({ order, typed })));

const idOf = (dispatch: string, shape: FreeShape) => cellId([NAME, dispatch], { ...shape });

/** Returns 1 for each free of a typed page: exactly `percent` of all, in an order that only the seed decides. */
export function typedFrees(percent: number, seed: number): Uint8Array {
  const typed = Array.from({ length: BATCH }, (_, at) => (at < Math.round((BATCH * percent) / 100) ? 1 : 0));
  return Uint8Array.from(shuffled(typed, random(seedFor(seed, `${NAME}/typed=${percent}`))));
}

function cell(dispatch: FreeDispatchName, shape: FreeShape, loops: () => FreeLoops, seed: number): Cell {
  const typed = typedFrees(shape.typed, seed);
  const sample = (): Sample => {
    const ns = loops().run(dispatch, shape.order, typed);
    return { value: ns / BATCH, durationMs: ns / 1e6, ledger: { lost: loops().lost } };
  };
  return {
    id: idOf(dispatch, shape),
    params: { dispatch, ...shape },
    unit: 'ns',
    higherIsBetter: false,
    batch: BATCH,
    sample: async () => sample(),
  };
}

export async function freeDispatch(settings: BenchSettings): Promise<Scenario> {
  let loops: FreeLoops | undefined;
  return {
    name: NAME,
    question: 'what does freeing a page cost, by what asks for its type and how many pages have one?',
    cells: SHAPES.flatMap((shape) =>
      FREE_DISPATCHES.map((dispatch) => cell(dispatch, shape, () => loops!, settings.seed)),
    ),
    ratios: SHAPES.map((shape): RatioSpec => {
      const [hook, folio] = [idOf('allocator-hook', shape), idOf('typed-folio', shape)];
      return { id: idOf('typed-folio:allocator-hook', shape), of: folio, to: hook };
    }),
    tables: [{ kind: 'pairs', by: 'dispatch' }, { kind: 'ratios' }],
    weight: 0.5,
    open: async () => {
      pinIfAllowed(settings.cpus[0]!);
      loops = new FreeLoops(settings.pools[0]!);
    },
  };
}
