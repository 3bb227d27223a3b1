/**
 * Costs by size beside prices, or beside other costs: at which sizes one is below the other, and where each price comes
 * from.
 */

import type { BreakEvenResult, CrossingResult } from '../../bench/result/result.js';
import { MINIMAL_ROUNDS } from '../../bench/statistics/statistics.js';
import { PAGE_SIZE } from '../../units.js';
import type { Canvas } from '../bars/canvas.js';
import { type Ranges, rangeBars } from '../bars/range-bars.js';
import { bytes, count, nanoseconds } from './format.js';
import { drawnTable, table } from './table.js';

type Found = readonly BreakEvenResult[];
type Sizes = Pick<BreakEvenResult, 'wins' | 'shown' | 'smallest' | 'largest' | 'rounds'>;

/** Stands for sizes at which nothing differs significantly. */
const NOT_SHOWN = 'not shown by this run';

/** A size, or `never` for none. */
const sizeText = (size: number | null) => (size === null ? 'never' : bytes(size));

function within({ low, high }: BreakEvenResult['smallest']): string {
  return low === high ? '' : ` [${sizeText(low)}, ${sizeText(high)}]`;
}

const rangeText = ([from, to]: readonly [number, number]) =>
  from === to ? bytes(from) : `${bytes(from)} to ${bytes(to)}`;

/**
 * Returns at which sizes something is shown to be cheaper, with the interval of the end that moves. `first` and `last`:
 * the smallest and the largest size that was compared.
 */
export function sizesText(sizes: Sizes, first: number, last: number): string {
  const { wins, shown = wins, rounds } = sizes;
  if (rounds < MINIMAL_ROUNDS) return NOT_SHOWN;
  const ranges = shown.map(rangeText).join(', ');
  if (ranges === wins.map(rangeText).join(', ')) return winsText(sizes, first, last);
  return shown.length === 0 ? NOT_SHOWN : `${ranges}; at other sizes ${NOT_SHOWN}`;
}

function winsText({ wins, smallest, largest }: Sizes, first: number, last: number): string {
  if (wins.length === 0) return `never${within(smallest)}`;
  if (wins.length > 1) return wins.map(rangeText).join(', ');
  const [[from, to]] = wins as [[number, number]];
  const isCertain = smallest.high === first && largest.low === last;
  if (from === first && to === last && isCertain) return 'always';
  if (to === last && (from > first || smallest.high !== first)) return `from ${bytes(from)}${within(smallest)}`;
  if (from === first) return `up to ${bytes(to)}${within(largest)}`;
  return rangeText([from, to]);
}

/** A price for the whole range and for each page of it, such as `5.93 µs + 1.25 µs a page`. */
export function priceText({ nsPerUse, nsPerPage, isLowerBound }: BreakEvenResult['price']): string {
  const parts = [
    ...(nsPerUse > 0 ? [nanoseconds(nsPerUse)] : []),
    ...(nsPerPage > 0 ? [`${nanoseconds(nsPerPage)} a page`] : []),
  ];
  return `${isLowerBound ? 'at least ' : ''}${parts.length === 0 ? 'nothing' : parts.join(' + ')}`;
}

const tooFew = (rounds: number, noun: string) => `${count(rounds, noun)} are too few to show at which sizes`;

const unique = <Value>(values: readonly Value[]) => [...new Set(values)];

/** The sizes of `sizesText` for a bar. Too few rounds show nothing. */
function rangesOf({ wins, shown = wins, smallest, largest, rounds, compared: [first, last] }: BreakEvenResult): Ranges {
  return {
    possible: [
      ...(smallest.low === null ? [] : [[smallest.low, smallest.median ?? last] as const]),
      ...(largest.high === null ? [] : [[largest.median ?? first, largest.high] as const]),
    ],
    likely: wins,
    sure: rounds < MINIMAL_ROUNDS ? [] : shown,
  };
}

/** Costs of one price that share a line have one bar, if it is the same for all of them. */
function sharedRanges(found: Found): Ranges | null {
  const [first, ...others] = found.map(rangesOf);
  return others.every((other) => JSON.stringify(other) === JSON.stringify(first)) ? first! : null;
}

/**
 * A line for each price and cost, or one for all costs of a price whose sizes are the same; with a canvas, each has a
 * bar of its sizes below.
 */
export function breakEvensTable(found: Found, canvas: Canvas | null = null): string | null {
  if (found.length === 0) return null;
  const drawn: (Ranges | null)[] = [];
  const rows = unique(found.map(({ price }) => price.name)).flatMap((name) => {
    const ofName = found.filter(({ price }) => price.name === name);
    const lines = ofName.map((one) => [one.cost, sizesText(one, one.compared[0], one.compared[1])]);
    const isSame = lines.length > 1 && unique(lines.map(([, sizes]) => sizes)).length === 1;
    const shown = isSame ? [['any', lines[0]![1]!]] : lines;
    const price = priceText(ofName[0]!.price);
    drawn.push(...(isSame ? [sharedRanges(ofName)] : ofName.map(rangesOf)));
    return shown.map((line, at) => [...(at === 0 ? [name, price] : ['', '']), ...line]);
  });
  const text = table(['converting', 'price', 'buffer', 'is cheaper'], rows, 4);
  if (canvas === null) return text;
  const sizes = found.flatMap(({ compared }) => compared);
  const bars = rangeBars(drawn, [Math.min(...sizes), Math.max(...sizes)], bytes, canvas.isPlain);
  // The words of all columns would leave no room for bars.
  const [head, few] = [['converting', 'buffer'], rows.map(([name, , cost]) => [name!, cost!])];
  const below = drawnTable(head, few, 2, [bars], canvas);
  return below === table(head, few, 2) ? text : `${text}\n\n${below}`;
}

/**
 * What has to be known of the table: that it is computed, up to which size, and what each price is of. Its samples are
 * called `noun`.
 */
export function breakEvenLegend(found: Found, noun = 'round'): string[] {
  if (found.length === 0) return [];
  const largest = bytes(Math.max(...found.map(({ compared }) => compared[1])));
  const lines = found.map(({ price: { name, includes, source } }) =>
    source === null ? `given: ${includes}` : `${name}: ${includes}. ${source.title}, ${source.date}, ${source.address}`,
  );
  const rounds = Math.min(...found.map((one) => one.rounds));
  const brackets =
    rounds < MINIMAL_ROUNDS ? tooFew(rounds, noun) : 'in brackets the 95 % interval that the bounces leave';
  return [
    `Computed, not measured: no conversion took place here. Prices are of pages of ${bytes(PAGE_SIZE)}, and of no ` +
      `host but their own; sizes go up to ${largest}, ${brackets}.`,
    ...unique(lines),
  ];
}

/** Beyond the sizes that were measured a crossing says nothing, unlike a price, which goes on. */
const ofMeasured = (text: string) =>
  text
    .replace(/^never/, 'at no measured size')
    .replace(/^always$/, 'at all measured sizes')
    .replaceAll('never', 'none measured');

/** A line for each crossing, and one that says what the sizes are. Samples are called `noun`. */
export function crossingLines(found: readonly CrossingResult[], noun = 'round'): string[] {
  if (found.length === 0) return [];
  const lines = found.map((one) => {
    const text = ofMeasured(sizesText(one, ...one.compared));
    // Where costs differ little, there are ranges of sizes whose ends say nothing without an interval.
    const smallest = ofMeasured(within(one.smallest));
    const isLeftOut = smallest !== '' && !text.includes('[') && text !== NOT_SHOWN;
    return `${one.of} costs less than ${one.to}: ${text}${isLeftOut ? `; the smallest size${smallest}` : ''}`;
  });
  const [from, to] = found[0]!.compared;
  const rounds = Math.min(...found.map((one) => one.rounds));
  const brackets = rounds < MINIMAL_ROUNDS ? tooFew(rounds, noun) : 'in brackets the 95 % interval';
  return [...lines, `Measured from ${bytes(from)} to ${bytes(to)}, and between two sizes interpolated; ${brackets}.`];
}
