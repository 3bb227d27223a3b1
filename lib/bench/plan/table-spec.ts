/**
 * The tables in which a report shows a scenario: data that the scenario says and the result document keeps, so that a
 * report can be made from a file alone. A new scenario composes its tables of `columns`, `pairs`, `across`, `ratios`
 * and `plain`; the other kinds belong to one question each.
 */
import type { z } from 'zod';
import { later } from '../../schemas.js';
import { LEDGER_UNITS, type LedgerKey } from '../types/ledger-keys.js';
import type { TableSpec } from '../types/tables.js';

export const ledgerUnitSchema = later((z) => z.enum(LEDGER_UNITS));
export const ledgerKeySchema = later((z) => z.string() as unknown as z.ZodType<LedgerKey>);
const unit = () => ledgerUnitSchema().optional();
const head = later((z) => z.string().describe('words at the head of the column'));
const unitOfColumn = 'how its numbers are shown';

export const columnSchema = later((z) =>
  z.union([
    z.object({
      head: head(),
      value: z.literal('median').describe('the column shows the median of each cell, with its interval'),
    }),
    z.object({
      head: head(),
      param: z.string().describe('name of the parameter that the column shows'),
      to: z.string().optional().describe('parameter that is the upper end of a range'),
      unit: unit().describe(unitOfColumn),
    }),
    z.object({
      head: head(),
      ledger: ledgerKeySchema().describe('key of the ledger that the column shows'),
      unit: unit().describe('only for keys of the scenario itself'),
    }),
  ]),
);

/** A part of the ledger in a table of kind `across`. */
export const ledgerColumnSchema = later((z) =>
  z.object({ head: head(), ledger: ledgerKeySchema().describe('key of the ledger that is shown for each value') }),
);

const ALONE = {
  plain: 'one line for each cell: its name, its median, its batch',
  ratios: 'the ratios of the scenario that no table of pairs shows',
  designs: 'the transmit designs under each condition',
  prices: 'what each design costs, with its intervals, and in a small slot pool',
  sweep: 'the transmit designs beside the throughput model',
  'copy-rates': 'sizes down, copy kernels across',
  'break-evens': 'for each price and cost by size: the sizes at which the price is below it',
  crossings: 'sentences: the sizes at which one measured cost is below another',
  'pool-exhaustion': 'by number of flows: what fell back to a second copy',
} as const;
const aloneText = () => Object.entries(ALONE).map(([kind, text]) => `${kind}: ${text}`);

export const tableSpecSchema = later((z) =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.enum(Object.keys(ALONE) as (keyof typeof ALONE)[]).describe(aloneText().join('; ')) }),
    z.object({
      kind: z.literal('columns').describe('one line for each cell, with these columns'),
      words: z.int().optional().describe('columns from the left that hold words; default: one'),
      columns: z.array(columnSchema()).describe('from left to right'),
      legend: z.array(z.string()).optional().describe('lines below the table, one for each column that needs words'),
    }),
    z.object({
      kind: z
        .literal('pairs')
        .describe('one line for each two cells that differ in one parameter only; plain if a cell has no partner'),
      by: z.string().describe('name of that parameter'),
    }),
    z.object({
      kind: z
        .literal('across')
        .describe('a line for all cells that differ in one parameter only: medians, parts of the ledger, and ratios'),
      by: z.string().describe('name of that parameter'),
      ledger: z.array(ledgerColumnSchema()).describe('parts of the ledger, from left to right'),
      only: z
        .record(z.string(), z.union([z.string(), z.number()]))
        .optional()
        .describe('parameters of the cells that the table shows; default: all'),
      shows: z
        .array(z.enum(['medians', 'ledger', 'ratios']))
        .optional()
        .describe('what of these it shows; default: all'),
      legend: z.array(z.string()).describe('lines below the table'),
    }),
    z.object({
      kind: z
        .literal('copy-temperature')
        .describe('second copies by the length of the queue before them: lengths down, copy kernels across'),
      legend: z.array(z.string()).describe('lines below the tables'),
    }),
    z.object({
      kind: z
        .literal('pollution')
        .describe('victims of bounces and reads of devices: working sets down, copy kernels across'),
      legend: z.array(z.string()).describe('lines below the tables'),
    }),
    z.object({
      kind: z
        .literal('scaling')
        .describe('numbers of CPUs down: rates, what they are of that of one CPU, and what was added'),
      legend: z.array(z.string()).describe('lines below the tables'),
    }),
    z.object({
      kind: z
        .literal('copy-surface')
        .describe('rates of copies by size, state of both sides, alignment and page size, and auto beside the best'),
      legend: z.array(z.string()).describe('lines below the tables'),
    }),
    z.object({
      kind: z
        .literal('linux-sends')
        .describe(
          'sends through Linux, one line for each cell, and from which size on a send without a copy is cheaper',
        ),
      legend: z.array(z.string()).describe('lines below the table'),
    }),
  ]),
);

export type { Column, TableSpec } from '../types/tables.js';
/** A kind of table. */
export type TableKind = TableSpec['kind'];
