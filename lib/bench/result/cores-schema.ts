/** The costs of cells, and their differences, as a result file has them. */
import type { z } from 'zod';
import { later, zod } from '../../schemas.js';
import type { Cores, CostDifferenceResult } from '../types/cores.js';
import { CORE_KEYS, type CoreKey, LEDGER } from '../types/ledger-keys.js';

function byPart<Schema extends z.ZodType>(schema: Schema): z.ZodObject<Record<CoreKey, Schema>> {
  const parts = CORE_KEYS.map((key) => [key, schema.describe(LEDGER[key].help)]);
  return zod().object(Object.fromEntries(parts) as Record<CoreKey, Schema>);
}

const interval = later((z) => ({
  low: z.number().describe('lower end of the interval of the median'),
  high: z.number().describe('upper end of it'),
}));
const rounds = later((z) => z.int().describe('in which the threads had their CPUs: the others have no cost'));

export const costPartSchema = later((z) =>
  z.object({
    cores: z.number().describe('share of this part in the median'),
    low: z.number().describe('of the interval of the median of this part, widened to hold `cores`'),
    high: z.number().describe('upper end of it'),
  }),
);

export const coresSchema = later((z) =>
  z
    .object({
      median: z.number().describe('of the totals of rounds'),
      ...interval(),
      confidence: z.number().describe('exact confidence of the interval'),
      rounds: rounds(),
      parts: byPart(costPartSchema()).describe('they add up to the median'),
    })
    .describe('CPU time per byte, cores per 100 Gbit/s'),
);

const difference = later((z) => ({
  median: z.number().describe('of the differences of rounds'),
  ...interval(),
  significant: z.boolean().describe('whether the difference is large and sure enough to speak of'),
}));

export const differencePartSchema = later((z) => z.object(difference()));

export const costDifferenceSchema = later((z) =>
  z
    .object({
      id: z.string().describe('of the ratio of the same two cells'),
      scenario: z.string().describe('name of the scenario that measured them'),
      of: z.string().describe('id of the cell whose cost it is taken from'),
      to: z.string().describe('id of the cell whose cost is taken away'),
      ...difference(),
      rounds: rounds(),
      parts: byPart(differencePartSchema()).describe('medians: they do not add up'),
    })
    .describe('cost(of) - cost(to), formed within each round, cores per 100 Gbit/s'),
);

export type { Cores, CostDifferenceResult };
/** What two cells differ by, wherever they stand. */
export type CostDifference = Omit<CostDifferenceResult, 'id' | 'scenario' | 'of' | 'to'>;

const computed = () => {
  const z = zod();
  return {
    median: z.number().describe('computed from the medians'),
    low: z.number().describe('lower end of the interval'),
    high: z.number().describe('upper end of it'),
  };
};

export const computedValueSchema = later((z) => z.object(computed()));

export const computedRateSchema = later((z) =>
  z.object({ id: z.string().describe('id of the cell whose rate was measured'), ...computed() }),
);

export const computedRatioSchema = later((z) =>
  z.object({
    id: z.string().describe('id of the ratio that was measured'),
    of: z.string().describe('id of the cell above the line'),
    to: z.string().describe('id of the cell below the line'),
    ...computed(),
  }),
);

export const linuxControlSchema = later((z) =>
  z.object({
    controlNsPer64K: computedValueSchema().describe(
      'what Linux took to send 64 KiB by TCP, without the copy: measured',
    ),
    rates: z.array(computedRateSchema()).describe('what designs would move, Gbit/s: computed, not measured'),
    ratios: z.array(computedRatioSchema()).describe('ratios of these rates, formed within rounds'),
  }),
);
