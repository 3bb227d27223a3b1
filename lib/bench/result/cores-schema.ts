/** The costs of cells, and their differences, as a result file has them. */
import { z } from 'zod';
import { CORE_KEYS, type CoreKey, LEDGER } from '../plan/ledger-keys.js';

function byPart<Schema extends z.ZodType>(schema: Schema): z.ZodObject<Record<CoreKey, Schema>> {
  const parts = CORE_KEYS.map((key) => [key, schema.describe(LEDGER[key].help)]);
  return z.object(Object.fromEntries(parts) as Record<CoreKey, Schema>);
}

const interval = { low: z.number(), high: z.number() };
const rounds = z.int().describe('in which the threads had their CPUs: the others have no cost');

export const coresSchema = z
  .object({
    median: z.number(),
    ...interval,
    confidence: z.number().describe('exact confidence of the interval'),
    rounds,
    parts: byPart(
      z.object({
        cores: z.number(),
        low: z.number().describe('of the interval of the median of this part, widened to hold `cores`'),
        high: z.number(),
      }),
    ).describe('they add up to the median'),
  })
  .describe('CPU time per byte, cores per 100 Gbit/s');

const difference = { median: z.number(), ...interval, significant: z.boolean() };

export const costDifferenceSchema = z
  .object({
    id: z.string(),
    scenario: z.string(),
    of: z.string().describe('id of the cell whose cost it is taken from'),
    to: z.string().describe('id of the cell whose cost is taken away'),
    ...difference,
    rounds,
    parts: byPart(z.object(difference)).describe('medians: they do not add up'),
  })
  .describe('cost(of) - cost(to), formed within each round, cores per 100 Gbit/s');

/** The median of the totals of rounds, and parts that add up to it. */
export type Cores = z.infer<typeof coresSchema>;
export type CostDifferenceResult = z.infer<typeof costDifferenceSchema>;
/** What two cells differ by, wherever they stand. */
export type CostDifference = Omit<CostDifferenceResult, 'id' | 'scenario' | 'of' | 'to'>;
