/** Cells of bare copies: threads that copy at the same time, and one that copies between memory nodes. */
import { type Cell, cellId, type RatioSpec } from '../../lib/bench/plan/scenario.js';
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import { allCopyKernels, type CopyKernelName, copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { copyKernels } from '../shared/compared-copy-kernels.js';
import { type CopyingThreads, PLACES, type Place } from './copying-threads.js';
import type { NodeCopies } from './node-copies.js';
import type { NodePair } from './node-plan.js';
import { NODE_SAMPLE_MS, type Point, type ScalingPlan, sampleTimes } from './scaling-plan.js';

export interface CopyCells {
  readonly cells: readonly Cell[];
  readonly ratios: readonly RatioSpec[];
}

/** What Linux copies with, or the C library where there is none of that, and one whose stores bypass the caches. */
export function scaledKernels(): CopyKernelName[] {
  const supported = allCopyKernels().flatMap(({ supported: is, name }) => (is ? [name as CopyKernelName] : []));
  const all = copyKernels('quick', supported);
  return all.filter((name) => name !== 'libc' || !all.includes('movsb'));
}

const rates = { unit: 'GB/s', higherIsBetter: true, batch: 1 } as const;

/** Cells of each copy kernel and place, and the ratios of each point to one CPU. */
export function copyCells(
  scenario: string,
  { copies, order }: ScalingPlan,
  settings: BenchSettings,
  threads: CopyingThreads,
): CopyCells {
  const { copiesMs } = sampleTimes(settings);
  const lines = scaledKernels().flatMap((kernel) => PLACES.map((place) => ({ kernel, place })));
  const idOf = (kernel: string, place: Place, cpus: number) => cellId([scenario, 'copies', kernel, place], { cpus });
  const pairId = (kernel: string, place: Place) => cellId([scenario, 'siblings', kernel, place], {});
  const pair = order.siblings?.map((cpu) => order.cpus.indexOf(cpu)) ?? null;
  const isPairCompared = pair !== null && copies.some(({ cpus }) => cpus === 2);
  const cellOf = (id: string, params: Cell['params'], indices: readonly number[]): Cell => {
    const [place, kernel] = [params.place as Place, copyKernelIndex(params.kernel as CopyKernelName)];
    return { id, params, ...rates, sample: () => threads.sample(indices, place, kernel, copiesMs) };
  };
  const firstCpus = ({ cpus }: Point) => [...Array(cpus).keys()];
  return {
    cells: lines.flatMap(({ kernel, place }) => [
      ...copies.map((point) =>
        cellOf(idOf(kernel, place, point.cpus), { part: 'copies', kernel, place, ...point }, firstCpus(point)),
      ),
      ...(isPairCompared
        ? [cellOf(pairId(kernel, place), { part: 'siblings', kernel, place, cpus: 2, added: 'siblings only' }, pair)]
        : []),
    ]),
    ratios: lines.flatMap(({ kernel, place }) => [
      ...copies.slice(1).map(({ cpus }) => ({
        id: cellId([scenario, 'copies', kernel, place], { 'to one CPU': cpus }),
        of: idOf(kernel, place, cpus),
        to: idOf(kernel, place, 1),
      })),
      ...(isPairCompared
        ? [
            {
              id: cellId([scenario, 'siblings:cores', kernel, place], {}),
              of: pairId(kernel, place),
              to: idOf(kernel, place, 2),
            },
          ]
        : []),
    ]),
  };
}

/** A cell of each pair of nodes, and its ratio to copies within the node of the CPU. */
export function nodeCells(scenario: string, { nodes, order }: ScalingPlan, copies: NodeCopies): CopyCells {
  const [kernel] = scaledKernels();
  const idOf = (pair: NodePair) => cellId([scenario, 'nodes'], { source: pair.source, destination: pair.destination });
  const index = copyKernelIndex(kernel!);
  const [home, ...others] = nodes.pairs;
  return {
    cells: nodes.pairs.map((pair) => ({
      id: idOf(pair),
      params: { part: 'nodes', kernel: kernel!, cpu: order.cpus[0]!, home: nodes.home!, ...pair },
      ...rates,
      sample: async () => copies.sample(pair, index, NODE_SAMPLE_MS),
    })),
    ratios: others.map((pair) => ({
      id: cellId([scenario, 'nodes', 'to home'], { source: pair.source, destination: pair.destination }),
      of: idOf(pair),
      to: idOf(home!),
    })),
  };
}
