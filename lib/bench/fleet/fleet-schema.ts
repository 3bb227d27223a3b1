/** The document of a fleet: type, check and JSON Schema are one text. */
import type { z } from 'zod';
import { later } from '../../schemas.js';
import { KINDS } from '../compare/run-facts.js';
import { hostSchema } from '../facts/host-schema.js';
import { publishedSchema, writtenForm } from '../files/published-schema.js';
import { HEADLINE_KINDS } from './headlines.js';

export const FLEET_SCHEMA = 'copytax.fleet/1';

const source = later((z) =>
  z.string().describe('path of the file, and after # the number of the run if it holds several'),
);

const headlineSchema = later((z) =>
  z.object({
    kind: z.enum(HEADLINE_KINDS).describe('worth: a cost in copies of 64 KiB of the same host'),
    name: z.string(),
    id: z.string().describe('of the cell or of the ratio'),
    unit: z.string().describe('empty for a ratio'),
    higherIsBetter: z.boolean().nullable(),
  }),
);

const spreadSchema = later((z) =>
  z.object({
    headline: z.int().describe('position in `headlines`'),
    runs: z.int().describe('that have the number'),
    median: z.number(),
    low: z.number().describe('5th percentile; of fewer than 20 runs the smallest'),
    high: z.number().describe('95th percentile; of fewer than 20 runs the largest'),
    deviationPercent: z.number().nullable().describe('robust standard deviation; null: fewer than 3 runs'),
  }),
);

const placeSchema = later((z) =>
  z.object({
    source: source(),
    score: z.number().describe('robust standard deviations of its number, or family of numbers, that is farthest out'),
    slower: z.number().describe('factor by which it is slower than its group, in the middle of its numbers'),
    numbers: z.int().describe('that were looked at'),
    deviations: z
      .array(
        z.object({
          kind: z.enum(KINDS),
          id: z.string(),
          factor: z.number().describe('median of the run as a factor of that of the group'),
          score: z.number().describe('robust standard deviations; above zero: slower, or for a ratio larger'),
        }),
      )
      .describe('numbers that lie 3.5 robust standard deviations and 3 % out or more, the farthest first'),
    causes: z.array(z.string()).describe('what the file knows that most of the group are not like'),
  }),
);

const groupSchema = later((z) =>
  z.object({
    fingerprint: z.string().describe('of the hosts'),
    machine: hostSchema().describe('facts of the host of the last run'),
    files: z.int(),
    sources: z.array(source()).describe('its runs'),
    first: z.string().describe('when its first run was taken, ISO 8601'),
    last: z.string().describe('when its last run was taken, ISO 8601'),
    versions: z.array(z.string()).describe('of copytax'),
    numbers: z.array(spreadSchema()),
    outliers: z.array(placeSchema()).describe('runs that lie outside, the farthest first'),
    farthest: placeSchema()
      .nullable()
      .describe('the run farthest out, an outlier or not; null: no number is in 5 runs'),
    mayHaveOutliers: z.boolean().describe('false: too few runs to tell one'),
  }),
);

const differenceSchema = later((z) =>
  z.object({
    headline: z.int().describe('position in `headlines`'),
    ratio: z.number().describe('factor by which the group lies above the base'),
    low: z.number(),
    high: z.number(),
    chance: z.number().nullable().describe('of such a difference under none, corrected; null: it cannot be told'),
    significant: z.boolean(),
  }),
);

export const fleetSchema = later((z) =>
  z.object({
    schema: z.literal(FLEET_SCHEMA),
    files: z.int().describe('that were named, with those that failed'),
    runs: z.int(),
    headlines: z.array(headlineSchema()),
    groups: z.array(groupSchema()).describe('by fingerprint, the base first and then by number of runs'),
    differences: z
      .array(
        z.object({
          group: z.int().describe('position in `groups`; the base is 0'),
          method: z.enum(['runs', 'intervals']).describe('the order of runs, or the intervals of few'),
          numbers: z.array(differenceSchema()),
        }),
      )
      .describe('of each group but the base'),
    unidentified: z
      .array(z.object({ source: source(), reason: z.string() }))
      .describe('runs whose host is not known: they belong to no group'),
    failures: z
      .array(z.object({ source: z.string(), code: z.string(), message: z.string() }))
      .describe('files that could not be read'),
  }),
);

export type FleetDocument = z.infer<ReturnType<typeof fleetSchema>>;
export type FleetPlace = z.infer<ReturnType<typeof placeSchema>>;
export type FleetSpread = z.infer<ReturnType<typeof spreadSchema>>;

/** Returns the JSON Schema (draft 2020-12) of written fleet documents, which is also a file: copytax/schema/fleet. */
export function fleetJsonSchema(): object {
  return publishedSchema(
    {
      version: FLEET_SCHEMA,
      title: 'Fleet of copytax compare',
      description: 'Results of many hosts: groups of like hosts, how much they vary, and which runs lie outside.',
    },
    writtenForm(fleetSchema()),
  );
}
