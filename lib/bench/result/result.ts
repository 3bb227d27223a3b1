/**
 * The result document: everything that a run measured, with raw samples and with what is needed to judge them. The
 * type, the check of a file and its JSON Schema come from one schema. `schema` is the version of this format, not of
 * the package.
 */
import { z } from 'zod';
import { CopytaxError } from '../../errors.js';
import { environmentSchema } from '../host/environment.js';
import { hostSchema } from '../host/host-schema.js';
import { BENCH_OPTIONS, type OptionKey } from '../plan/bench-option-table.js';
import { pagePriceSchema } from '../plan/break-even-spec.js';
import type { Ledger } from '../plan/ledger-keys.js';
import type { OptionRow, StoredOf } from '../plan/option-row.js';
import { EFFORTS } from '../plan/settings.js';
import { tableSpecSchema } from '../plan/table-spec.js';

export const RESULT_SCHEMA = 'copytax.result/1';

type OptionSchemas = { [Key in OptionKey]: z.ZodType<StoredOf<(typeof BENCH_OPTIONS)[Key]>> };

/** The schema of a setting. Its words are plain strings, because a file of another version may hold others. */
function schemaOf({ values: { kind }, amount, help, olderFiles }: OptionRow): z.ZodType {
  const isText = kind === 'word' || kind === 'scenario';
  const value = isText ? z.string() : kind === 'nanoseconds' ? z.number() : z.int().nonnegative();
  const setting = amount === 'many' ? z.array(value) : amount === 'one' ? value : value.nullable();
  const schema: z.ZodType = olderFiles === undefined ? setting : (setting as z.ZodType).default(olderFiles);
  return schema.describe(help);
}

const optionSchemas = Object.fromEntries(
  Object.entries(BENCH_OPTIONS).map(([key, row]) => [key, schemaOf(row)]),
) as OptionSchemas;

export const settingsSchema = z.object({
  effort: z.enum(EFFORTS),
  minRounds: z.int(),
  budgetMs: z.number(),
  limitMs: z.number(),
  sampleMs: z.number(),
  sweep: z.boolean().default(false).describe('cells are a grid with arms, and the model was calibrated'),
  poolsLeftOut: z
    .array(z.object({ bytes: z.int(), limit: z.enum(['memory', 'lock']), limitBytes: z.number() }))
    .default([])
    .describe('slot pools that the sweep had no room for'),
  poolBytes: z.int().optional().describe('the only slot pool, in files from before there could be several'),
  ...optionSchemas,
});

export const warningSchema = z.object({ code: z.string(), seen: z.string(), why: z.string(), remedy: z.string() });

const roundSchema = z.object({
  seconds: z.number(),
  cells: z.int().describe('measured in this round; fewer than the scenario has when it was interrupted'),
  stealShare: z.number().nullable(),
  othersCpus: z.number().nullable(),
  involuntarySwitches: z.number(),
  throttledMs: z.number().nullable().describe('for how long quotas stopped CPUs; several CPUs count several times'),
  cpusLost: z
    .array(z.int())
    .nullable()
    .optional()
    .describe('measuring CPUs that this process might not use before or after; not in files from before'),
  lineRoundTripNs: z.array(z.number()).nullable().describe('cache line between the measuring CPUs, before and after'),
});

const scenarioSchema = z.object({
  name: z.string(),
  question: z.string(),
  seconds: z.number().describe('with preparation and warm-up'),
  warmUpRounds: z.int().describe('measured first and discarded'),
  tables: z.array(tableSpecSchema).optional().describe('how a report shows the cells; not in files from before'),
  rounds: z.array(roundSchema),
});

const summarySchema = z.object({
  median: z.number(),
  low: z.number(),
  high: z.number(),
  confidence: z.number().describe('exact confidence of the interval; below 0.95 with fewer than six samples'),
});

/** Keys of other versions are kept; those of this one are known to the compiler. */
const ledgerSchema = z
  .record(z.string(), z.number())
  .describe('medians over rounds of what each sample accounted') as unknown as z.ZodType<Ledger>;

const cellSchema = z.object({
  id: z.string().describe('path of the parameters: equal cells of two files have equal ids'),
  scenario: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  unit: z.string(),
  higherIsBetter: z.boolean(),
  batch: z.int().describe('operations per timed batch'),
  samples: z.array(z.number()).describe('one per round, in order of the rounds'),
  durationsMs: z.array(z.number()),
  summary: summarySchema,
  ledger: ledgerSchema,
  ledgerSamples: z
    .record(z.string(), z.array(z.number().nullable()))
    .optional()
    .describe('of some keys of the ledger, one per round, null where a sample has none; not in files from before'),
  warnings: z.array(warningSchema),
});

const ratioSchema = z.object({
  id: z.string(),
  scenario: z.string(),
  of: z.string().describe('id of the cell above the line'),
  to: z.string().describe('id of the cell below the line'),
  median: z.number(),
  low: z.number(),
  high: z.number(),
  rounds: z.int(),
  significant: z.boolean(),
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

const breakEvenSchema = z.object({
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
const ownDesignSchema = z.object({
  name: z.string(),
  idea: z.string().describe('what it is, in a clause'),
  module: z.string().describe('name of the file that added it, without its folder'),
  promises: z.object({ bounceCopies: z.int(), holdsSlots: z.boolean() }).describe('what its parts imply'),
});

const crossingSchema = z.object({
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

export const resultSchema = z.object({
  schema: z.literal(RESULT_SCHEMA),
  machine: hostSchema,
  environment: environmentSchema,
  settings: settingsSchema,
  ownDesigns: z.array(ownDesignSchema).optional().describe('designs that modules outside this package added'),
  scenarios: z.array(scenarioSchema),
  results: z.array(cellSchema),
  ratios: z.array(ratioSchema),
  breakEvens: z.array(breakEvenSchema).default([]).describe('costs by size beside prices that were not measured here'),
  crossings: z.array(crossingSchema).default([]).describe('sizes at which one measured cost is below another'),
  warnings: z.array(warningSchema),
  seconds: z.number().describe('from the start of the process'),
  complete: z.boolean().describe('every scenario ran to its end'),
  interrupted: z.boolean().describe('the run was stopped'),
});

export type ResultDocument = z.infer<typeof resultSchema>;
export type CellResult = ResultDocument['results'][number];
export type RatioResult = ResultDocument['ratios'][number];
export type BreakEvenResult = ResultDocument['breakEvens'][number];
export type OwnDesignResult = z.infer<typeof ownDesignSchema>;
export type ScenarioResult = ResultDocument['scenarios'][number];
export type RoundResult = ScenarioResult['rounds'][number];

/** Returns the JSON Schema (draft 2020-12) of the result document. */
export function resultJsonSchema(): object {
  return z.toJSONSchema(resultSchema);
}

/** Checks a parsed file, which `source` names in errors. @throws ERR_RESULT_SCHEMA with the first path that is wrong */
export function parseResult(value: unknown, source: string): ResultDocument {
  const parsed = resultSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const path = issue.path.join('.') || 'the document';
  throw new CopytaxError(
    'ERR_RESULT_SCHEMA',
    `${source} is not a ${RESULT_SCHEMA} document: ${path}: ${issue.message}`,
    {
      source,
      path,
    },
  );
}
export type CrossingResult = ResultDocument['crossings'][number];
