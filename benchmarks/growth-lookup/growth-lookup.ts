/**
 * What does it cost to find a bounce again, by how the allocator grows and by how many mappings are live? This is the
 * argument that led from a buffer for each mapping to added slot pools, from both sides: the cost of a mapping from map
 * over sync to unmap, and the cost of each address that is not bounced, with the flag of its device set and clear.
 *
 * Mappings are of one page, on one thread, without copies. What ended the earlier design is not measured: in an
 * encrypted guest each of its buffers is shared with the host and taken back, with a hypercall each.
 */

import { pinIfAllowed } from '../../lib/bench/host/pinning.js';
import type { Cell, RatioSpec, Sample, Scenario } from '../../lib/bench/plan/scenario.js';
import { cellId } from '../../lib/bench/plan/scenario.js';
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import { CopyList } from '../../lib/memory/copy-list.js';
import { GROWTHS, type GrowthKind, type GrowthOperation, GrowthRig } from './growth-rig.js';

const NAME = 'growth-lookup';
export const LIVE = [1, 16, 256, 4096] as const;
const MAX_LIVE = LIVE.at(-1)!;

/** The question of a cell, the same for each way to grow. */
export type GrowthShape =
  | { readonly ask: 'mapping'; readonly live: number; readonly order: 'newest' | 'oldest' }
  /** `flag`: set if the device is marked as one that may have bounces. */
  | { readonly ask: 'foreign'; readonly live: number; readonly flag: 'set' | 'clear' };

/** The result for a device without bounces does not depend on the mappings of others, so there is one such shape. */
export function growthShapes(): GrowthShape[] {
  return [
    ...(['newest', 'oldest'] as const).flatMap((order) =>
      LIVE.map((live) => ({ ask: 'mapping', live, order }) as const),
    ),
    ...LIVE.map((live) => ({ ask: 'foreign', live, flag: 'set' }) as const),
    { ask: 'foreign', live: MAX_LIVE, flag: 'clear' },
  ];
}

/** Steps along a list in a sample, at most. */
const STEPS_IN_A_SAMPLE = 2 ** 20;
const MIN_OPERATIONS = 256;
const MAX_OPERATIONS = 16_384;

/** Returns the number of operations in a sample: some milliseconds of them, also if each walks a list to its end. */
export function operationsOf(kind: GrowthKind, shape: GrowthShape): number {
  const walksAll = shape.ask === 'mapping' ? shape.order === 'oldest' : shape.flag === 'set';
  const steps = kind === 'per-mapping-list' && walksAll ? shape.live : 1;
  return Math.min(MAX_OPERATIONS, Math.max(MIN_OPERATIONS, STEPS_IN_A_SAMPLE / steps));
}

const idOf = (kind: string, { ask, ...params }: GrowthShape) => cellId([NAME, ask, kind], params);

/** The device that asks: the owner of the mappings, or one without any if the flag has to be clear. */
const deviceOf = (shape: GrowthShape) => (shape.ask === 'foreign' && shape.flag === 'clear' ? 'bystander' : 'owner');

function operationOf(rig: GrowthRig, shape: GrowthShape): GrowthOperation {
  return shape.ask === 'mapping' ? rig.mapping(shape.order) : rig.foreign(deviceOf(shape));
}

function cell(kind: GrowthKind, shape: GrowthShape, settings: BenchSettings): Cell {
  const batch = operationsOf(kind, shape);
  let rig: GrowthRig | undefined;
  let operation: GrowthOperation | undefined;
  const sample = (): Sample => {
    operation!(batch >> 2); // brings back what other cells have displaced from the caches
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
      pinIfAllowed(settings.cpus[0]!);
      rig = GrowthRig.create(kind, shape.live);
      operation = operationOf(rig, shape);
    },
    sample: async () => sample(),
  };
}

/** Compares each way to grow with none, and the list, which was posted, with the tree. */
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
