/**
 * Slot pools that are too small for what is in flight: tables by number of flows, and the smallest that was large
 * enough.
 */

import type { CellResult, ResultDocument } from '../../bench/result/result.js';
import type { LedgerKey } from '../../bench/types/ledger-keys.js';
import { FRAG_BYTES } from '../../page/page-source.js';
import { SLOT_SIZE } from '../../units.js';
import { bytes, count, roughBytes, significant } from './format.js';
import { cellsShownAs } from './specs.js';
import { table } from './table.js';

/** The machine whose pages are held until they are acknowledged. */
const RECOMMENDED = 'bounce-pages hardened';

const numbers = (cells: readonly CellResult[], name: string) =>
  [...new Set(cells.map(({ params }) => Number(params[name])))].sort((a, b) => a - b);

/** True if a byte of payload bounced, in any round. */
const fallsBack = ({ samples }: CellResult) => samples.some((share) => share !== null && share > 0);

/** True if as much was sent as may be in flight, so that the slot pool was put to the test. */
const isFilled = ({ ledger }: CellResult) => (ledger.turnovers ?? 0) >= 1;

interface Row {
  readonly words: readonly string[];
  /** A cell for each number of flows. */
  readonly cells: readonly (CellResult | undefined)[];
}

function rowsOf(cells: readonly CellResult[]): Row[] {
  const flows = numbers(cells, 'flows');
  const machines = [...new Set(cells.map(({ params }) => String(params.machine)))];
  return machines.flatMap((machine) =>
    numbers(cells, 'window').flatMap((window) =>
      numbers(cells, 'pool').flatMap((pool): Row[] => {
        const here = cells.filter(({ params: p }) => p.machine === machine && p.window === window && p.pool === pool);
        if (here.length === 0) return [];
        return [
          {
            words: [machine, bytes(window), bytes(pool)],
            cells: flows.map((wanted) => here.find(({ params }) => params.flows === wanted)),
          },
        ];
      }),
    ),
  );
}

function grid(title: string, rows: readonly Row[], flows: readonly number[], of: (cell: CellResult) => string): string {
  const head = [title, 'send buffer', 'slot pool', ...flows.map((wanted) => count(wanted, 'flow'))];
  return table(
    head,
    rows.map(({ words, cells }) => [...words, ...cells.map((cell) => (cell === undefined ? '-' : of(cell)))]),
    1,
  );
}

/** A table of where the fall-back begins, by arithmetic and as it was measured. */
function beginnings(rows: readonly Row[]): string {
  const lines = rows.flatMap(({ words, cells }) => {
    const fits = cells.find((cell) => cell !== undefined)?.params.fits;
    if (fits === undefined) return [];
    const first = cells.find((cell) => cell !== undefined && fallsBack(cell));
    const last = cells.findLast((cell) => cell !== undefined)!.params.flows;
    return [[...words, String(fits), first === undefined ? `beyond ${last}` : `at ${first.params.flows}`]];
  });
  return table(['falls back to two copies', 'send buffer', 'slot pool', 'flows that fit', 'measured'], lines, 1);
}

/** Returns tables of where the fall-back begins, and of shares and rates by number of flows. */
export function exhaustionTables(cells: readonly CellResult[]): string[] {
  const rows = rowsOf(cells);
  const flows = numbers(cells, 'flows');
  const percents = (key: LedgerKey) => (cell: CellResult) => significant(100 * (cell.ledger[key] ?? Number.NaN));
  return [
    beginnings(rows),
    grid('payload copied twice, %', rows, flows, ({ summary }) => significant(summary.median)),
    grid('mappings that failed, %', rows, flows, percents('failedShare')),
    grid('slot pool in use at most, %', rows, flows, percents('mostUsedShare')),
    grid('Gbit/s', rows, flows, ({ ledger }) => significant(ledger.gbps ?? Number.NaN)),
  ];
}

/**
 * Returns the smallest slot pool that was large enough, as were all larger ones; null if there is none. A slot pool
 * that was not put to the test counts as too small.
 */
function smallestPool(cells: readonly CellResult[]): number | null {
  const bySize = [...cells].sort((a, b) => Number(b.params.pool) - Number(a.params.pool));
  const tooSmall = bySize.findIndex((cell) => fallsBack(cell) || !isFilled(cell));
  const enough = tooSmall < 0 ? bySize : bySize.slice(0, tooSmall);
  return enough.length === 0 ? null : Number(enough.at(-1)!.params.pool);
}

/** Says for each send buffer what to boot with, by number of flows: `swiotlb=` counts slots. */
export function poolSizing(result: ResultDocument): string[] {
  const cells = cellsShownAs(result, 'pool-exhaustion').filter(({ params }) => params.machine === RECOMMENDED);
  return numbers(cells, 'window').map((window) => {
    const ofWindow = cells.filter(({ params }) => params.window === window);
    const advice = numbers(ofWindow, 'flows').map((flows) => {
      const ofFlows = ofWindow.filter(({ params }) => params.flows === flows);
      const pool = smallestPool(ofFlows);
      const size = pool === null ? 'none of them' : `swiotlb=${pool / SLOT_SIZE} (${bytes(pool)})`;
      return `${count(flows, 'flow')} ${size}, full send buffers need ${roughBytes(needed(ofFlows[0]!))}`;
    });
    return `Smallest slot pool tried that never fell back, ${bytes(window)} in flight each: ${advice.join('; ')}.`;
  });
}

/**
 * Bytes of slot pool that full send buffers need, with one more page for each sender, where pages may take `percent`.
 */
function needed({ params }: CellResult): number {
  const held = Number(params.flows) * (Number(params.window) + FRAG_BYTES);
  return (held * 100) / Number(params.percent);
}
