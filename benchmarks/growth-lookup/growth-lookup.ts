/**
 * What does it cost to find a bounce again, by how the allocator grows and by how many mappings are live? The argument
 * that led from a buffer for each mapping to added pools, with its two sides: what a mapping costs from map over sync to
 * unmap, and what every address costs that is not bounced at all, with the flag of its device and without.
 *
 * Mappings of one page, on one thread, without copies. What ended the earlier design is not in here: in an encrypted
 * guest, each of its buffers is shared with the host and taken back again, by a hypercall each.
 */
import type { Cell, RatioSpec, Sample, Scenario } from '../../lib/bench/plan/scenario.js';
import { cellId } from '../../lib/bench/plan/scenario.js';
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import { addon } from '../../lib/memory/addon.js';
import { CopyList } from '../../lib/memory/copy-list.js';
import { GROWTHS, type GrowthKind, type GrowthOperation, GrowthRig } from './growth-rig.js';

const NAME = 'growth-lookup';
export const LIVE = [1, 16, 256, 4096] as const;
const MOST_LIVE = LIVE.at(-1)!;

/** What is asked, whatever the way to grow. */
export type GrowthShape =
  | { readonly ask: 'mapping'; readonly live: number; readonly order: 'newest' | 'oldest' }
  /** `flag`: does the device say that it may have bounces? */
  | { readonly ask: 'foreign'; readonly live: number; readonly flag: 'set' | 'clear' };

/** A device without bounces answers the same however many others have, so it is asked once. */
export function growthShapes(): GrowthShape[] {
  return [
    ...(['newest', 'oldest'] as const).flatMap((order) =>
      LIVE.map((live) => ({ ask: 'mapping', live, order }) as const),
    ),
    ...LIVE.map((live) => ({ ask: 'foreign', live, flag: 'set' }) as const),
    { ask: 'foreign', live: MOST_LIVE, flag: 'clear' },
  ];
}

const WALKED_IN_A_SAMPLE = 2 ** 20;
const LEAST_OPERATIONS = 256;
const MOST_OPERATIONS = 16_384;

/** Operations of a sample: some milliseconds of them, also where each walks a list to its end. */
export function operationsOf(kind: GrowthKind, shape: GrowthShape): number {
  const walksAll = shape.ask === 'mapping' ? shape.order === 'oldest' : shape.flag === 'set';
  const steps = kind === 'per-mapping-list' && walksAll ? shape.live : 1;
  return Math.min(MOST_OPERATIONS, Math.max(LEAST_OPERATIONS, WALKED_IN_A_SAMPLE / steps));
}

const idOf = (kind: string, { ask, ...params }: GrowthShape) => cellId([NAME, ask, kind], params);

/** Who asks: the device whose mappings they are, unless its flag is to be clear. */
const deviceOf = (shape: GrowthShape) => (shape.ask === 'foreign' && shape.flag === 'clear' ? 'bystander' : 'owner');

function operationOf(rig: GrowthRig, shape: GrowthShape): GrowthOperation {
  return shape.ask === 'mapping' ? rig.mapping(shape.order) : rig.foreign(deviceOf(shape));
}

function cell(kind: GrowthKind, shape: GrowthShape, settings: BenchSettings): Cell {
  const batch = operationsOf(kind, shape);
  let rig: GrowthRig | undefined;
  let operation: GrowthOperation | undefined;
  const sample = (): Sample => {
    operation!(batch >> 2); // what other cells have put out of the caches comes back
    const list = CopyList.ofThisThread();
    const begin = list.clock();
    const proof = operation!(batch);
    const ns = list.clock() - begin;
    const ledger = { proof, pools: rig!.pools, flagged: Number(rig!.isFlagged(deviceOf(shape))) };
    return { value: ns / batch, durationMs: ns / 1e6, ledger };
  };
  return {
    id: idOf(kind, shape),
    params: { growth: kind, ...shape },
    unit: 'ns',
    higherIsBetter: false,
    batch,
    prepare: async () => {
      addon().pinThread(settings.cpus[0]!);
      rig = GrowthRig.create(kind, shape.live);
      operation = operationOf(rig, shape);
    },
    sample: async () => sample(),
  };
}

/** Each way to grow against none; and the list, which is what was posted, against the tree. */
const RATIOS: readonly (readonly [GrowthKind, GrowthKind])[] = [
  ['pools', 'none'],
  ['per-mapping-list', 'none'],
  ['per-mapping-tree', 'none'],
  ['per-mapping-list', 'per-mapping-tree'],
];

export async function growthLookup(settings: BenchSettings): Promise<Scenario> {
  const shapes = growthShapes();
  return {
    name: NAME,
    question: 'what does it cost to find a bounce again, by how the allocator grows and how many are live?',
    cells: shapes.flatMap((shape) => GROWTHS.map((kind) => cell(kind, shape, settings))),
    ratios: shapes.flatMap((shape) =>
      RATIOS.map(([of, to]): RatioSpec => {
        return { id: idOf(`${of}:${to}`, shape), of: idOf(of, shape), to: idOf(to, shape) };
      }),
    ),
    tables: [{ kind: 'plain' }, { kind: 'ratios' }],
    weight: 0.5,
  };
}
