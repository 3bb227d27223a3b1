/**
 * What a result document says of cells and of what was compared: the schemas of its parts. Their types are in
 * `lib/bench/types`, where `npm run docs` writes them, with the descriptions as comments.
 */
import type { z } from 'zod';
import { later } from '../../schemas.js';
import { numberList, numberLists, numberOrNullList } from '../files/number-list.js';
import { pagePriceSchema } from '../plan/break-even-spec.js';
import type { Ledger } from '../types/ledger-keys.js';
import { coresSchema } from './cores-schema.js';

export const warningSchema = later((z) =>
  z.object({
    code: z.string().describe('what it is about, for programs: a `WarningCode`, or one of another version'),
    seen: z.string().describe('the observation, with its number and unit'),
    why: z.string().describe('what it does to the results'),
    remedy: z.string().describe('the command, option or setting to try'),
  }),
);

const scenario = later((z) => z.string().describe('name of the scenario that measured it'));

export const summarySchema = later((z) =>
  z.object({
    median: z.number().describe('of the samples that have a value, in the unit of the cell'),
    low: z.number().describe('lower end of the interval of the median'),
    high: z.number().describe('upper end of it'),
    confidence: z
      .number()
      .describe('confidence of the interval; below 0.95 with fewer than six samples, 0 with one, which has none'),
  }),
);

/** Keys of other versions are kept; those of this one are known to the compiler. */
export const ledgerSchema = later(
  (z) =>
    z
      .record(z.string(), z.number())
      .describe('medians over rounds, or over runs, of what each sample accounted') as unknown as z.ZodType<Ledger>,
);

const paramsSchema = later((z) =>
  z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .describe('what the cell is one combination of, by name'),
);

export const fullSpeedSchema = later((z) =>
  z.object({
    samples: z.int().describe('number of such samples'),
    summary: summarySchema().nullable().describe('median of them, with its interval; null: there was none'),
  }),
);

export const cellSchema = later((z) =>
  z.object({
    id: z.string().describe('path of the parameters: equal cells of two files have equal ids'),
    scenario: scenario(),
    params: paramsSchema(),
    unit: z.string().describe('unit of its value, such as `Gbit/s`; `ns` is shown as a duration'),
    higherIsBetter: z.boolean().describe('whether a larger value is the better one'),
    batch: z.int().describe('operations per timed batch'),
    samples: numberOrNullList(
      'one per round, or per run, in order of time; or of calls, in no order; null: nothing moved, no cost, or none',
    ),
    startedMs: numberList()
      .optional()
      .describe('when each sample began, since the run was called for: the order of the run; not in files from before'),
    durationsMs: numberList('how long each sample took; where that is a run, its samples together'),
    pulsesNs: numberLists()
      .optional()
      .describe('of each sample: nanoseconds of one step of the pulse on each measuring CPU; not in files from before'),
    summary: summarySchema().describe('median of the samples, with its interval'),
    atFullSpeed: fullSpeedSchema()
      .optional()
      .describe('of the samples beside which no pulse was slow; summary null: there was none'),
    ledger: ledgerSchema(),
    cores: coresSchema()
      .optional()
      .describe('CPU time per byte; not in files from before; absent too where too few rounds have a cost'),
    ledgerSamples: z
      .record(z.string(), numberOrNullList())
      .optional()
      .describe('samples of some keys of the ledger, one per sample, null where it has none; not in files from before'),
    warnings: z.array(warningSchema()).describe('what a reader must know before believing its number'),
  }),
);

export const ratioSummarySchema = later((z) =>
  z.object({
    median: z.number().describe('of the ratios of rounds'),
    low: z.number().describe('lower end of the interval of the median'),
    high: z.number().describe('upper end of it'),
    rounds: z.int().describe('number of rounds, or of runs, that have both values'),
    significant: z.boolean().describe('whether the ratio differs from 1 by enough, and surely'),
  }),
);

export const ratioSchema = later((z) =>
  z.object({
    id: z.string().describe('id of the ratio: it begins with the scenario'),
    scenario: scenario(),
    of: z.string().describe('id of the cell above the line'),
    to: z.string().describe('id of the cell below the line'),
    ...ratioSummarySchema().shape,
    atFullSpeed: ratioSummarySchema()
      .nullable()
      .optional()
      .describe('the same of the rounds in which both were at full speed; null: there was none'),
  }),
);

export const failedSchema = later((z) =>
  z.object({
    id: z.string().describe('id of the cell'),
    scenario: scenario(),
    params: paramsSchema(),
    samples: z.int().describe('number of samples that were tried'),
    why: z
      .enum(['nothing moved', 'no cost', 'not here', 'threw'])
      .default('nothing moved')
      .describe(
        'why it has none: nothing moved in any sample; the threads never had their CPUs; this host has no value for ' +
          'it; or it ended with an error',
      ),
    message: z.string().optional().describe('why this host has none, or of the error that it ended with'),
  }),
);

export const pulseSchema = later((z) =>
  z.object({
    factor: z.number().describe('a pulse slower than the fastest of its CPU by more than this was not at full speed'),
    fastestNs: z.array(z.number()).describe('fastest pulse of each measuring CPU, nanoseconds per step'),
    samples: z.int().describe('number of samples that have a pulse'),
    atFullSpeed: z.int().describe('number of these that were taken at full speed'),
  }),
);

export const sizeIntervalSchema = later((z) =>
  z.object({
    median: z.number().nullable().describe('the size, bytes; null: at no size'),
    low: z.number().nullable().describe('lower end of the interval of the median, bytes; null: at no size'),
    high: z.number().nullable().describe('upper end of it, bytes; null: at no size'),
  }),
);

const shownSchema = later((z) =>
  z
    .array(z.tuple([z.number(), z.number()]))
    .optional()
    .describe('the parts of them in which the measured sizes differ significantly; not in files from before'),
);

export const breakEvenSchema = later((z) =>
  z.object({
    id: z.string().describe('id of the cost by size'),
    scenario: scenario(),
    cost: z.string().describe('what the cost is of'),
    compared: z.tuple([z.number(), z.number()]).describe('smallest and largest size that was compared, bytes'),
    price: pagePriceSchema().describe('what the cost is compared with'),
    wins: z
      .array(z.tuple([z.number(), z.number()]))
      .describe('ranges of bytes, both ends included, at which the price is below the cost'),
    shown: shownSchema(),
    smallest: sizeIntervalSchema().describe('smallest such size; null is larger than any'),
    largest: sizeIntervalSchema().describe('largest such size among those measured; null is smaller than any'),
    rounds: z.int().describe('number of rounds, or of runs, that the intervals come from'),
  }),
);

export const designPromisesSchema = later((z) =>
  z.object({
    bounceCopies: z.int().describe('copies that mapping makes of each payload byte, as long as the slot pool has room'),
    holdsSlots: z
      .boolean()
      .describe('whether it holds memory of the slot pool from the send call until the acknowledgement'),
  }),
);

/** What a report needs of a design that is not of this package. */
export const ownDesignSchema = later((z) =>
  z.object({
    name: z.string().describe('name of the design'),
    idea: z.string().describe('what it is, in a clause'),
    module: z.string().describe('name of the file that added it, without its folder'),
    promises: designPromisesSchema().describe('what its parts imply'),
  }),
);

export const crossingSchema = later((z) =>
  z.object({
    id: z.string().describe('id of the pair of costs: it begins with the scenario'),
    scenario: scenario(),
    of: z.string().describe('what may be cheaper'),
    to: z.string().describe('what it is compared with'),
    compared: z.tuple([z.number(), z.number()]).describe('smallest and largest size that was measured, bytes'),
    wins: z
      .array(z.tuple([z.number(), z.number()]))
      .describe('ranges of bytes, both ends included, at which it costs less'),
    shown: shownSchema(),
    smallest: sizeIntervalSchema().describe('smallest such size; null is larger than any'),
    largest: sizeIntervalSchema().describe('largest such size among those measured; null is smaller than any'),
    rounds: z.int().describe('number of rounds, or of runs, that the intervals come from'),
  }),
);
