/** Tables of rates by number of CPUs, and sentences on what all CPUs make of one, on siblings and on memory nodes. */
import type { CellResult, ResultDocument } from '../../bench/result/result.js';
import { coresText, costOf } from '../costs/costs.js';
import { count, measured, percent, ratio } from '../tables/format.js';
import { table } from '../tables/table.js';
import {
  addedOf,
  cpusOf,
  efficiencyOf,
  endOf,
  nameOf,
  oneCpuOf,
  ratioOf,
  type ScalingLine,
  scalingLines,
} from './scaling-lines.js';

const NONE = '-';

/** Rate, what it is of that of one CPU, and of the same number of them. */
function rateTexts(result: ResultDocument, line: ScalingLine, cell: CellResult): string[] {
  const toOne = ratioOf(result, cell, oneCpuOf(line));
  const relative = toOne === undefined ? [NONE, NONE] : [ratio(toOne), percent(efficiencyOf(cell, toOne))];
  return [`${cpusOf(cell)}`, measured(cell.summary), ...relative];
}

function lockText({ ledger }: CellResult): string {
  const share = ledger['own:lockShare'];
  return share === undefined || !Number.isFinite(share) ? NONE : percent(share);
}

/** One line for each cell of each line; the cell of a single CPU, which begins several lines, once. */
function rowsOf(lines: readonly ScalingLine[], rowOf: (line: ScalingLine, cell: CellResult) => string[]): string[][] {
  const seen = new Set<string>();
  return lines.flatMap((line) =>
    line.cells
      .filter(({ id }) => !seen.has(id) && seen.add(id))
      .map((cell) => {
        const how = cell.params.sharing ?? line.how;
        return [`${line.of} ${how}`, ...rowOf(line, cell), addedOf(cell)];
      }),
  );
}

function pathTable(result: ResultDocument, lines: readonly ScalingLine[]): string[] {
  if (lines.length === 0) return [];
  const rows = rowsOf(lines, (line, cell) => [
    ...rateTexts(result, line, cell),
    coresText(costOf(cell)),
    lockText(cell),
  ]);
  return [table(['path', 'CPUs', 'Gbit/s', 'x 1 CPU', 'efficiency', 'cores', 'locks', 'added'], rows, 1)];
}

function copiesTable(result: ResultDocument, lines: readonly ScalingLine[]): string[] {
  if (lines.length === 0) return [];
  const rows = rowsOf(lines, (line, cell) => rateTexts(result, line, cell));
  return [table(['copies', 'CPUs', 'GB/s', 'x 1 CPU', 'efficiency', 'added'], rows, 1)];
}

/** The pair of nodes that copies within the node of the CPU. */
const isHome = ({ params }: CellResult) => params.source === params.home && params.destination === params.home;

function nodesTable(result: ResultDocument, cells: readonly CellResult[]): string[] {
  const pairs = cells.filter(({ params }) => params.part === 'nodes');
  if (pairs.length === 0) return [];
  const home = pairs.find(isHome);
  const rows = pairs.map((cell) => {
    const toHome = ratioOf(result, cell, home);
    const { source, destination } = cell.params;
    return [`${source} to ${destination}`, measured(cell.summary), toHome === undefined ? NONE : ratio(toHome)];
  });
  return [table(['nodes', 'GB/s', 'x home'], rows, 1)];
}

/** Returns a table of the path, one of copies, and one of memory nodes where there are several. */
export function scalingTables(result: ResultDocument, cells: readonly CellResult[]): string[] {
  const lines = scalingLines(cells);
  const of = (part: string) => lines.filter((line) => line.part === part);
  return [...pathTable(result, of('path')), ...copiesTable(result, of('copies')), ...nodesTable(result, cells)];
}

/** What all CPUs make of one, and where more of them add little. */
function lineSentence(result: ResultDocument, line: ScalingLine): string[] {
  const last = line.cells.at(-1);
  const toOne = last === undefined ? undefined : ratioOf(result, last, oneCpuOf(line));
  if (last === undefined || toOne === undefined) return [];
  const cpus = cpusOf(last);
  const end = endOf(result, line);
  const byMedians = end === null || end.isSure ? '' : ', by the medians only';
  const where =
    end === null
      ? ''
      : `; beyond ${count(end.cpus, 'CPU')} another one adds less than half of what one has${byMedians}`;
  const efficiency = percent(efficiencyOf(last, toOne));
  return [
    `${nameOf(line)}: ${count(cpus, 'CPU')} make ${ratio(toOne)} times the rate of one, ` +
      `efficiency ${efficiency}${where}.`,
  ];
}

function siblingSentences(result: ResultDocument, cells: readonly CellResult[]): string[] {
  return cells
    .filter(({ params }) => params.part === 'siblings')
    .flatMap((cell) => {
      const entry = result.ratios.find(({ of }) => of === cell.id);
      if (entry === undefined) return [];
      const { design, kernel, place } = cell.params;
      const name = design === undefined ? `${kernel} ${place}` : `${design} own`;
      return [`${name}: two siblings of a core make ${ratio(entry)} times the rate of two cores.`];
    });
}

/** Returns sentences, one for each line of several CPUs, and one for each pair of siblings. */
export function scalingSentences(result: ResultDocument, cells: readonly CellResult[]): string[] {
  return [...scalingLines(cells).flatMap((line) => lineSentence(result, line)), ...siblingSentences(result, cells)];
}
