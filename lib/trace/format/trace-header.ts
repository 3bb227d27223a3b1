/** The first line of an oracle trace: what was traced, and on which devices. See docs/spec/traces.md#header. */
import * as z from 'zod';

export const VERSION = 1;
const count = z.int().nonnegative();
/** A mask or limit; -1 stands for all 64 bits set. */
const mask = z.int().min(-1);

export const headerSchema = z.object({
  v: z.literal(VERSION),
  config: z.object({
    name: z.string(),
    kind: z.enum(['boot', 'restricted', 'raw']),
    dynamic: z.boolean(),
    canGrow: z.boolean(),
    ncpus: z.int().positive(),
    nslabs: z.int().positive(),
    nareas: z.int().positive(),
    defaultNslabs: count,
    defaultNareas: count,
    physBase: count,
    physLimit: mask,
    zoneDmaLimit: count,
    pageShift: z.literal(12),
  }),
  devices: z
    .array(
      z.object({
        minAlignMask: count,
        segBoundary: mask,
        dmaMask: mask,
        busDmaLimit: count,
        maxMapping: count,
      }),
    )
    .min(1),
});

export type TraceHeader = z.infer<typeof headerSchema>;
