/** The document of `copytax doctor --json`: type, check and JSON Schema are one text. */
import { z } from 'zod';
import { hostSchema } from '../host/host-schema.js';

export const DOCTOR_SCHEMA = 'copytax.doctor/1';

const LEVELS = ['quiet', 'noisy', 'unusable'] as const;

const summarySchema = z.object({
  median: z.number(),
  low: z.number(),
  high: z.number(),
  confidence: z.number().describe('chance that such an interval holds the true median'),
});

const comparisonSchema = z.object({
  what: z.string(),
  unit: z.enum(['ns', 'share']),
  without: summarySchema.describe('without the guard'),
  with: summarySchema.describe('with it'),
  factor: z
    .object({ ...summarySchema.omit({ confidence: true }).shape, rounds: z.int(), significant: z.boolean() })
    .nullable()
    .describe('of each repeat: without the guard / with it'),
  samples: z.object({ without: z.array(z.number()), with: z.array(z.number()) }).describe('index: repeat'),
});

const factSchema = z.object({
  what: z.string(),
  value: z.union([z.number(), z.string()]).nullable().describe('null: not known'),
  unit: z.enum(['ns', 'share', 'bytes', 'count', 'CPUs']).nullable(),
});

const guardSchema = z.object({
  name: z.string(),
  mistake: z.string(),
  effect: z.string().describe('what happens without the guard'),
  guard: z.string().describe('what copytax does about it'),
  refusal: z.string().nullable().describe('why it could not be tried here; null if it was'),
  comparisons: z.array(comparisonSchema),
  facts: z.array(factSchema),
});

const limit = z.number().nullable();

const judgementSchema = z.object({
  name: z.string(),
  what: z.string(),
  unit: z.enum(['ns', 'share', 'count', 'CPUs', 'factor', 'per second']),
  value: z
    .union([z.number(), z.literal('none')])
    .nullable()
    .describe('none: no such limit; null: not known'),
  is: z.enum(['above', 'below']).describe('where a value must not be'),
  noisy: limit.describe('the limit beyond which the host is noisy'),
  unusable: limit.describe('the limit beyond which it is unusable; null: this alone never makes it so'),
  level: z.enum([...LEVELS, 'unknown']),
  why: z.string().describe('why it matters'),
  help: z.string().describe('what would help'),
});

export const doctorSchema = z.object({
  schema: z.literal(DOCTOR_SCHEMA),
  version: z.string().describe('of copytax'),
  created: z.string().describe('ISO 8601, UTC'),
  seconds: z.number(),
  interrupted: z.boolean(),
  machine: hostSchema,
  cpus: z.array(z.int()).describe('that this process may use; the first is measured on'),
  copyKernel: z.string(),
  verdict: z.enum(LEVELS).nullable().describe('the worst of the judgements; null if there is none'),
  judgements: z.array(judgementSchema),
  guards: z.array(guardSchema),
  missing: z.array(z.object({ fact: z.string(), reason: z.string() })).describe('what could not be seen, and why'),
});

export type DoctorDocument = z.infer<typeof doctorSchema>;
export type GuardReport = z.infer<typeof guardSchema>;
export type Comparison = z.infer<typeof comparisonSchema>;
export type DoctorFact = z.infer<typeof factSchema>;
export type Judgement = z.infer<typeof judgementSchema>;
export type Fitness = (typeof LEVELS)[number];

export function doctorJsonSchema(): unknown {
  return z.toJSONSchema(doctorSchema);
}
