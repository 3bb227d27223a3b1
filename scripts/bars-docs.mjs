// What docs/results.md shows of the bars and marks that a terminal has beside numbers.
import { barsLegend, marksLegend } from '../dist/lib/report/bars/legend.js';
import { copyRateSparks } from '../dist/lib/report/speed/rate-sparks.js';
import { pricesTables } from '../dist/lib/report/tables/prices.js';

/** As narrow as a terminal with bars may be: they stand below their tables. */
const CANVAS = { columns: 100, isPlain: false };
/** Lines of bars that are enough to see what they are. */
const LINES = 5;

/** The bars of a result; null without one. */
export function barsText(result) {
  const drawn = pricesTables(result, CANVAS).map((text) => text.split('\n\n')[1]);
  const cells = result.results.filter(({ scenario }) => scenario === 'copy-cost');
  const sparks = copyRateSparks(cells, CANVAS).split('\n').slice(0, LINES).join('\n');
  const parts = [...drawn, sparks, `${barsLegend(CANVAS)}\n${marksLegend(CANVAS)}`];
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}
