/** Cells of the scenario `copy-surface`: their rates, and `auto` beside the best copy kernel. Pure. */
import type { CellResult } from '../../bench/result/result.js';
import { hasInterval } from '../../bench/statistics/statistics.js';

export const sizeOf = ({ params }: CellResult): number => Number(params.size);
export const kernelOf = ({ params }: CellResult): string => String(params.kernel);

/** Different values in the order in which they come. */
export function different<Value>(cells: readonly CellResult[], value: (cell: CellResult) => Value): Value[] {
  return [...new Set(cells.map(value))];
}

export function partOf(cells: readonly CellResult[], part: string): CellResult[] {
  return cells.filter(({ params }) => params.part === part);
}

export const ascendingSizes = (cells: readonly CellResult[]): number[] =>
  different(cells, sizeOf).sort((a, b) => a - b);

/** Bytes copied per nanosecond, which is GB/s. */
export const copiedOf = (cell: CellResult): number => sizeOf(cell) / cell.summary.median;

/** Bytes moved per nanosecond, as the scenario assumes; null in a result without them. */
export function movedOf({ ledger }: CellResult): number | null {
  return ledger['own:movedGigabytesPerSecond'] ?? null;
}

/** States of both sides, for the cells that have them. */
export const statesOf = ({ params }: CellResult): string => `${params.from} to ${params.to}`;

/** What `auto` may take in times of the best copy kernel. */
export const AUTO_LIMIT = 1.02;

/** `auto` at a size beside the copy kernel that did best there. */
export interface AutoAtSize {
  readonly size: number;
  /** What `auto` has chosen, index of `COPY_KERNEL_NAMES` each: the most frequent ones first; empty: not told. */
  readonly chosen: readonly { readonly kernel: number; readonly rounds: number }[];
  /** Of the copy kernel in times of which `auto` takes most. */
  readonly best: CellResult;
  /**
   * Whether it is within the limit: beside every copy kernel the whole interval is; beside one of them none of it is;
   * or neither, for any of them may be the best one. A single sample has no interval.
   */
  readonly holds: 'yes' | 'no' | 'undecided';
}

function holds(cells: readonly CellResult[]): AutoAtSize['holds'] {
  const known = cells.filter(({ summary }) => hasInterval(summary));
  if (known.some(({ summary }) => summary.low > AUTO_LIMIT)) return 'no';
  const isWithin = known.length === cells.length && known.every(({ summary }) => summary.high <= AUTO_LIMIT);
  return isWithin ? 'yes' : 'undecided';
}

/** In older results a process chose once: of them there is one number. */
function chosenOf(cell: CellResult): AutoAtSize['chosen'] {
  const told = cell.ledgerSamples?.['own:chosen'] ?? [cell.ledger['own:chosen'] ?? null];
  const rounds = new Map<number, number>();
  for (const kernel of told) if (kernel !== null) rounds.set(kernel, (rounds.get(kernel) ?? 0) + 1);
  return [...rounds].map(([kernel, times]) => ({ kernel, rounds: times })).sort((a, b) => b.rounds - a.rounds);
}

/** By size, ascending. The one that is shown as the best is so by its median. */
export function autoBySize(cells: readonly CellResult[]): AutoAtSize[] {
  const all = partOf(cells, 'auto');
  return ascendingSizes(all).map((size) => {
    const here = all.filter((cell) => sizeOf(cell) === size);
    const best = here.reduce((first, cell) => (cell.summary.median > first.summary.median ? cell : first));
    return { size, chosen: chosenOf(best), best, holds: holds(here) };
  });
}
