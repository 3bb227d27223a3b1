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
import type { OptionRow, StoredOf } from '../plan/option-row.js';
import { EFFORTS } from '../plan/settings.js';
import { tableSpecSchema } from '../plan/table-spec.js';
import {
  breakEvenSchema,
  cellSchema,
  crossingSchema,
  failedSchema,
  ownDesignSchema,
  pulseSchema,
  ratioSchema,
  warningSchema,
} from './cell-schema.js';
import { costDifferenceSchema } from './cores-schema.js';

export const RESULT_SCHEMA = 'copytax.result/2';

/** Of files that are read as well. */
const FIRST_SCHEMA = 'copytax.result/1';

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

const roundSchema = z.object({
  seconds: z.number(),
  cells: z.int().describe('measured in this round; fewer than the scenario has when it was interrupted'),
  repeats: z.int().optional().describe('samples that were taken again, because the process had stood still'),
  placement: z.int().optional().describe('number of the memory that the cells had, counted from 0'),
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
  afterOthers: z.boolean().optional().describe('measured after the others, for want of memory beside them'),
  warmUpRounds: z.int().describe('measured first and discarded'),
  tables: z.array(tableSpecSchema).optional().describe('how a report shows the cells; not in files from before'),
  rounds: z.array(roundSchema).describe('where samples are runs: one for each run, all its rounds together'),
});

/** One run of the instrument. */
const runSchema = z.object({
  schema: z.literal(RESULT_SCHEMA),
  sampledBy: z.enum(['round', 'run']).describe('what one sample of a cell is: a round of this run, or a whole run'),
  machine: hostSchema,
  environment: environmentSchema,
  settings: settingsSchema,
  ownDesigns: z.array(ownDesignSchema).optional().describe('designs that modules outside this package added'),
  scenarios: z.array(scenarioSchema),
  pulse: pulseSchema.optional().describe('how fast the CPUs were beside the samples; not in files from before'),
  results: z.array(cellSchema),
  failed: z.array(failedSchema).default([]).describe('cells that have no value in any sample'),
  ratios: z.array(ratioSchema),
  breakEvens: z.array(breakEvenSchema).default([]).describe('costs by size beside prices that were not measured here'),
  costDifferences: z.array(costDifferenceSchema).default([]).describe('of the pairs of `ratios` that have a cost'),
  crossings: z.array(crossingSchema).default([]).describe('sizes at which one measured cost is below another'),
  warnings: z.array(warningSchema),
  seconds: z.number().describe('since the run was called for'),
  complete: z.boolean().describe('every scenario ran to its end'),
  interrupted: z.boolean().describe('the run was stopped'),
});

export const resultSchema = runSchema.extend({
  runs: z.array(runSchema).optional().describe('where samples are runs: each of them, as it would stand in a file'),
});

export type ResultDocument = z.infer<typeof resultSchema>;
export type CellResult = ResultDocument['results'][number];
export type FailedCell = ResultDocument['failed'][number];
export type RatioResult = ResultDocument['ratios'][number];
export type BreakEvenResult = ResultDocument['breakEvens'][number];
export type OwnDesignResult = z.infer<typeof ownDesignSchema>;
export type ScenarioResult = ResultDocument['scenarios'][number];
export type RoundResult = ScenarioResult['rounds'][number];

/** Returns the JSON Schema (draft 2020-12) of the result document. */
export function resultJsonSchema(): object {
  return z.toJSONSchema(resultSchema);
}

/** Files of the first schema lack what is optional here, or has a default; nothing in them means anything else now. */
function migrated(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('schema' in value)) return value;
  return value.schema === FIRST_SCHEMA ? { ...value, schema: RESULT_SCHEMA, sampledBy: 'round' } : value;
}

/** Checks a parsed file, which `source` names in errors. @throws ERR_RESULT_SCHEMA with the first path that is wrong */
export function parseResult(value: unknown, source: string): ResultDocument {
  const parsed = resultSchema.safeParse(migrated(value));
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
