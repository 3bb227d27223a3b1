/**
 * The tables in which a report shows a scenario: data that the scenario says and the result document keeps, so that a
 * report can be made from a file alone. A new scenario composes its tables of `columns`, `pairs`, `across`, `ratios`
 * and `plain`; the other kinds belong to one question each.
 */
import { z } from 'zod';
import { LEDGER_UNITS, type LedgerKey } from './ledger-keys.js';

const unit = z.enum(LEDGER_UNITS).optional();
const ledgerKey = z.string() as unknown as z.ZodType<LedgerKey>;

const columnSchema = z.union([
  z.object({ head: z.string(), value: z.literal('median').describe('of the cell, with its interval') }),
  z.object({
    head: z.string(),
    param: z.string(),
    to: z.string().optional().describe('parameter that is the upper end of a range'),
    unit,
  }),
  z.object({ head: z.string(), ledger: ledgerKey, unit: unit.describe('only for keys of the scenario itself') }),
]);

export const tableSpecSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('plain') }).describe('one line for each cell: its name, its median, its batch'),
  z.object({
    kind: z.literal('columns'),
    words: z.int().optional().describe('columns from the left that hold words; default: one'),
    columns: z.array(columnSchema),
    legend: z.array(z.string()).optional().describe('lines below the table, one for each column that needs words'),
  }),
  z
    .object({ kind: z.literal('pairs'), by: z.string() })
    .describe('one line for each two cells that differ in this parameter only; plain if a cell has no partner'),
  z
    .object({
      kind: z.literal('across'),
      by: z.string(),
      ledger: z.array(z.object({ head: z.string(), ledger: ledgerKey })),
      only: z
        .record(z.string(), z.union([z.string(), z.number()]))
        .optional()
        .describe('parameters of the cells that the table shows; default: all'),
      shows: z
        .array(z.enum(['medians', 'ledger', 'ratios']))
        .optional()
        .describe('default: all'),
      legend: z.array(z.string()),
    })
    .describe('a line for all cells that differ in this parameter only: medians, parts of the ledger, and ratios'),
  z.object({ kind: z.literal('ratios') }).describe('the ratios of the scenario that no table of pairs shows'),
  z.object({ kind: z.literal('designs') }).describe('the transmit designs under each condition'),
  z
    .object({ kind: z.literal('prices') })
    .describe('what each design costs, with its intervals, and in a small slot pool'),
  z.object({ kind: z.literal('sweep') }).describe('the transmit designs beside the throughput model'),
  z.object({ kind: z.literal('copy-rates') }).describe('sizes down, copy kernels across'),
  z
    .object({ kind: z.literal('break-evens') })
    .describe('for each price and cost by size: the sizes at which the price is below it'),
  z
    .object({ kind: z.literal('crossings') })
    .describe('sentences: the sizes at which one measured cost is below another'),
  z.object({ kind: z.literal('pool-exhaustion') }).describe('by number of flows: what fell back to a second copy'),
]);

export type TableSpec = z.infer<typeof tableSpecSchema>;
export type TableKind = TableSpec['kind'];
export type Column = z.infer<typeof columnSchema>;
