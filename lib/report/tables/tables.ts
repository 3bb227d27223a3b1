/** The kinds of tables of a report. Everything that is measured stands in one of them. */
import type { CellResult, ResultDocument } from '../../bench/result/result.js';
import type { Canvas } from '../bars/canvas.js';
import { ratioMarks } from '../bars/ratio-marks.js';
import { valueBars } from '../bars/value-bars.js';
import { CORE_PARTS, coresText, costOf, mayCost, notGivenLines, partColumns, printedParts } from '../costs/costs.js';
import { conditions, designOf, ratioToBaseline } from './conditions.js';
import { bytes, duration, measured, percent, ratio, sampleNoun, significant } from './format.js';
import { ideaLines } from './ideas.js';
import { couldGrow, GROWTH_PARTS, softirqShare } from './ledger.js';
import { headOf, shown } from './params.js';
import { copyCells } from './specs.js';
import { drawnTable, table } from './table.js';

/** A count of a sample; the median of an even number of rounds may be half of one. */
const times = (value: number | undefined) => (value === undefined ? '-' : `${Number(value.toFixed(1))}`);

/** Returns the names of parameters that differ between cells; all names when there is one cell. */
export function varying(cells: readonly CellResult[], without: readonly string[]): string[] {
  const names = [...new Set(cells.flatMap(({ params }) => Object.keys(params)))].filter((n) => !without.includes(n));
  const differ = names.filter((name) => new Set(cells.map(({ params }) => params[name])).size > 1);
  return differ.length > 0 || cells.length > 1 ? differ : names;
}

/** A table of the rate, the ratio to the conventional path and the CPU time of each design under each condition. */
export function designsTable(result: ResultDocument, canvas: Canvas | null = null): string {
  const groups = conditions(result);
  const names = varying(
    groups.flatMap(({ cells }) => cells),
    ['design'],
  );
  const growth = groups.some(({ cells }) => cells.some(({ ledger }) => couldGrow(ledger))) ? GROWTH_PARTS : [];
  const rows = groups.flatMap((condition) =>
    condition.cells.map((cell) => {
      const toBaseline = ratioToBaseline(result, condition, cell);
      const share = softirqShare(cell.ledger);
      const cost = costOf(cell);
      return [
        ...names.map((name) => shown(name, cell.params[name])),
        designOf(cell),
        measured(cell.summary),
        toBaseline === null ? '' : ratio(toBaseline),
        ...partColumns(cost, printedParts),
        coresText(cost),
        share === null ? '-' : percent(share),
        ...growth.map(({ key }) => times(cell.ledger[key])),
      ];
    }),
  );
  const head = [
    ...names.map(headOf),
    'design',
    'Gbit/s',
    'x bounce',
    ...CORE_PARTS.map(({ short }) => short),
    'cores',
    'softirq',
    ...growth.map(({ short }) => short),
  ];
  if (canvas === null) return table(head, rows, names.length + 1);
  const cells = groups.flatMap((condition) => condition.cells.map((cell) => ({ condition, cell })));
  const drawings = [
    valueBars(
      cells.map(({ cell }) => cell.summary),
      (most) => `${significant(most)} Gbit/s`,
      canvas.isPlain,
    ),
    ratioMarks(
      cells.map(({ condition, cell }) => ratioToBaseline(result, condition, cell)),
      canvas.isPlain,
      'x bounce',
    ),
  ];
  return drawnTable(head, rows, names.length + 1, drawings, canvas);
}

/** What the designs of the table are, and what its columns mean, one line for each. */
export function designsLegend(
  cells: readonly CellResult[],
  result: Pick<ResultDocument, 'ownDesigns' | 'settings' | 'sampledBy'>,
): string[] {
  const parts = cells.some(mayCost) ? CORE_PARTS : [];
  const growth = cells.some(({ ledger }) => couldGrow(ledger)) ? GROWTH_PARTS : [];
  return [
    ...ideaLines((name) => cells.some((cell) => designOf(cell) === name), result.ownDesigns),
    'x bounce: rate in multiples of that of bounce, formed within each round; ~: the difference is not significant',
    ...parts.map(({ short, name }) => `${short}: ${name}, in CPU cores per 100 Gbit/s`),
    ...(parts.length === 0
      ? []
      : [`cores: these parts together, the median of the ${sampleNoun(result)}s; ±: half the width of its interval`]),
    ...notGivenLines(cells, result.settings.cpus.length, sampleNoun(result)),
    'softirq: share of the bounced bytes that softirqs copied',
    ...growth.map(({ short, help }) => `${short}: ${help}`),
  ];
}

/** Tables of GB/s by size and copy kernel, with the time per copy of the fastest; one for each state of the caches. */
export function copyCostTables(all: readonly CellResult[]): string[] {
  const cells = copyCells(all);
  const states = [...new Set(cells.map(({ params }) => String(params.state)))];
  return states.map((state) => {
    const here = cells.filter(({ params }) => String(params.state) === state);
    const copyKernels = [...new Set(here.map(({ params }) => String(params.kernel)))];
    const sizes = [...new Set(here.map(({ params }) => Number(params.size)))].sort((a, b) => a - b);
    const rows = sizes.map((size) => {
      const ofSize = here.filter(({ params }) => params.size === size);
      const fastest = ofSize.reduce((a, b) => (b.summary.median < a.summary.median ? b : a));
      const rates = copyKernels.map((copyKernel) => {
        const cell = ofSize.find(({ params }) => params.kernel === copyKernel);
        return cell === undefined ? '-' : significant(size / cell.summary.median);
      });
      return [bytes(size), duration(fastest.summary), ...rates];
    });
    const head = [state, 'fastest', ...copyKernels.map((copyKernel) => `${copyKernel}, GB/s`)];
    return table(head, rows, 1);
  });
}

const value = ({ unit, summary }: CellResult) => (unit === 'ns' ? duration(summary) : `${measured(summary)} ${unit}`);

/** One line for each two cells that differ in the parameter `by`. Null when some cell has no partner, or several. */
export function pairsTable(
  result: ResultDocument,
  cells: readonly CellResult[],
  by: string,
  canvas: Canvas | null = null,
): string | null {
  const pairs = pairsOf(result, cells, by);
  const paired = new Set(pairs.flatMap(({ of, to }) => [of, to]));
  if (pairs.length === 0 || paired.size !== cells.length || 2 * pairs.length !== paired.size) return null;
  const names = varying(cells, [by]);
  const rows = pairs.map(({ entry, of, to }) => [
    ...names.map((name) => shown(name, of.params[name])),
    value(of),
    value(to),
    ratio(entry),
  ]);
  const sides = [pairs[0]!.of, pairs[0]!.to].map(({ params }) => String(params[by]));
  const drawings =
    canvas === null
      ? []
      : [
          ratioMarks(
            pairs.map(({ entry }) => entry),
            canvas.isPlain,
          ),
        ];
  return drawnTable([...names, ...sides, 'ratio'], rows, names.length, drawings, canvas);
}

/** Ratios of cells that differ in the parameter `by`, and in nothing else. */
function pairsOf(result: ResultDocument, cells: readonly CellResult[], by: string) {
  const byId = new Map(cells.map((cell) => [cell.id, cell]));
  return result.ratios.flatMap((entry) => {
    const [of, to] = [byId.get(entry.of), byId.get(entry.to)];
    if (of === undefined || to === undefined) return [];
    const differ = Object.keys(of.params).filter((name) => of.params[name] !== to.params[name]);
    return differ.length === 1 && differ[0] === by ? [{ entry, of, to }] : [];
  });
}

/** A table of one line for each cell. */
export function plainTable(cells: readonly CellResult[]): string {
  const rows = cells.map((cell) => [
    cell.id.startsWith(`${cell.scenario}/`) ? cell.id.slice(cell.scenario.length + 1) : cell.id,
    value(cell),
    `${cell.batch}`,
  ]);
  return table(['cell', 'median', 'batch'], rows, 1);
}

/** Ratios of a scenario that its table of pairs does not show; null: there are none. */
export function ratiosTable(
  result: ResultDocument,
  scenario: string,
  pairsBy?: string,
  canvas: Canvas | null = null,
): string | null {
  const cells = result.results.filter((cell) => cell.scenario === scenario);
  const isPaired = pairsBy !== undefined && pairsTable(result, cells, pairsBy) !== null;
  const shown = new Set(isPaired ? pairsOf(result, cells, pairsBy).map(({ entry }) => entry) : []);
  const entries = result.ratios.filter((entry) => entry.scenario === scenario && !shown.has(entry));
  const rows = entries.map((entry) => [
    entry.id.startsWith(`${scenario}/`) ? entry.id.slice(scenario.length + 1) : entry.id,
    ratio(entry),
  ]);
  const drawings = canvas === null ? [] : [ratioMarks(entries, canvas.isPlain)];
  return rows.length === 0 ? null : drawnTable(['ratio', 'median'], rows, 1, drawings, canvas);
}
