/** Copy rates by size, and second copies by the length of the queue, as lines of bars that share an axis. Pure. */
import type { CellResult } from '../../bench/result/result.js';
import type { Canvas } from '../bars/canvas.js';
import { logRange, sparkline } from '../bars/sparkline.js';
import { bytes, nanoseconds, REPORT_WIDTH, significant, wrap } from '../tables/format.js';
import { copyCells } from '../tables/specs.js';
import { table } from '../tables/table.js';
import { queuedOf, temperatureLines } from './temperature-lines.js';

/** A line: what it is of, and a value for each size; null where none was measured. */
interface Line {
  readonly names: readonly string[];
  readonly values: readonly (number | null)[];
}

function sparks(lines: readonly Line[], title: (low: number, high: number) => string, { isPlain }: Canvas): string {
  const range = logRange(lines.flatMap(({ values }) => values));
  if (range === null) return '';
  const rows = lines.map(({ names, values }) => [...names, sparkline(values, range, isPlain).trimEnd()]);
  const columns = rows[0]!.length;
  const head = wrap(title(...range), REPORT_WIDTH, '  ');
  // The table has no head: its first line is empty.
  const text = table(
    Array.from({ length: columns }, () => ''),
    rows,
    columns,
  );
  return [
    ...head,
    ...text
      .split('\n')
      .slice(1)
      .map((line) => `  ${line}`),
  ].join('\n');
}

const ascending = (sizes: readonly number[]) => [...new Set(sizes)].sort((a, b) => a - b);

/** Returns rates by size, a line for each state of the destination and copy kernel; empty without a cell. */
export function copyRateSparks(all: readonly CellResult[], canvas: Canvas | null): string {
  const cells = copyCells(all);
  if (canvas === null || cells.length === 0) return '';
  const sizes = ascending(cells.map(({ params }) => Number(params.size)));
  const names = [...new Set(cells.map(({ params }) => JSON.stringify([params.state, params.kernel])))];
  const lines = names.map((name) => {
    const ofLine = cells.filter(({ params }) => JSON.stringify([params.state, params.kernel]) === name);
    const values = sizes.map((size) => {
      const cell = ofLine.find(({ params }) => Number(params.size) === size);
      return cell === undefined ? null : size / cell.summary.median;
    });
    const { state, kernel } = ofLine[0]!.params;
    return { names: [String(state), String(kernel)], values };
  });
  const title = (low: number, high: number) =>
    `GB/s of the sizes above, ${bytes(sizes[0]!)} to ${bytes(sizes.at(-1)!)}, each a bar on a logarithmic axis ` +
    `from ${significant(low)} to ${significant(high)}:`;
  return sparks(lines, title, canvas);
}

/** Returns times by the length of the queue, a line for each writer and copy kernel; empty without a cell. */
export function temperatureSparks(cells: readonly CellResult[], canvas: Canvas | null): string {
  const all = temperatureLines(cells);
  if (canvas === null || all.length === 0) return '';
  const sizes = ascending(all.flatMap((line) => line.cells.map(queuedOf)));
  const lines = all.map(({ writer, kernel, cells: ofLine }) => ({
    names: [writer, kernel],
    values: sizes.map((size) => ofLine.find((cell) => queuedOf(cell) === size)?.summary.median ?? null),
  }));
  const title = (low: number, high: number) =>
    `Time by length of the queue, ${bytes(sizes[0]!)} to ${bytes(sizes.at(-1)!)}, each a bar on a logarithmic axis ` +
    `from ${nanoseconds(low)} to ${nanoseconds(high)}:`;
  return sparks(lines, title, canvas);
}
