/**
 * The result document: everything that a run measured, with raw samples and with what is needed to judge them. The
 * types, which `npm run docs` writes to `lib/bench/types`, the check of a file and its JSON Schema come from one
 * schema. `schema` is the version of this format, not of the package.
 */
import type { z } from 'zod';
import { later, zod } from '../../schemas.js';
import { hostSchema } from '../facts/host-schema.js';
import { documentKind } from '../files/document-kind.js';
import { publishedSchema, writtenForm } from '../files/published-schema.js';
import { contentError } from '../files/read-json.js';
import { misfitOf } from '../files/soundness.js';
import { environmentSchema } from '../host/environment.js';
import { BENCH_OPTIONS, type OptionKey } from '../plan/bench-option-table.js';
import type { OptionRow, StoredOf } from '../plan/option-row.js';
import { EFFORTS } from '../plan/settings.js';
import { tableSpecSchema } from '../plan/table-spec.js';
import type {
  BreakEvenResult,
  CellResult,
  CrossingResult,
  FailedCell,
  OwnDesignResult,
  RatioResult,
} from '../types/cells.js';
import type { ResultDocument, RoundResult, ScenarioResult } from '../types/result.js';
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
import { costDifferenceSchema, linuxControlSchema } from './cores-schema.js';
import { migrated, RESULT_SCHEMA } from './older-results.js';

export { RESULT_SCHEMA };

type OptionSchemas = { [Key in OptionKey]: z.ZodType<StoredOf<(typeof BENCH_OPTIONS)[Key]>> };

/** The schema of a setting. Its words are plain strings, because a file of another version may hold others. */
function schemaOf({ values: { kind }, amount, help, setting: words, olderFiles }: OptionRow): z.ZodType {
  const z = zod();
  const isText = kind === 'word' || kind === 'scenario';
  const value = isText ? z.string() : kind === 'nanoseconds' ? z.number() : z.int().nonnegative();
  const setting = amount === 'many' ? z.array(value) : amount === 'one' ? value : value.nullable();
  const schema: z.ZodType = olderFiles === undefined ? setting : (setting as z.ZodType).default(olderFiles);
  return schema.describe(words ?? help);
}

const optionSchemas = () =>
  Object.fromEntries(Object.entries(BENCH_OPTIONS).map(([key, row]) => [key, schemaOf(row)])) as OptionSchemas;

export const poolLeftOutSchema = later((z) =>
  z.object({
    bytes: z.int().describe('size of the slot pool'),
    limit: z.enum(['memory', 'lock']).describe('what it exceeds: the memory of the host, or what may be locked'),
    limitBytes: z.number().describe('that limit'),
  }),
);

export const settingsSchema = later((z) =>
  z.object({
    effort: z.enum(EFFORTS).describe('how much was measured'),
    minRounds: z.int().describe('rounds that the run made also when its budget was used up'),
    budgetMs: z.number().describe('time for the whole run, all scenarios and their preparation, milliseconds'),
    limitMs: z.number().describe('what the run might not exceed, milliseconds'),
    sampleMs: z.number().describe('how long one sample of a throughput cell sent, milliseconds'),
    sweep: z.boolean().default(false).describe('cells are a grid with arms, and the model was calibrated'),
    poolsLeftOut: z.array(poolLeftOutSchema()).default([]).describe('slot pools that the sweep had no room for'),
    poolBytes: z.int().optional().describe('the only slot pool, in files from before there could be several'),
    ...optionSchemas(),
  }),
);

export const roundSchema = later((z) =>
  z.object({
    seconds: z.number().describe('how long the round took'),
    cells: z
      .int()
      .describe('number of cells measured in this round; fewer than the scenario has when it was interrupted'),
    repeats: z.int().optional().describe('samples that were taken again, because the process had stood still'),
    placement: z.int().optional().describe('number of the memory that the cells had, counted from 0'),
    stealShare: z
      .number()
      .nullable()
      .describe('share of the CPU time of the host that a hypervisor took, 0 to 1; null: not known'),
    othersCpus: z.number().nullable().describe('CPUs that other processes kept busy; null: not known'),
    involuntarySwitches: z.number().describe('times that Linux took the CPU away from a thread that could have run on'),
    throttledMs: z.number().nullable().describe('for how long quotas stopped CPUs; several CPUs count several times'),
    cpusLost: z
      .array(z.int())
      .nullable()
      .optional()
      .describe('measuring CPUs that this process might not use before or after; not in files from before'),
    lineRoundTripNs: z
      .array(z.number())
      .nullable()
      .describe(
        'nanoseconds for a cache line to go to another measuring CPU and back, before and after; null: not measured',
      ),
  }),
);

export const scenarioSchema = later((z) =>
  z.object({
    name: z.string().describe('the first part of the ids of its cells'),
    question: z.string().describe('the question that its numbers answer: one sentence'),
    seconds: z.number().describe('time that it took, with preparation and warm-up'),
    afterOthers: z.boolean().optional().describe('measured after the others, for want of memory beside them'),
    warmUpRounds: z.int().describe('rounds that were measured first and discarded'),
    tables: z.array(tableSpecSchema()).optional().describe('how a report shows the cells; not in files from before'),
    rounds: z.array(roundSchema()).describe('where samples are runs: one for each run, all its rounds together'),
  }),
);

/** One run of the instrument. */
export const runSchema = later((z) =>
  z.object({
    schema: z.literal(RESULT_SCHEMA).describe('name and version of this format'),
    sampledBy: z
      .enum(['round', 'run', 'call'])
      .describe('what one sample of a cell is: a round of this run, a whole run, or a call that another program timed'),
    machine: hostSchema().describe('the facts of the host'),
    environment: environmentSchema().describe('versions, limits of the process, and load'),
    settings: settingsSchema().describe('what was asked for'),
    ownDesigns: z.array(ownDesignSchema()).optional().describe('designs that modules outside this package added'),
    scenarios: z.array(scenarioSchema()).describe('in the order in which they ran'),
    pulse: pulseSchema().optional().describe('how fast the CPUs were beside the samples; not in files from before'),
    results: z.array(cellSchema()).describe('every cell with a value in some sample, in the order of its scenario'),
    failed: z.array(failedSchema()).default([]).describe('cells that have no value in any sample'),
    ratios: z.array(ratioSchema()).describe('of two cells each, formed within rounds'),
    breakEvens: z
      .array(breakEvenSchema())
      .default([])
      .describe('costs by size beside prices that were not measured here'),
    costDifferences: z
      .array(costDifferenceSchema())
      .default([])
      .describe('differences in CPU time per byte, of the pairs of `ratios` that have a cost'),
    crossings: z.array(crossingSchema()).default([]).describe('sizes at which one measured cost is below another'),
    linuxControl: linuxControlSchema()
      .optional()
      .describe("what designs would move with the control plane of this host's own Linux; absent: not measured"),
    warnings: z.array(warningSchema()).describe('what a reader must know before believing a number'),
    seconds: z.number().describe('time since the run was called for'),
    stoodStillMs: z.number().optional().describe('milliseconds of it in which the process stood still'),
    complete: z.boolean().describe('whether every scenario ran to its end'),
    interrupted: z.boolean().describe('whether the run was stopped'),
  }),
);

export const resultSchema = later((z) =>
  runSchema().extend({
    runs: z.array(runSchema()).optional().describe('where samples are runs: each of them, as it would stand in a file'),
  }),
);

export type {
  BreakEvenResult,
  CellResult,
  CrossingResult,
  FailedCell,
  OwnDesignResult,
  RatioResult,
  ResultDocument,
  RoundResult,
  ScenarioResult,
};

/** Returns the JSON Schema (draft 2020-12) of written result documents, which is also a file: copytax/schema/result. */
export function resultJsonSchema(): object {
  const run = writtenForm(runSchema());
  const runs = { ...writtenForm(resultSchema().shape.runs.unwrap()), items: { $ref: '#/$defs/run' } };
  const { description } = resultSchema().shape.runs;
  return publishedSchema(
    {
      version: RESULT_SCHEMA,
      title: 'Result of copytax bench',
      description: 'What a run measured, with raw samples and what is needed to judge them; or several runs together.',
    },
    { $ref: '#/$defs/run', properties: { runs: { ...runs, description } }, $defs: { run } },
  );
}

const LONGEST_PATH = 120;

/** Names the place in a document; keys of a damaged one may be of any length. */
function pathOf(keys: readonly PropertyKey[]): string {
  const path = keys.join('.') || 'the document';
  return path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}...` : path;
}

/**
 * Checks a parsed file, which `source` names in errors: its fields, and that its parts fit each other.
 * @throws ERR_RESULT_SCHEMA; `details` has the first path that is wrong, the reason, and what to do
 */
export function parseResult(value: unknown, source: string): ResultDocument {
  const document = migrated(value);
  const { schema } = (document ?? {}) as { schema?: unknown };
  if (schema !== RESULT_SCHEMA) {
    const { what, remedy, path } = documentKind(document, RESULT_SCHEMA);
    throw contentError(source, `is not a ${RESULT_SCHEMA} document: it is ${what}`, remedy, path);
  }
  const parsed = resultSchema().safeParse(document);
  const [issue] = parsed.error?.issues ?? [];
  const misfit = parsed.success ? misfitOf(parsed.data) : { path: pathOf(issue!.path), reason: issue!.message };
  if (misfit === null) return parsed.data!;
  const { path, reason } = misfit;
  const remedy = 'take the file as `copytax bench --json` wrote it: this one was edited or damaged';
  throw contentError(source, `is not a ${RESULT_SCHEMA} document: ${path}: ${reason}`, remedy, path);
}
