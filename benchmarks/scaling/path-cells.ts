/** Cells of the transmit path: a sender on each of the first CPUs, on queues and areas that they share or have. */
import { type Cell, cellId, type RatioSpec } from '../../lib/bench/plan/scenario.js';
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import type { MachineConfig } from '../../lib/machine/build/config.js';
import { areasOf } from '../../lib/machine/build/sizing.js';
import type { TxTrial } from '../../lib/machine/run/tx-trial.js';
import { SharedMachine } from '../shared/shared-machine.js';
import { knownOf, ledgerOf, rateOf } from '../shared/trial-ledger.js';
import {
  DESIGNS,
  type PathPoint,
  pathConfig,
  type ScaledDesign,
  type ScalingPlan,
  sampleTimes,
} from './scaling-plan.js';

/** Cells, ratios of them, and the machines that their samples run on. */
export interface PathCells {
  readonly cells: readonly Cell[];
  readonly ratios: readonly RatioSpec[];
  readonly machines: readonly SharedMachine[];
}

const idOf = (scenario: string, design: ScaledDesign, { cpus, sharing }: Pick<PathPoint, 'cpus' | 'sharing'>) =>
  cellId([scenario, 'path', design, sharing], { cpus });

/** Share of the time of all CPUs, without idle time, in which they waited for locks; none where they did nothing. */
function lockShare({ time, cpuNs }: TxTrial) {
  const busyNs = cpuNs - time.idle;
  return busyNs > 0 ? { 'own:lockShare': time.lockWait / busyNs } : {};
}

function cellOf(id: string, params: Cell['params'], config: MachineConfig, ms: number, machine: SharedMachine): Cell {
  return {
    id,
    params,
    unit: 'Gbit/s',
    higherIsBetter: true,
    batch: 1,
    sample: (signal) =>
      machine.sample(config, ms, signal, (trial) => ({
        value: rateOf(trial),
        ledger: { ...ledgerOf(trial), ...knownOf(config), ...lockShare(trial) },
      })),
  };
}

/** What comes of the second CPU's being a sibling of the first: the same machines, on that pair. */
function siblingCells(scenario: string, pair: readonly number[], settings: BenchSettings): PathCells {
  const point = { cpus: 2, sharing: 'own' } as const;
  const configs = DESIGNS.map((design) => pathConfig(design, point, settings));
  const machine = new SharedMachine(configs, pair);
  const { pathMs } = sampleTimes(settings);
  const id = (design: ScaledDesign) => cellId([scenario, 'siblings', design], {});
  return {
    cells: DESIGNS.map((design, at) => {
      const config = configs[at]!;
      const { bytes: pool } = config.slotPool;
      const params = { ...point, queues: config.devices.queues, areas: areasOf(config), pool, added: 'siblings only' };
      return cellOf(id(design), { part: 'siblings', design, ...params }, config, pathMs, machine);
    }),
    ratios: DESIGNS.map((design) => ({
      id: cellId([scenario, 'siblings:cores', design], {}),
      of: id(design),
      to: idOf(scenario, design, point),
    })),
    machines: [machine],
  };
}

/** Each point to one CPU; with all CPUs, what is their own to what they share; and siblings to cores. */
export function pathCells(scenario: string, { path, order }: ScalingPlan, settings: BenchSettings): PathCells {
  const all = DESIGNS.flatMap((design) => path.map((point) => ({ design, point })));
  const configOf = ({ design, point }: (typeof all)[number]) => pathConfig(design, point, settings);
  const machine = new SharedMachine(all.map(configOf), order.cpus);
  const { pathMs } = sampleTimes(settings);
  const cells = all.map(({ design, point }) =>
    cellOf(
      idOf(scenario, design, point),
      { part: 'path', design, ...point },
      configOf({ design, point }),
      pathMs,
      machine,
    ),
  );
  const most = Math.max(...path.map(({ cpus }) => cpus));
  const ratios = all.flatMap(({ design, point }): RatioSpec[] => {
    if (point.sharing === 'one') return [];
    const of = idOf(scenario, design, point);
    const { cpus, sharing } = point;
    const one = { cpus: 1, sharing: 'one' } as const;
    const toOne = {
      id: cellId([scenario, 'path', design, sharing], { 'to one CPU': cpus }),
      of,
      to: idOf(scenario, design, one),
    };
    if (sharing !== 'own' || cpus !== most) return [toOne];
    const shared = idOf(scenario, design, { cpus, sharing: 'shared' });
    return [toOne, { id: cellId([scenario, 'path', design, 'own:shared'], { cpus }), of, to: shared }];
  });
  const hasTwo = path.some(({ cpus }) => cpus === 2);
  const pair = order.siblings === null || !hasTwo ? null : siblingCells(scenario, order.siblings, settings);
  return {
    cells: [...cells, ...(pair?.cells ?? [])],
    ratios: [...ratios, ...(pair?.ratios ?? [])],
    machines: [machine, ...(pair?.machines ?? [])],
  };
}
