/** Conditions: cells in which everything but the design is equal, so that ratios may compare them; and the headline. */
import type { CellResult, RatioResult, ResultDocument } from '../../bench/result/result.js';
import { count, nanoseconds, REPORT_WIDTH, wrap } from './format.js';
import { type AreaWaits, areaWaits } from './ledger.js';
import { paramOf, shown } from './params.js';
import { cellsShownAs } from './specs.js';

/** The conventional path, which designs are compared with, and the design whose gain is explained. */
export const BASELINE = 'bounce';
export const ALTERNATIVE = 'bounce-pages';

export interface Condition {
  /** The parameters without the design, as a path. */
  readonly key: string;
  readonly params: CellResult['params'];
  /** One cell for each design, in the order of the run. */
  readonly cells: readonly CellResult[];
}

function keyOf(cell: CellResult): string {
  const { design: _design, ...rest } = cell.params;
  return Object.entries(rest)
    .map(([name, value]) => `${name}=${value}`)
    .join('/');
}

/** False for cells that only calibrate a model. */
const isOfDesign = ({ params }: CellResult) => params.design !== undefined;

/**
 * Cells of the transmit designs, grouped by all parameters but the design; in the order of the run. Those of the prices
 * of designs only if there are no others.
 */
export function conditions(result: ResultDocument): Condition[] {
  const groups = new Map<string, CellResult[]>();
  const measured = cellsShownAs(result, 'designs', 'sweep').filter(isOfDesign);
  for (const cell of measured.length > 0 ? measured : cellsShownAs(result, 'prices')) {
    const key = keyOf(cell);
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups].map(([key, cells]) => {
    const { design: _design, ...params } = cells[0]!.params;
    return { key, params, cells };
  });
}

export function designOf(cell: CellResult): string {
  return String(cell.params.design);
}

export function cellOf(condition: Condition, design: string): CellResult | undefined {
  return condition.cells.find((cell) => designOf(cell) === design);
}

/** Returns the measured ratio of a cell to the conventional path under the same condition, or null. */
export function ratioToBaseline(result: ResultDocument, condition: Condition, cell: CellResult): RatioResult | null {
  const baseline = cellOf(condition, BASELINE);
  return result.ratios.find(({ of, to }) => of === cell.id && to === baseline?.id) ?? null;
}

/**
 * The condition that a verdict speaks of: that with the most designs, then with the usual values of the table of
 * options, or the nearest to them, then with the most senders on the fewest queues.
 */
export function headline<Of extends { readonly params: Condition['params']; readonly cells: readonly unknown[] }>(
  all: readonly Of[],
): Of | null {
  const usual = (name: string) => Number(paramOf(name)?.usual);
  const distance = (name: string, value: unknown) =>
    typeof value === 'number' && value > 0 ? Math.abs(Math.log2(value / usual(name))) : 0;
  const unusual = (name: string, value: unknown) => Number(value !== undefined && value !== paramOf(name)?.usual);
  const rank = ({ params, cells }: Of) => [
    -cells.length,
    unusual('growth', params.growth),
    unusual('flavour', params.flavour),
    unusual('freeDispatch', params.freeDispatch),
    distance('message', params.message),
    distance('window', params.window),
    distance('pool', params.pool),
    usual('percent') - Number(params.percent ?? usual('percent')),
    Number(params.ackDelayNs ?? 0),
    -Number(params.senders ?? 0),
    Number(params.queues ?? 0),
  ];
  const better = (a: number[], b: number[]) => a.map((value, at) => value - b[at]!).find((d) => d !== 0) ?? 0;
  return [...all].sort((a, b) => better(rank(a), rank(b)))[0] ?? null;
}

/**
 * Says how often and how long each design waited for locks of the slot pool, in the cell in which it waited longest.
 */
export function lockWaitLines(cells: readonly CellResult[]): string[] {
  const longest = new Map<string, AreaWaits>();
  for (const cell of cells.filter(isOfDesign)) {
    const here = areaWaits(cell.ledger);
    if (here.waits > 0 && here.waitNs >= (longest.get(designOf(cell))?.waitNs ?? 0)) longest.set(designOf(cell), here);
  }
  const said = [...longest].map(
    ([design, { waits, waitNs }]) => `${design} ${count(waits, 'time')}, ${nanoseconds(waitNs)}`,
  );
  const text = `longest waits for slot-pool locks in one sample: ${said.join('; ')}`;
  return said.length === 0 ? [] : wrap(text, REPORT_WIDTH, '  ');
}

/** `2 senders, 1 queue, 64 KiB messages, 4 MiB in flight each`; unknown parameters as `name value`. */
export function describe(params: CellResult['params']): string {
  return Object.entries(params)
    .map(([name, value]) => paramOf(name)?.label(shown(name, value)) ?? `${name} ${value}`)
    .join(', ');
}
