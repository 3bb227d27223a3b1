/** The document of `copytax doctor --json`: type, check and JSON Schema are one text. */
import type { z } from 'zod';
import { later } from '../../schemas.js';
import { hostSchema } from '../facts/host-schema.js';
import { migratedFacts } from '../facts/older-facts.js';
import { publishedSchema, writtenForm } from '../files/published-schema.js';
import { contentError } from '../files/read-json.js';

export const DOCTOR_SCHEMA = 'copytax.doctor/2';

const LEVELS = ['quiet', 'noisy', 'unusable'] as const;

const summarySchema = later((z) =>
  z.object({
    median: z.number(),
    low: z.number(),
    high: z.number(),
    confidence: z.number().describe('chance that such an interval holds the true median'),
  }),
);

const comparisonSchema = later((z) =>
  z.object({
    what: z.string(),
    unit: z.enum(['ns', 'share']),
    without: summarySchema().describe('without the guard'),
    with: summarySchema().describe('with it'),
    factor: z
      .object({ ...summarySchema().omit({ confidence: true }).shape, rounds: z.int(), significant: z.boolean() })
      .nullable()
      .describe('of each repeat: without the guard / with it'),
    samples: z.object({ without: z.array(z.number()), with: z.array(z.number()) }).describe('index: repeat'),
  }),
);

const factSchema = later((z) =>
  z.object({
    what: z.string(),
    value: z.union([z.number(), z.string()]).nullable().describe('null: not known'),
    unit: z.enum(['ns', 'share', 'bytes', 'count', 'CPUs']).nullable(),
  }),
);

const guardSchema = later((z) =>
  z.object({
    name: z.string(),
    mistake: z.string(),
    effect: z.string().describe('what happens without the guard'),
    guard: z.string().describe('what copytax does about it'),
    refusal: z.string().nullable().describe('why it could not be tried here; null if it was'),
    comparisons: z.array(comparisonSchema()),
    facts: z.array(factSchema()),
  }),
);

const limit = later((z) => z.number().nullable());

const judgementSchema = later((z) =>
  z.object({
    name: z.string(),
    what: z.string(),
    unit: z.enum(['ns', 'share', 'count', 'CPUs', 'factor', 'per second']),
    value: z
      .union([z.number(), z.literal('none')])
      .nullable()
      .describe('none: no such limit; null: not known'),
    is: z.enum(['above', 'below']).describe('where a value must not be'),
    noisy: limit().describe('the limit beyond which the host is noisy'),
    unusable: limit().describe('the limit beyond which it is unusable; null: this alone never makes it so'),
    level: z.enum([...LEVELS, 'unknown']),
    why: z.string().describe('why it matters'),
    help: z.string().describe('what would help'),
  }),
);

export const doctorSchema = later((z) =>
  z.object({
    schema: z.literal(DOCTOR_SCHEMA),
    version: z.string().describe('of copytax'),
    created: z.string().describe('ISO 8601, UTC'),
    seconds: z.number(),
    interrupted: z.boolean(),
    machine: hostSchema(),
    cpus: z.array(z.int()).describe('that this process may use; the first is measured on'),
    copyKernel: z.string(),
    verdict: z.enum(LEVELS).nullable().describe('the worst of the judgements; null if there is none'),
    judgements: z.array(judgementSchema()),
    guards: z.array(guardSchema()),
    missing: z.array(z.object({ fact: z.string(), reason: z.string() })).describe('what could not be seen, and why'),
  }),
);

export type DoctorDocument = z.infer<ReturnType<typeof doctorSchema>>;
const FIRST_SCHEMA = 'copytax.doctor/1';

const REMEDY = 'take it as `copytax doctor --json` printed it';

/**
 * Checks a parsed examination of this version or an older one, which `source` names in errors.
 * @throws ERR_RESULT_SCHEMA; `details` has the first path that is wrong, the reason, and what to do
 */
export function parseDoctor(value: unknown, source = 'the examination'): DoctorDocument {
  const { schema, machine, ...rest } = (value ?? {}) as Partial<DoctorDocument>;
  const isFirst = (schema as string) === FIRST_SCHEMA;
  const document = isFirst ? { ...rest, schema: DOCTOR_SCHEMA, machine: migratedFacts(machine, FIRST_SCHEMA) } : value;
  const { data, error } = doctorSchema().safeParse(document);
  if (data !== undefined) return data;
  const { path: keys, message } = error!.issues[0]!;
  const path = keys.join('.') || 'the document';
  throw contentError(source, `is not a ${DOCTOR_SCHEMA} document: ${path}: ${message}`, REMEDY, path);
}

export type GuardReport = z.infer<ReturnType<typeof guardSchema>>;
export type Comparison = z.infer<ReturnType<typeof comparisonSchema>>;
export type DoctorFact = z.infer<ReturnType<typeof factSchema>>;
export type Judgement = z.infer<ReturnType<typeof judgementSchema>>;
export type Fitness = (typeof LEVELS)[number];

/** Returns the JSON Schema (draft 2020-12) of written examinations, which is also a file: copytax/schema/doctor. */
export function doctorJsonSchema(): object {
  return publishedSchema(
    {
      version: DOCTOR_SCHEMA,
      title: 'Examination of copytax doctor',
      description: 'What goes wrong on a host without each guard, and whether it is fit for measuring.',
    },
    writtenForm(doctorSchema()),
  );
}
