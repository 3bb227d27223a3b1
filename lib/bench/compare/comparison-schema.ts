/** The document of `copytax compare --json`: type, check and JSON Schema are one text. */
import type { z } from 'zod';
import { later } from '../../schemas.js';
import { publishedSchema, writtenForm } from '../files/published-schema.js';
import { COMPARISON_SCHEMA } from './comparison.js';
import { ASPECTS } from './likeness.js';
import { KINDS } from './run-facts.js';

const fact = <Schema extends z.ZodType>(schema: Schema, description: string) => schema.nullable().describe(description);

const runSchema = later((z) =>
  z.object({
    source: z.string().describe('path of the file, and after # the number of the run if it holds several'),
    created: z.string().describe('ISO 8601, UTC'),
    complete: z.boolean(),
    fingerprint: fact(z.string(), 'of the host; null: a part of it is not known'),
    cpus: z.array(z.int()).describe('the measuring CPUs'),
    distanceNs: fact(z.object({ low: z.number(), high: z.number() }), 'how far these CPUs were from each other'),
    copies: fact(
      z.object({
        kernel: z.string().describe('the copy kernel'),
        hotNs: z.number().describe('a copy of 64 KiB from and to caches: the unit of kind `worth`'),
        coldNs: fact(z.number(), 'the same, both flushed from the caches before'),
      }),
      'what copies of 64 KiB take; null: not measured',
    ),
    lastLevelCacheBytes: fact(z.number(), 'of the measuring CPUs, the smallest of them'),
    warnings: z.array(z.string()).describe('codes of the warnings of the run'),
    failed: z
      .array(
        z.object({
          id: z.string().describe('id of the cell'),
          why: z.string().describe('why it has none: as `why` of the result says it'),
          message: z.string().optional().describe('why this host has none, or of the error that it ended with'),
        }),
      )
      .optional()
      .describe('cells without a value; not in files from before'),
  }),
);

const kind = later((z) => z.enum(KINDS));
const rowSchema = later((z) => z.object({ kind: kind(), id: z.string() }));

const differenceSchema = later((z) =>
  z.object({
    ...rowSchema().shape,
    scenario: z.string(),
    unit: z.string(),
    higherIsBetter: fact(z.boolean(), 'null: no side is better'),
    base: z.number().describe('median over the runs of the base'),
    value: z.number().describe('median over the runs of the group'),
    ratio: z.number().describe('factor by which the group lies above the base'),
    low: z.number().describe('end of the 95 % interval of `ratio`'),
    high: z.number(),
    chance: fact(z.number(), 'of such a difference between runs that do not differ; null: see `untold`'),
    corrected: fact(z.number(), 'the chance, corrected for the rows of the family by the procedure of Holm'),
    family: z.string().describe('rows whose chances were corrected together have the same'),
    significant: z.boolean().describe('`corrected` is below 5 %, and the effect is not below `minimalEffect`'),
    untold: fact(z.enum(['no interval', 'CPUs elsewhere']), 'why nothing can be told'),
  }),
);

const sameSchema = later((z) => z.object({ source: z.string(), as: z.string() }));

const conditionSchema = later((z) =>
  z.object({
    condition: z.string(),
    failed: z.boolean().describe('a row meets it, or none could be told'),
    told: z.int().describe('rows of which could be told whether they meet it'),
    met: z.array(rowSchema().extend({ group: z.string(), value: z.number() })),
    untold: z.array(rowSchema().extend({ group: z.string(), reason: z.string() })),
  }),
);

export const comparisonSchema = later((z) =>
  z.object({
    schema: z.literal(COMPARISON_SCHEMA),
    version: z.string().describe('of copytax'),
    mode: z.enum(['same machine', 'across machines']),
    minimalEffect: z.number().describe('a share: smaller effects are not called significant'),
    strict: z.boolean().describe('all rows are one family'),
    groups: z.array(z.object({ name: z.string(), runs: z.array(runSchema()) })).describe('the first is the base'),
    unlike: z
      .array(
        z.object({
          aspect: z.enum([...ASPECTS.map(({ name }) => name), 'times', 'distance', 'complete']),
          noun: z.string(),
          values: z.array(z.array(z.string().nullable())).describe('of each group; null: not known of a run'),
          why: z.string().describe('what that may do'),
        }),
      )
      .describe('in what the groups are unlike, so that a difference may come from that'),
    repeated: z.array(sameSchema()).describe('runs that were left out, because their group has them already'),
    shared: z.array(sameSchema()).describe('runs that are in two groups'),
    compared: z
      .array(
        z.object({
          group: z.string(),
          method: z.enum(['runs', 'intervals']).describe('the order of runs, or the intervals of few runs'),
          variationFrom: z
            .enum(['runs', 'intervals'])
            .describe('how far runs vary is seen in the files, or assumed beside their intervals'),
          placeNs: fact(
            z.object({ low: z.number(), high: z.number() }),
            'where the CPUs moved: the distances of which alone rounds of several CPUs were compared; null: all rounds',
          ),
          rows: z.array(differenceSchema()),
          onlyBase: z.array(rowSchema()),
          onlyOther: z.array(rowSchema()),
        }),
      )
      .describe('each group but the base, with the base'),
    conditions: z.array(conditionSchema()).describe('of --fail-if'),
    notMeasured: z.string(),
  }),
);

export type ComparisonDocument = z.infer<ReturnType<typeof comparisonSchema>>;

/** Returns the JSON Schema (draft 2020-12) of comparisons, which is also a file: copytax/schema/comparison. */
export function comparisonJsonSchema(): object {
  return publishedSchema(
    {
      version: COMPARISON_SCHEMA,
      title: 'Comparison of copytax compare',
      description: 'Which numbers of groups of runs differ, how sure that is, and in what the runs are unlike.',
    },
    writtenForm(comparisonSchema()),
  );
}
