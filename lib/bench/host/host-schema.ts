/**
 * The schema of the facts of a host that decide what copies cost on it. The type, the check of a result file and its
 * JSON Schema come from it. A fact that is not known is null, and `missing` has the reason.
 */
import { z } from 'zod';

const fact = <Schema extends z.ZodType>(schema: Schema, description: string) => schema.nullable().describe(description);

export const cacheSchema = z.object({
  level: z.int(),
  type: z.string().describe('Data, Instruction or Unified'),
  bytes: z.int(),
  lineBytes: z.int().nullable(),
  sharedBy: z.array(z.array(z.int())).describe('one list of online CPUs per instance of this cache'),
});

export const swiotlbCountersSchema = z.object({
  pool: z.string().describe('folder below swiotlb in debugfs, empty for the default slot pool'),
  slots: z.int().nullable(),
  used: z.int().nullable(),
  highWater: z.int().nullable(),
});

export const hostSchema = z.object({
  arch: z.string().describe('as Node names it'),
  cpu: z.object({
    vendor: fact(z.string(), 'vendor id or implementer'),
    model: fact(z.string(), 'marketing name'),
    family: fact(z.int(), 'x86 family'),
    modelNumber: fact(z.int(), 'x86 model, or part number on arm64'),
    stepping: fact(z.int(), 'x86 stepping, or revision on arm64'),
    microcode: fact(z.string(), 'microcode revision'),
    flags: fact(z.array(z.string()), 'only the flags that decide how memory is copied or timed'),
    online: fact(z.array(z.int()), 'CPUs that Linux runs'),
    smt: fact(z.boolean(), 'whether two online CPUs share a core'),
    governor: fact(z.string(), 'frequency governor; several are joined by a comma'),
  }),
  caches: fact(z.array(cacheSchema), 'every cache level with its instances'),
  numaNodes: fact(
    z.array(z.object({ id: z.int(), cpus: z.array(z.int()), bytes: z.int().nullable() })),
    'memory nodes',
  ),
  memory: z.object({
    totalBytes: fact(z.int(), 'MemTotal'),
    memlockLimit: fact(z.union([z.int(), z.literal('unlimited')]), 'bytes that an ordinary user may lock here'),
    transparentHugePages: fact(z.string(), 'the selected policy'),
    hugePagesFree: fact(z.int(), 'free reserved huge pages of the default size'),
  }),
  kernel: z.object({
    release: fact(z.string(), 'uname -r'),
    clocksource: fact(z.string(), 'current clock source'),
    bootTokens: fact(
      z.array(z.string()),
      'swiotlb, iommu and encryption tokens of the command line; nothing else of it',
    ),
  }),
  swiotlb: fact(z.array(swiotlbCountersSchema), 'counters of debugfs, one entry per slot pool'),
  encryption: fact(z.array(z.string()), 'memory encryption that Linux or the CPU announces'),
  hypervisor: z.object({
    present: fact(z.boolean(), 'whether the CPU says that it is virtual'),
    vendor: fact(z.string(), 'who made the hypervisor'),
  }),
  missing: z.array(z.object({ fact: z.string(), reason: z.string() })),
  fingerprint: z.string().describe('hash of what two hosts must share for their results to be compared directly'),
});

export type CacheFacts = z.infer<typeof cacheSchema>;
export type SwiotlbCounters = z.infer<typeof swiotlbCountersSchema>;
export type HostFacts = z.infer<typeof hostSchema>;
