/** The file of a comparison with other tools: what was compared, and every rate. The report reads no more. */
import { z } from 'zod';
import { CopytaxError } from '../../lib/errors.js';
import { readJson, writeWhole } from '../files/json-file.js';

export const AGREEMENT_SCHEMA = 'copytax.tool-agreement/1';

const pairSchema = z.object({ of: z.string(), to: z.string() });

const explanationSchema = z.object({
  because: z.string().describe('what differs, as a sentence that holds if the pairs agree'),
  pairs: z.array(pairSchema).min(1).describe('keys whose rates agree if the sentence is true'),
});

const comparisonSchema = z.object({
  tool: z.string(),
  kind: z.string().describe('what the tool calls it'),
  bytes: z.int().positive().describe('of each array'),
  copyKernel: z.string().describe('of copytax'),
  of: z.string().describe('key of the tool'),
  to: z.string().describe('key of copytax'),
  explanations: z.array(explanationSchema).describe('in the order in which they are tried'),
});

const fileSchema = z.object({
  schema: z.literal(AGREEMENT_SCHEMA),
  created: z.string(),
  version: z.string(),
  node: z.string(),
  host: z.object({
    cpu: z.string().nullable(),
    cpus: z.int(),
    hypervisor: z.string().nullable(),
    linux: z.string().nullable(),
    libc: z.string().nullable(),
    lastLevelCacheBytes: z.number().nullable(),
    transparentHugePages: z.string().nullable().describe('the mode of Linux: always, madvise or never'),
  }),
  cpu: z.int().nullable().describe('that everything ran on; null where threads may not be pinned'),
  rounds: z.int().positive(),
  tools: z.array(z.object({ name: z.string(), version: z.string().nullable() })),
  skipped: z.array(z.string()).describe('what was not compared, and why'),
  comparisons: z.array(comparisonSchema),
  rates: z.record(z.string(), z.array(z.number().positive())).describe('gigabytes per second of each round, by key'),
});

export type Explanation = z.infer<typeof explanationSchema>;
export type Comparison = z.infer<typeof comparisonSchema>;
export type AgreementData = z.infer<typeof fileSchema>;
/** Gigabytes per second of each round, by key. */
export type Rates = AgreementData['rates'];

/** Returns the value as data of this schema. `source`: the name of its file. @throws ERR_RESULT_SCHEMA */
export function parseAgreement(value: unknown, source: string): AgreementData {
  const parsed = fileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const why = `${issue!.path.join('.') || 'the document'}: ${issue!.message}`;
  throw new CopytaxError('ERR_RESULT_SCHEMA', `${source} does not have the schema ${AGREEMENT_SCHEMA} (${why})`, {
    source,
    remedy: 'name a file that `npm run tool-agreement` wrote',
  });
}

/** @throws ERR_RESULT_FILE if it cannot be read, ERR_RESULT_SCHEMA if it is not such a file */
export function readAgreement(path: string): AgreementData {
  return parseAgreement(readJson(path), path);
}

/** Replaces the file in one step. @throws ERR_RESULT_FILE; the previous content is then still there */
export function writeAgreement(path: string, data: AgreementData): void {
  writeWhole(path, `${JSON.stringify(data, null, 1)}\n`);
}
