/**
 * The data of the experiment on variance: what was sampled when, in which process, with which threads and memory. The
 * analysis reads nothing else.
 */
import { z } from 'zod';
import { CopytaxError } from '../../lib/errors.js';

export const VARIANCE_SCHEMA = 'copytax.variance/1';

/** The columns of a sample, in the order in which its row has them. */
export const COLUMNS = ['cell', 'atMs', 'value', 'onCpuShare', 'tripNs', 'pulseNs'] as const;

/** A row: index of the cell, start since that of the experiment, value in the unit of the cell, and so on. */
const sampleSchema = z.tuple([
  z.int().min(0),
  z.number(),
  z.number().positive().nullable(),
  z.number().min(0).max(1).nullable(),
  z.number().positive().nullable(),
  z.number().positive().nullable(),
]);

const turnSchema = z.object({
  process: z.int().min(0).describe('number of the process, from 0 in the order of their starts'),
  threads: z.int().min(0).describe('generation of the threads of this process'),
  memory: z.int().min(0).describe('generation of the memory of this process'),
  samples: z.array(sampleSchema),
});

const dataSchema = z.object({
  schema: z.literal(VARIANCE_SCHEMA),
  created: z.string(),
  version: z.string(),
  node: z.string(),
  host: z.object({ cpu: z.string().nullable(), cpus: z.int(), hypervisor: z.string().nullable() }),
  settings: z.object({
    minutes: z.number(),
    processes: z.int().describe('alive at a time'),
    sampleMs: z.int(),
    seed: z.int(),
  }),
  columns: z.array(z.string()),
  cells: z.array(z.object({ id: z.string(), unit: z.string(), kind: z.enum(['design', 'copy']) })),
  turns: z.array(turnSchema),
  failures: z.array(z.object({ atMs: z.number(), process: z.int(), code: z.string(), message: z.string() })),
});

export type SampleRow = z.infer<typeof sampleSchema>;
export type Turn = z.infer<typeof turnSchema>;
export type VarianceData = z.infer<typeof dataSchema>;
export type CellFacts = VarianceData['cells'][number];
export type VarianceSettings = VarianceData['settings'];

/** What a sampled process replies to a request. */
export type SampledReply =
  | Omit<Turn, 'process'>
  | { readonly error: { readonly code: string; readonly message: string } };

/** Returns the value as data of this schema. `source`: the name of its file. @throws ERR_RESULT_SCHEMA */
export function parseVariance(value: unknown, source: string): VarianceData {
  const parsed = dataSchema.safeParse(value);
  if (parsed.success) {
    const { cells, turns } = parsed.data;
    const stray = turns.flatMap(({ samples }) => samples).find(([cell]) => cell >= cells.length);
    if (stray === undefined) return parsed.data;
    throw notData(source, `a sample is of cell ${stray[0]}, and there are ${cells.length}`);
  }
  const [issue] = parsed.error.issues;
  throw notData(source, `${issue!.path.join('.') || 'the document'}: ${issue!.message}`);
}

function notData(source: string, why: string): CopytaxError {
  return new CopytaxError('ERR_RESULT_SCHEMA', `${source} does not have the schema ${VARIANCE_SCHEMA} (${why})`, {
    source,
    remedy: 'name a file that `npm run variance` wrote',
  });
}
