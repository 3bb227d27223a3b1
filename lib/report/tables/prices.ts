/**
 * The prices of all designs: CPU time by cause, memory from the send call to the acknowledgement, allocation, and what
 * a slot pool that is too small does to each. Every number has its interval.
 */

import { NS_PER_64K_PER_CORE } from '../../bench/result/cores.js';
import type { CellResult, ResultDocument } from '../../bench/result/result.js';
import { CONFIDENCE, type Summary, summarize } from '../../bench/statistics/statistics.js';
import type { LedgerKey } from '../../bench/types/ledger-keys.js';
import { KIB } from '../../units.js';
import type { Canvas } from '../bars/canvas.js';
import { ratioMarks } from '../bars/ratio-marks.js';
import { valueBars } from '../bars/value-bars.js';
import { CORE_PARTS, coresText, costOf, notGivenLines, partColumns, partTexts } from '../costs/costs.js';
import { designOf } from './conditions.js';
import { bytes, measured, percent, ratio, sampleNoun, significant } from './format.js';
import { ideaLines } from './ideas.js';
import { headOf, shown } from './params.js';
import { cellsShownAs } from './specs.js';
import { drawnTable } from './table.js';

/** A design with the slot pool of the run, and with one that is smaller than what is in flight. */
export interface Priced {
  readonly design: string;
  readonly cell: CellResult;
  /** Undefined where that was not measured. */
  readonly small: CellResult | undefined;
}

/** True of a cell in which the design stopped: it has no rate. */
export const hasStopped = (cell: CellResult | undefined) => (cell?.ledger.stopped ?? 0) > 0;

const poolOf = ({ params }: CellResult) => Number(params.pool);

/** Returns the designs that were priced, in the order of the run; none if a result has no prices. */
export function pricedDesigns(result: ResultDocument): Priced[] {
  const cells = cellsShownAs(result, 'prices');
  const largest = Math.max(...cells.map(poolOf));
  return cells
    .filter((cell) => poolOf(cell) === largest)
    .map((cell) => ({
      design: designOf(cell),
      cell,
      small: cells.find((other) => designOf(other) === designOf(cell) && poolOf(other) < largest),
    }));
}

/** Returns what slot and page work takes per 64 KiB, nanoseconds: that part of the cores. */
export function allocOf(cell: CellResult): Pick<Summary, 'median' | 'low' | 'high'> | null {
  const part = costOf(cell)?.parts.coresSlotPage;
  if (part === undefined) return null;
  const [median, low, high] = [part.cores, part.low, part.high].map((cores) => cores * NS_PER_64K_PER_CORE);
  return { median: median!, low: low!, high: high! };
}

type Samples = readonly (number | null)[];

function samplesOf(cell: CellResult | undefined, key: LedgerKey): Samples {
  return cell?.ledgerSamples?.[key] ?? [];
}

/** Returns median and interval of the rounds that have a number, each `times` as large; null if there is none. */
function summaryOf(samples: Samples, times = 1): Summary | null {
  const values = samples.flatMap((value) => (value === null ? [] : [value * times]));
  return values.length === 0 ? null : summarize(values);
}

/** Returns median and interval of a price of a cell, each `times` as large; null if no round has it. */
export function priceSummary(cell: CellResult | undefined, key: LedgerKey, times = 1): Summary | null {
  return summaryOf(samplesOf(cell, key), times);
}

const halfWidth = ({ low, high }: Pick<Summary, 'low' | 'high'>) => (high - low) / 2;

/** Returns `1.00`, and `1.32±0.04` where rounds differ because some payload falls back to a second copy. */
const copiesText = (summary: Summary | null) => coresText(summary).replace('±0.00', '');

/** Returns `325±12`: both with as many decimals as the larger of them deserves. */
export function plusMinus(summary: Pick<Summary, 'median' | 'low' | 'high'> | null): string {
  if (summary === null) return '-';
  const half = halfWidth(summary);
  if (half === 0) return significant(summary.median);
  const decimals = significant(Math.max(summary.median, half)).split('.')[1]?.length ?? 0;
  return `${summary.median.toFixed(decimals)}±${half.toFixed(decimals)}`;
}

const rate = ({ summary }: CellResult) => measured(summary);
const inPercent = (cell: CellResult | undefined, key: LedgerKey) => plusMinus(priceSummary(cell, key, 100));

function coresTable(priced: readonly Priced[], canvas: Canvas | null): string {
  const head = ['design', 'copies', 'Gbit/s', 'cores', ...CORE_PARTS.map(({ short }) => short)];
  const rows = priced.map(({ design, cell }) => [
    design,
    copiesText(priceSummary(cell, 'copiesPerByte')),
    rate(cell),
    coresText(costOf(cell)),
    ...partColumns(costOf(cell), partTexts),
  ]);
  const rates = priced.map(({ cell }) => cell.summary);
  const bars = canvas === null ? [] : [valueBars(rates, (most) => `${significant(most)} Gbit/s`, canvas.isPlain)];
  return drawnTable(head, rows, 1, bars, canvas);
}

/** The rate in the small slot pool, in multiples of that in the other; undefined where that was not measured. */
const keptOf = ({ ratios }: ResultDocument, { cell, small }: Priced) =>
  ratios.find(({ of, to }) => of === small?.id && to === cell.id);

const STOPS = 'stops';

function memoryTable(result: ResultDocument, priced: readonly Priced[], canvas: Canvas | null): string {
  const head = ['design', 'held', 'most', 'in flight', 'alloc', 'full: x rate', 'bounced', 'requeued'];
  const rows = priced.map((one) => {
    const { design, cell, small } = one;
    const perFlow = (key: LedgerKey) => plusMinus(priceSummary(cell, key, 1 / KIB / Number(cell.params.senders)));
    const kept = keptOf(result, one);
    return [
      design,
      perFlow('slotBytesHeld'),
      perFlow('slotBytesHeldMost'),
      perFlow('payloadBytesHeld'),
      plusMinus(allocOf(cell)),
      hasStopped(small) ? STOPS : kept === undefined ? '-' : ratio(kept),
      inPercent(small, 'secondCopyShare'),
      inPercent(small, 'failedShare'),
    ];
  });
  const kept = priced.map((one) => (hasStopped(one.small) ? null : (keptOf(result, one) ?? null)));
  const isDrawn = canvas !== null && kept.some((one) => one !== null);
  return drawnTable(head, rows, 1, isDrawn ? [ratioMarks(kept, canvas.isPlain, 'x rate')] : [], canvas);
}

/** Returns the table of prices in two parts, which have the same lines. */
export function pricesTables(result: ResultDocument, canvas: Canvas | null = null): string[] {
  const priced = pricedDesigns(result);
  return priced.length === 0 ? [] : [coresTable(priced, canvas), memoryTable(result, priced, canvas)];
}

/** Says what the columns mean, one line for each, and what the designs are that no other table explains. */
export function pricesLegend(result: ResultDocument): string[] {
  const priced = pricedDesigns(result);
  if (priced.length === 0) return [];
  const rounds = Math.max(...priced.map(({ cell }) => cell.samples.length));
  const reached = priced.map(({ cell }) => cell.summary.confidence).filter((sure) => sure > 0);
  const confidence = Math.min(CONFIDENCE, ...reached);
  const elsewhere = cellsShownAs(result, 'designs').map(designOf);
  const isShown = (name: string) => !elsewhere.includes(name) && priced.some(({ design }) => design === name);
  return [
    ...ideaLines(isShown, result.ownDesigns),
    ...askedLegend(result, priced),
    intervalLegend(rounds, confidence, sampleNoun(result)),
    'copies: copies that CPUs make of a byte of payload',
    `cores: CPU cores per 100 Gbit/s; then its parts: ${CORE_PARTS.map(({ name }) => name).join(', ')}`,
    ...notGivenLines(
      priced.map(({ cell }) => cell),
      result.settings.cpus.length,
      sampleNoun(result),
    ),
    'held, most: slots in use per flow, KiB: the mean, and the most that was seen; memory that a design shares ' +
      'outside the slot pool is not in it',
    'in flight: payload per flow from the send call to its acknowledgement, KiB, in whatever memory it lies; - if ' +
      'the host left no time to look',
    'alloc: slot and page work per 64 KiB of payload, ns: memory to fill, slots to bounce, and freeing both; ' +
      '- where no round has a cost',
    exhaustionLegend(priced),
    ...stopsLegend(priced),
  ];
}

/** Says which of several flavours, growths and so on the prices are of: they have one of each. */
function askedLegend({ settings }: ResultDocument, priced: readonly Priced[]): string[] {
  const { params } = priced[0]!.cell;
  const several = { growth: settings.growths, flavour: settings.flavours, freeDispatch: settings.freeDispatches };
  const said = Object.entries(several).flatMap(([name, asked]) =>
    asked.length > 1 && params[name] !== undefined ? [`${headOf(name)} ${shown(name, params[name])}`] : [],
  );
  return said.length === 0 ? [] : [`the prices are of one of the values that were asked for: ${said.join(', ')}`];
}

function intervalLegend(rounds: number, confidence: number, noun: string): string {
  if (rounds === 1) return `no number has an interval: one ${noun} was measured`;
  return (
    `[low, high]: interval of the median of ${rounds} ${noun}s, confidence ${percent(confidence)}; ±: half the width ` +
    `of such an interval, left out where all ${noun}s agree`
  );
}

function exhaustionLegend(priced: readonly Priced[]): string {
  const found = priced.find(({ small }) => small !== undefined);
  if (found?.small === undefined) return 'full, bounced, requeued: not measured: the slot pool of the run is as small';
  const { cell, small } = found;
  const inFlight = bytes(Number(small.params.senders) * Number(small.params.window));
  return (
    `full, bounced, requeued: in a slot pool of ${bytes(poolOf(small))} instead of ${bytes(poolOf(cell))}, for up to ` +
    `${inFlight} in flight: the rate in multiples of that above; payload that was copied to bounce memory after it ` +
    'was sent, %; packets that found no slots and were tried again, %; - where devices reach all memory, or where ' +
    'nothing moved'
  );
}

function stopsLegend(priced: readonly Priced[]): string[] {
  if (!priced.some(({ small }) => hasStopped(small))) return [];
  const why = 'the slot pool was full of payload that was not transmitted, and nothing was sent any more';
  return [`${STOPS}: ${why}`];
}
