/** What a result document says of cells and of what was compared: the schemas of its parts. */
import { z } from 'zod';
import { pagePriceSchema } from '../plan/break-even-spec.js';
import type { Ledger } from '../plan/ledger-keys.js';
import { coresSchema } from './cores-schema.js';

export const warningSchema = z.object({ code: z.string(), seen: z.string(), why: z.string(), remedy: z.string() });

const summarySchema = z.object({
  median: z.number(),
  low: z.number(),
  high: z.number(),
  confidence: z
    .number()
    .describe('confidence of the interval; below 0.95 with fewer than six samples, 0 with one, which has none'),
});

/** Keys of other versions are kept; those of this one are known to the compiler. */
const ledgerSchema = z
  .record(z.string(), z.number())
  .describe('medians over rounds, or over runs, of what each sample accounted') as unknown as z.ZodType<Ledger>;

const paramsSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

export const cellSchema = z.object({
  id: z.string().describe('path of the parameters: equal cells of two files have equal ids'),
  scenario: z.string(),
  params: paramsSchema,
  unit: z.string(),
  higherIsBetter: z.boolean(),
  batch: z.int().describe('operations per timed batch'),
  samples: z
    .array(z.number().nullable())
    .describe(
      'one per round, or per run, in order of time; null: nothing moved, no cost to measure, or none in the run',
    ),
  startedMs: z
    .array(z.number())
    .optional()
    .describe('when each sample began, since the run was called for: the order of the run; not in files from before'),
  durationsMs: z.array(z.number()).describe('of each sample; where that is a run, of its samples together'),
  pulsesNs: z
    .array(z.array(z.number()))
    .optional()
    .describe('of each sample: time of one step of the pulse on each measuring CPU; not in files from before'),
  summary: summarySchema,
  atFullSpeed: z
    .object({ samples: z.int(), summary: summarySchema.nullable() })
    .optional()
    .describe('of the samples beside which no pulse was slow; summary null: there was none'),
  ledger: ledgerSchema,
  cores: coresSchema.optional().describe('not in files from before; absent too where too few rounds have a cost'),
  ledgerSamples: z
    .record(z.string(), z.array(z.number().nullable()))
    .optional()
    .describe('of some keys of the ledger, one per sample, null where it has none; not in files from before'),
  warnings: z.array(warningSchema),
});

const ratioSummarySchema = z.object({
  median: z.number(),
  low: z.number(),
  high: z.number(),
  rounds: z.int(),
  significant: z.boolean(),
});

export const ratioSchema = z.object({
  id: z.string(),
  scenario: z.string(),
  of: z.string().describe('id of the cell above the line'),
  to: z.string().describe('id of the cell below the line'),
  ...ratioSummarySchema.shape,
  atFullSpeed: ratioSummarySchema.nullable().optional().describe('of the rounds in which both were at full speed'),
});

export const failedSchema = z.object({
  id: z.string(),
  scenario: z.string(),
  params: paramsSchema,
  samples: z.int().describe('that were tried'),
  why: z
    .enum(['nothing moved', 'no cost'])
    .default('nothing moved')
    .describe('in any of them; no cost: the threads never had their CPUs'),
});

export const pulseSchema = z.object({
  factor: z.number().describe('a pulse slower than the fastest of its CPU by more than this was not at full speed'),
  fastestNs: z.array(z.number()).describe('fastest pulse of each measuring CPU, nanoseconds per step'),
  samples: z.int().describe('that have a pulse'),
  atFullSpeed: z.int().describe('of them'),
});

const sizeIntervalSchema = z.object({
  median: z.number().nullable().describe('bytes; null: at no size'),
  low: z.number().nullable(),
  high: z.number().nullable(),
});

const shownSchema = z
  .array(z.tuple([z.number(), z.number()]))
  .optional()
  .describe('the parts of them in which the measured sizes differ significantly; not in files from before');

export const breakEvenSchema = z.object({
  id: z.string().describe('of the cost by size'),
  scenario: z.string(),
  cost: z.string(),
  compared: z.tuple([z.number(), z.number()]).describe('smallest and largest size that was compared, bytes'),
  price: pagePriceSchema,
  wins: z
    .array(z.tuple([z.number(), z.number()]))
    .describe('ranges of bytes, both ends included, at which the price is below the cost'),
  shown: shownSchema,
  smallest: sizeIntervalSchema.describe('smallest such size; null is larger than any'),
  largest: sizeIntervalSchema.describe('largest such size among those measured; null is smaller than any'),
  rounds: z.int(),
});

/** What a report needs of a design that is not of this package. */
export const ownDesignSchema = z.object({
  name: z.string(),
  idea: z.string().describe('what it is, in a clause'),
  module: z.string().describe('name of the file that added it, without its folder'),
  promises: z.object({ bounceCopies: z.int(), holdsSlots: z.boolean() }).describe('what its parts imply'),
});

export const crossingSchema = z.object({
  id: z.string(),
  scenario: z.string(),
  of: z.string().describe('what may be cheaper'),
  to: z.string().describe('what it is compared with'),
  compared: z.tuple([z.number(), z.number()]).describe('smallest and largest size that was measured, bytes'),
  wins: z
    .array(z.tuple([z.number(), z.number()]))
    .describe('ranges of bytes, both ends included, at which it costs less'),
  shown: shownSchema,
  smallest: sizeIntervalSchema.describe('smallest such size; null is larger than any'),
  largest: sizeIntervalSchema.describe('largest such size among those measured; null is smaller than any'),
  rounds: z.int(),
});
