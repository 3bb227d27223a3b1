/** Tables of copies by size, states, alignment and pages, and of `auto`; and what they say in sentences. */
import type { CellResult, ResultDocument } from '../../bench/result/result.js';
import { hasInterval } from '../../bench/statistics/statistics.js';
import { COPY_KERNEL_NAMES } from '../../memory/copy-kernels.js';
import { bytes, percent, significant } from '../tables/format.js';
import { table } from '../tables/table.js';
import {
  type AutoAtSize,
  ascendingSizes,
  autoBySize,
  copiedOf,
  different,
  kernelOf,
  movedOf,
  partOf,
  sizeOf,
  statesOf,
} from './surface-lines.js';

/** Bytes copied and bytes moved, GB/s. */
function rates(cell: CellResult | undefined): string {
  if (cell === undefined) return '-';
  const moved = movedOf(cell);
  return `${significant(copiedOf(cell))} / ${moved === null ? '-' : significant(moved)}`;
}

/** Rows by one word of the cells, columns by another, within cells that are alike otherwise. */
function grid(
  head: string,
  cells: readonly CellResult[],
  down: (cell: CellResult) => string,
  across: (cell: CellResult) => string,
  text = rates,
): string {
  const columns = different(cells, across);
  const rows = different(cells, down).map((row) => [
    row,
    ...columns.map((column) => text(cells.find((cell) => down(cell) === row && across(cell) === column))),
  ]);
  return table([head, ...columns], rows, 1);
}

const sizeText = (cell: CellResult) => bytes(sizeOf(cell));
const bySize = (cells: readonly CellResult[]) => cells.toSorted((a, b) => sizeOf(a) - sizeOf(b));

function sizeTables(cells: readonly CellResult[]): string[] {
  const all = partOf(cells, 'sizes');
  return different(all, statesOf).map((states) => {
    const here = all.filter((cell) => statesOf(cell) === states);
    return grid(`${states}, GB/s`, bySize(here), sizeText, kernelOf);
  });
}

function stateTables(cells: readonly CellResult[]): string[] {
  const all = partOf(cells, 'states');
  return ascendingSizes(all).flatMap((size) =>
    different(all, kernelOf).map((kernel) => {
      const here = all.filter((cell) => sizeOf(cell) === size && kernelOf(cell) === kernel);
      const head = `${kernel}, ${bytes(size)}`;
      return grid(
        head,
        here,
        ({ params }) => `from ${params.from}`,
        ({ params }) => String(params.to),
      );
    }),
  );
}

function alignmentTable(cells: readonly CellResult[], result: ResultDocument): string | null {
  const all = partOf(cells, 'alignment').filter(({ params }) => params.offset !== 'random');
  if (all.length === 0) return null;
  const text = (cell: CellResult | undefined) => {
    const found = result.ratios.find(({ of }) => of === cell?.id);
    return found === undefined ? '-' : `${found.significant ? '' : '~ '}${found.median.toFixed(2)}`;
  };
  const down = (cell: CellResult) => `${bytes(sizeOf(cell))} ${kernelOf(cell)}`;
  return grid('times random', all, down, ({ params }) => String(params.offset), text);
}

function pageTable(cells: readonly CellResult[]): string | null {
  const all = partOf(cells, 'pages');
  if (all.length === 0) return null;
  const down = (cell: CellResult) => `${bytes(sizeOf(cell))} ${kernelOf(cell)}`;
  return grid('GB/s by page size', all, down, ({ params }) => String(params.pages));
}

/** The one that was chosen most often, and in what part of the rounds where it was not in all. */
function chosenText(chosen: AutoAtSize['chosen']): string {
  const [most] = chosen;
  if (most === undefined) return '-';
  const all = chosen.reduce((sum, { rounds }) => sum + rounds, 0);
  const name = COPY_KERNEL_NAMES[most.kernel] ?? '-';
  return most.rounds === all ? name : `${name} ${percent(most.rounds / all)}`;
}

function autoTable(cells: readonly CellResult[]): string | null {
  const rows = autoBySize(cells).map(({ size, chosen, best, holds }) => {
    const { median, low, high } = best.summary;
    const ends = hasInterval(best.summary) ? ` [${low.toFixed(3)}, ${high.toFixed(3)}]` : '';
    return [bytes(size), chosenText(chosen), kernelOf(best), `${median.toFixed(3)}${ends}`, holds];
  });
  return rows.length === 0 ? null : table(['auto at', 'chose', 'best', 'auto:best', 'within 2 %'], rows, 3);
}

/** Returns tables of rates by size, by states and by pages, of times by alignment, and of `auto`. */
export function surfaceTables(cells: readonly CellResult[], result: ResultDocument): (string | null)[] {
  return [
    ...sizeTables(cells),
    ...stateTables(cells),
    alignmentTable(cells, result),
    pageTable(cells),
    autoTable(cells),
  ];
}

/** What rates in tables without intervals are worth: how far half, and nine tenths, of the intervals reach. */
function widthSentence(cells: readonly CellResult[]): string[] {
  const widths = cells
    .filter(({ params, summary }) => params.part !== 'auto' && hasInterval(summary))
    .map(({ summary: { median, low, high } }) => Math.max(high - median, median - low) / median)
    .sort((a, b) => a - b);
  if (widths.length === 0) return [];
  const at = (share: number) =>
    significant(100 * widths[Math.min(widths.length - 1, Math.floor(share * widths.length))]!);
  return [`Of the intervals of times, half are within ${at(0.5)} % of their medians, nine tenths within ${at(0.9)} %.`];
}

function autoSentence(cells: readonly CellResult[]): string[] {
  const all = autoBySize(cells);
  if (all.length === 0) return [];
  const at = (wanted: string) => all.filter(({ holds }) => holds === wanted).map(({ size }) => bytes(size));
  const [yes, no, undecided] = ['yes', 'no', 'undecided'].map(at) as [string[], string[], string[]];
  const parts = [
    ...(yes.length === 0
      ? []
      : [yes.length === all.length ? 'yes at every measured size' : `yes at ${yes.join(', ')}`]),
    ...(no.length === 0 ? [] : [`no at ${no.join(', ')}`]),
    ...(undecided.length === 0 ? [] : [`by these samples undecided at ${undecided.join(', ')}`]),
  ];
  return [`Whether auto is within 2 % of the best copy kernel: ${parts.join('; ')}.`];
}

/** Returns sentences: what the intervals are, and whether `auto` is as fast as the best copy kernel. */
export function surfaceSentences(cells: readonly CellResult[]): string[] {
  return [...widthSentence(cells), ...autoSentence(cells)];
}
