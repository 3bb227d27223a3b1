/**
 * The shapes of the cells of the transmit designs: all but the design, and the ids and parameters that follow from it.
 */

import { BENCH_OPTIONS, type OptionKey, type OptionSettings } from '../../lib/bench/plan/bench-option-table.js';
import type { CellParam, OptionRow } from '../../lib/bench/plan/option-row.js';
import { cellId, type Params } from '../../lib/bench/plan/scenario.js';
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import type { DesignName } from '../../lib/designs/designs.js';
import { MAX_CPUS } from '../../lib/machine/build/choices.js';
import { type MachineConfig, machineConfig } from '../../lib/machine/build/config.js';
import { MAX_SKB_BYTES } from '../../lib/model-limits.js';
import { MIB, nextPowerOfTwo } from '../../lib/units.js';
import { copyKernelFor } from './copy-kernel.js';

const USER_BYTES = 2 * MIB;

type Rows = typeof BENCH_OPTIONS;
/** Rows of lists that cells differ in. */
type AxisKey = {
  [Key in OptionKey]: Rows[Key] extends { readonly cell: { readonly inSweep: string } } ? Key : never;
}[OptionKey];
type NameOf<Key extends AxisKey> = Rows[Key]['cell']['name'];

/** The value that a cell has of each list that cells differ in, by the name of its parameter. */
export type Shape = { readonly [Key in AxisKey as NameOf<Key>]: OptionSettings[Key][number] };

/** A list that cells differ in: its setting, and how cells name a value of it. */
interface Axis {
  readonly key: AxisKey;
  readonly cell: CellParam<string | number>;
}

/** In the order of ids and parameters. */
export const AXES: readonly Axis[] = (Object.entries(BENCH_OPTIONS) as [OptionKey, OptionRow][]).flatMap(
  ([key, { cell }]): Axis[] => (cell?.inSweep === undefined ? [] : [{ key: key as AxisKey, cell }]),
);

/**
 * Lists in the order of cells, the slowest to vary first: options of a design, then senders, queues, messages, windows.
 */
const SLOWEST_FIRST = AXES.toSorted((a, b) => Number(a.cell.inId === 'always') - Number(b.cell.inId === 'always'));

/** Returns every combination of all lists, except those with more queues than senders. */
export function shapes(settings: BenchSettings): Shape[] {
  let all: Record<string, string | number>[] = [{}];
  for (const { key, cell } of SLOWEST_FIRST) {
    all = all.flatMap((shape) => settings[key].map((value) => ({ ...shape, [cell.name]: value })));
  }
  return (all as unknown as Shape[]).filter(({ queues, senders }) => queues <= senders);
}

/** Returns the usual value of a list alone, or the first one if the usual one is not in it. */
export function usualOrFirst<Value>(list: readonly Value[], usual: unknown): Value[] {
  return [list.find((value) => value === usual) ?? list[0]!];
}

/**
 * Returns the shape that a verdict speaks of: the largest number of senders on the fewest queues, and of all other
 * lists the usual value. Undefined if there are more queues than senders.
 */
export function headlineShape(settings: BenchSettings): Shape | undefined {
  const usual = AXES.map(({ key, cell }) => [key, usualOrFirst<string | number>(settings[key], cell.usual)]);
  const { senders, queues } = settings;
  const counts = { senders: [Math.max(...senders)], queues: [Math.min(...queues)] };
  return shapes({ ...settings, ...(Object.fromEntries(usual) as Partial<BenchSettings>), ...counts })[0];
}

function named(shape: Shape, isNamed: (axis: Axis) => boolean): Params {
  const values: Params = shape;
  return Object.fromEntries(AXES.filter(isNamed).map(({ cell: { name } }) => [name, values[name]!]));
}

/** Returns the id, without usual values of options that were added later, so that ids still join older results. */
export function idOf(scenario: string, design: string, shape: Shape): string {
  const values: Params = shape;
  const inId = ({ cell }: Axis) => cell.inId === 'always' || values[cell.name] !== cell.usual;
  return cellId([scenario, design], named(shape, inId));
}

/** Returns the parameters of a cell: all cells of a run have the same names, those that the run asked for. */
export function paramsOf(shape: Shape, settings: BenchSettings): Params {
  return named(
    shape,
    ({ key, cell }) =>
      cell.inId === 'always' || (!cell.isAlwaysParam && settings[key].some((value) => value !== cell.usual)),
  );
}

export function configOf(design: DesignName, shape: Shape, settings: BenchSettings): MachineConfig {
  const { cpus, device } = settings;
  const { senders, queues, message, freeDispatch } = shape;
  return machineConfig({
    design,
    flavour: shape.flavour,
    freeDispatch: freeDispatch === 'design' ? null : freeDispatch,
    cpus: {
      count: Math.min(cpus.length, senders + queues, MAX_CPUS),
      copyKernel: copyKernelFor(settings, Math.min(message, MAX_SKB_BYTES)),
    },
    sockets: {
      senders,
      messageBytes: message,
      sendBufferBytes: shape.window,
      userBufferBytes: Math.max(USER_BYTES, nextPowerOfTwo(message)),
    },
    network: { ackDelayNs: shape.ackDelayNs },
    slotPool: { bytes: shape.pool, growth: shape.growth, pagePercent: shape.percent },
    devices: { queues, completion: device },
  });
}
