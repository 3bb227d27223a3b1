/** Cells of one condition: everything equal but the design. What a ratio may compare, and which one is the headline. */
import { USUAL_MESSAGE_BYTES, USUAL_PERCENT, USUAL_POOL_BYTES, USUAL_WINDOW_BYTES } from '../../bench/plan/usual.js';
import type { CellResult, RatioResult, ResultDocument } from '../../bench/result/result.js';
import { bytes, count, nanoseconds } from './format.js';

/** The conventional path, which designs are compared with, and the design whose gain is explained. */
export const BASELINE = 'bounce';
export const ALTERNATIVE = 'bounce-pages';
const HEADLINE = {
  message: USUAL_MESSAGE_BYTES,
  window: USUAL_WINDOW_BYTES,
  pool: USUAL_POOL_BYTES,
  percent: USUAL_PERCENT,
};

export interface Condition {
  /** Parameters without the design, as a path. */
  readonly key: string;
  readonly params: CellResult['params'];
  /** One cell per design, in the order of the run. */
  readonly cells: readonly CellResult[];
}

function keyOf(cell: CellResult): string {
  const { design: _design, ...rest } = cell.params;
  return Object.entries(rest)
    .map(([name, value]) => `${name}=${value}`)
    .join('/');
}

/** Cells that have a design, grouped; in the order of the run. */
export function conditions(result: ResultDocument): Condition[] {
  const groups = new Map<string, CellResult[]>();
  for (const cell of result.results.filter(({ params }) => typeof params.design === 'string')) {
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

/** The measured ratio of a cell to the conventional path under the same condition. */
export function ratioToBaseline(result: ResultDocument, condition: Condition, cell: CellResult): RatioResult | null {
  const baseline = cellOf(condition, BASELINE);
  return result.ratios.find(({ of, to }) => of === cell.id && to === baseline?.id) ?? null;
}

/**
 * The condition that a verdict speaks of: the most designs, then 64 KiB messages with 4 MiB in flight, a pool of 64 MiB of
 * which pages may take 90 %, and acknowledgements at once, or what comes nearest; then the most senders on the fewest
 * queues.
 */
export function headline(all: readonly Condition[]): Condition | null {
  const distance = (value: unknown, wanted: number) =>
    typeof value === 'number' && value > 0 ? Math.abs(Math.log2(value / wanted)) : 0;
  const rank = ({ params, cells }: Condition) => [
    -cells.length,
    distance(params.message, HEADLINE.message),
    distance(params.window, HEADLINE.window),
    distance(params.pool, HEADLINE.pool),
    HEADLINE.percent - Number(params.percent ?? HEADLINE.percent),
    Number(params.ackDelayNs ?? 0),
    -Number(params.senders ?? 0),
    Number(params.queues ?? 0),
  ];
  const better = (a: number[], b: number[]) => a.map((value, at) => value - b[at]!).find((d) => d !== 0) ?? 0;
  return [...all].sort((a, b) => better(rank(a), rank(b)))[0] ?? null;
}

const WORDS: Readonly<Record<string, (value: string | number | boolean) => string>> = {
  senders: (value) => count(Number(value), 'sender'),
  queues: (value) => count(Number(value), 'queue'),
  message: (value) => `${bytes(Number(value))} messages`,
  window: (value) => `${bytes(Number(value))} in flight each`,
  pool: (value) => `${bytes(Number(value))} pool`,
  percent: (value) => `pages from at most ${value} % of it`,
  ackDelayNs: (value) => (value === 0 ? 'acknowledged at once' : `acknowledged after ${nanoseconds(Number(value))}`),
  kernel: (value) => `${value} copies`,
  cpus: (value) => count(Number(value), 'CPU'),
};

/** `2 senders, 1 queue, 64 KiB messages, 4 MiB in flight each`; unknown parameters as `name value`. */
export function describe(params: CellResult['params']): string {
  return Object.entries(params)
    .map(([name, value]) => WORDS[name]?.(value) ?? `${name} ${value}`)
    .join(', ');
}
