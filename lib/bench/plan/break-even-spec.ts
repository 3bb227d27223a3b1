/**
 * What a cost by size is compared with: prices that this host does not measure, because they were given or published.
 * A scenario names the cells that measured the cost, and the result document keeps the prices with their sources, so
 * that a report can be made from a file alone.
 */
import { later } from '../../schemas.js';
import type { PagePrice } from '../types/prices.js';

/** Where a published price can be read. */
export const priceSourceSchema = later((z) =>
  z.object({
    title: z.string().describe('of the publication'),
    address: z.string().describe('where it can be read, a URL'),
    date: z.string().describe('of the publication: year, month and, if known, day'),
  }),
);

/** The price of one use of memory: for each call, whatever its size, and for each page of 4 KiB. */
export const pagePriceSchema = later((z) =>
  z.object({
    name: z.string().describe('as tables name the price'),
    nsPerUse: z.number().nonnegative().describe('nanoseconds for the whole range, whatever its size'),
    nsPerPage: z.number().nonnegative().describe('nanoseconds for each page of 4 KiB on top of it'),
    isLowerBound: z.boolean().describe('the source leaves out a part of what has to be paid'),
    includes: z.string().describe('what exactly the price is of'),
    source: priceSourceSchema().nullable().describe('null: given by the user'),
  }),
);

export type { PagePrice };

/** One size of a cost, in whole pages, and the id of the cell that measures it in nanoseconds. */
export interface CostPoint {
  /** The size, a multiple of 4096. */
  readonly bytes: number;
  /** Id of the cell that measures its cost. */
  readonly cell: string;
}

/** A cost by size, and the prices that may be below it. */
export interface BreakEvenSpec {
  /** Begins with the scenario, like the id of a cell. */
  readonly id: string;
  /** What the cost is of, as the head of a column. */
  readonly cost: string;
  /** At least one, in ascending order of size. */
  readonly points: readonly CostPoint[];
  /** That the cost is compared with. */
  readonly prices: readonly PagePrice[];
}

/** Returns what a range of this number of pages costs at a price, nanoseconds. */
export function priceOf({ nsPerUse, nsPerPage }: Pick<PagePrice, 'nsPerUse' | 'nsPerPage'>, pages: number): number {
  return nsPerUse + nsPerPage * pages;
}
