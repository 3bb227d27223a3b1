/**
 * The schema of the facts of a host that decide what copies cost on it. The types, which `npm run docs` writes to
 * `lib/bench/types`, the check of a result file and its JSON Schema come from it. A fact that is not known is null, and
 * `missing` has the reason: unknown is never told as a value. CPUs are numbers as Linux has them, in ascending order.
 */
import type { z } from 'zod';
import { later } from '../../schemas.js';

const fact = <Schema extends z.ZodType>(schema: Schema, description: string) => schema.nullable().describe(description);
const cpus = later((z) => z.array(z.int()));

/** A fact that is not known. */
export const missingFactSchema = later((z) =>
  z.object({
    fact: z.string().describe('as it is named beside this list'),
    reason: z.string().describe('why it is not known'),
  }),
);

/** What tells one kind of CPU from another. Hosts with one kind have one entry. */
export const cpuTypeSchema = later((z) =>
  z.object({
    cpus: cpus().describe('online CPUs of this kind'),
    kind: fact(z.enum(['performance', 'efficient']), 'role in a host of several kinds; null where there is one'),
    vendor: fact(z.string(), 'vendor id, or name of the implementer'),
    model: fact(z.string(), 'marketing name, or name of the arm64 part'),
    family: fact(z.int(), 'x86 family'),
    modelNumber: fact(z.int(), 'x86 model, part number on arm64, or machine type on s390'),
    stepping: fact(z.int(), 'x86 stepping, or revision on arm64'),
    microcode: fact(z.string(), 'microcode revision'),
    implementer: fact(z.string(), 'arm64 implementer, hexadecimal: 0x41; mvendorid on riscv'),
    part: fact(z.string(), 'arm64 part number, hexadecimal: 0xd0c; marchid on riscv'),
    revision: fact(z.string(), 'arm64 variant and revision: r3p1; revision as Linux has it on others, not on x86'),
    capacity: fact(z.int(), 'computing capacity as Linux has it, 1024 for the strongest CPU; the least of the kind'),
    baseMHz: fact(z.number(), 'clock that the chip promises, by its firmware or its name; the least of the kind'),
    maxMHz: fact(z.number(), 'highest clock that cpufreq allows to each CPU of the kind: favoured ones may have more'),
    threadsPerCore: fact(z.int(), 'online CPUs of one core; the most of any core'),
  }),
);

export const cacheSchema = later((z) =>
  z.object({
    level: z.int().describe('1 is the nearest to the CPU'),
    type: z.string().describe('Data, Instruction or Unified; Unknown: Linux does not say'),
    bytes: z.int().nullable().describe('size of one instance; null: not known'),
    lineBytes: fact(z.int(), 'size of one line; null: not known'),
    sharedBy: z.array(cpus()).describe('one list of online CPUs for each instance whose CPUs are known'),
    instances: fact(z.int(), 'number of such caches; null: of some CPUs it is not known which share one'),
    sharingUnknown: cpus().describe('online CPUs that have such a cache and of which that is not known'),
    toldBy: z
      .enum(['host', 'hypervisor'])
      .describe('hypervisor: in a guest, where sizes and sharing are what the hypervisor says, whatever the chip has'),
  }),
);

export const reportedCacheSchema = later((z) =>
  z.object({
    level: z.int().describe('1 is the nearest to the CPU'),
    type: z.string().describe('Data, Instruction or Unified'),
    bytes: z.int().describe('size of the cache'),
  }),
);

export const memorySideCacheSchema = later((z) =>
  z.object({
    bytes: fact(z.int(), 'size of the cache; null: not known'),
    lineBytes: fact(z.int(), 'size of one line; null: not known'),
  }),
);

export const numaNodeSchema = later((z) =>
  z.object({
    id: z.int().describe('number of the node as Linux has it'),
    cpus: fact(cpus(), 'online CPUs of the node; empty: it has none; null: not known'),
    bytes: fact(z.int(), 'memory of the node; null: not known'),
    distances: fact(z.array(z.int()), 'to each node in the order of this list, as the firmware tells them; 10 is here'),
    kind: fact(
      z.string(),
      'kind of memory as far as Linux tells: DRAM, persistent, CXL, GPU, high bandwidth, set aside by firmware, DAX ' +
        'device, slower than DRAM or faster than DRAM',
    ),
    memorySideCache: fact(memorySideCacheSchema(), 'cache in front of the memory of this node; null: none is told'),
  }),
);

export const cacheKneeSchema = later((z) =>
  z.object({
    bytes: z.number().describe('working set of one CPU from which on memory accesses take longer'),
    low: z.number().describe('largest set that is as fast as smaller ones, with allowance for noise'),
    high: z.number().describe('smallest set that is slower, with allowance for noise'),
    beforeNs: z.number().describe('time of one load below it that needs the result of the load before'),
    afterNs: z.number().describe('the same above it, where it has stopped rising or the next knee is not sure'),
  }),
);

export const swiotlbCountersSchema = later((z) =>
  z.object({
    pool: z.string().describe('folder below swiotlb in debugfs, empty for the default slot pool'),
    slots: fact(z.int(), 'size of the slot pool, in slots of 2048 bytes; null: not told'),
    used: fact(z.int(), 'slots in use when the facts were gathered; null: not told'),
    highWater: fact(z.int(), 'most slots that were ever in use at a time; null: not told'),
  }),
);

export const encryptionSchema = later((z) =>
  z.object({
    able: fact(z.array(z.string()), 'memory encryption that the CPU could do: says nothing about the memory in use'),
    guest: fact(
      z.string(),
      'kind of confidential guest: sev, sev_es, sev_snp, tdx, s390-pv, arm-cca and others; none: it is no such guest',
    ),
    inEffect: fact(z.array(z.string()), 'what encrypts the memory that is measured, as far as evidence shows'),
    notInEffect: z.array(z.string()).describe('of what the CPU could do: shown not to encrypt the memory in use'),
    undecided: z.array(z.string()).describe('of what the CPU could do: nothing shows whether it is in effect'),
  }),
);

export const hostSchema = later((z) =>
  z.object({
    arch: z.string().describe('as Node names it'),
    cpu: z
      .object({
        vendor: fact(z.string(), 'vendor id or implementer; of all CPUs, null where kinds differ in it'),
        model: fact(z.string(), 'marketing name; of all CPUs, null where kinds differ in it'),
        family: fact(z.int(), 'x86 family'),
        modelNumber: fact(z.int(), 'x86 model, or part number on arm64; null where kinds differ in it'),
        stepping: fact(z.int(), 'x86 stepping, or revision on arm64; null where kinds differ in it'),
        microcode: fact(z.string(), 'microcode revision; null where kinds differ in it'),
        flags: fact(
          z.array(z.string()),
          'only the flags that decide how memory is copied or timed, that all CPUs have',
        ),
        types: fact(z.array(cpuTypeSchema()), 'kinds of CPUs, in the order of their first CPU'),
        online: fact(cpus(), 'CPUs that Linux runs'),
        offline: fact(cpus(), 'CPUs that are there and switched off'),
        isolated: fact(cpus(), 'online CPUs that the scheduler of Linux leaves alone'),
        packages: fact(z.int(), 'packages with an online CPU'),
        dies: fact(z.int(), 'dies with an online CPU'),
        cores: fact(z.int(), 'cores with an online CPU'),
        threadsPerCore: fact(z.int(), 'online CPUs of one core; the most of any core'),
        siblings: fact(z.array(cpus()), 'for each core its online CPUs'),
        smt: fact(z.boolean(), 'whether two online CPUs share a core'),
        governor: fact(z.string(), 'frequency governor; several are joined by a comma'),
        frequencyDriver: fact(z.string(), 'driver of cpufreq'),
        turbo: fact(z.boolean(), 'whether clocks above the base are allowed'),
      })
      .describe('the CPUs: how many, of what kinds, and how they are run'),
    caches: fact(z.array(cacheSchema()), 'every cache level with its instances'),
    cachesIncomplete: fact(
      cpus(),
      'online CPUs of which no cache is told while others have some, or, where all CPUs are of one kind, not each ' +
        'level that others have; null: no cache is told',
    ),
    reportedCaches: fact(
      z.array(reportedCacheSchema()),
      'caches that the CPU reports by CPUID, where Linux tells none; that of the third level may be of the whole ' +
        'package',
    ).optional(),
    cacheKnees: fact(z.array(cacheKneeSchema()), 'measured sizes at which memory gets slower, small to large')
      .optional()
      .describe('empty: all sizes are equally fast; absent where it was not tried'),
    cacheKneesHugeShare: fact(z.number(), 'share of the memory of that measurement that huge pages backed')
      .optional()
      .describe('absent where nothing was measured'),
    numaNodes: fact(z.array(numaNodeSchema()), 'memory nodes'),
    subNuma: fact(
      z.int(),
      'memory nodes with CPUs in the package that has most of them: more than one with SNC or NPS',
    ),
    memory: z
      .object({
        totalBytes: fact(z.int(), 'MemTotal'),
        pageBytes: fact(z.int(), 'page of Linux'),
        memlockLimit: fact(z.union([z.int(), z.literal('unlimited')]), 'bytes that an ordinary user may lock here'),
        transparentHugePages: fact(z.string(), 'the selected policy'),
        hugePageDefrag: fact(z.string(), 'how hard Linux tries to get a transparent huge page, the selected policy'),
        multiSizePages: fact(
          z.array(
            z.object({
              bytes: z.int().describe('size of the pages'),
              policy: z.string().describe('the selected one: always, inherit, madvise or never'),
            }),
          ),
          'transparent huge pages of other sizes, with the selected policy of each; empty: none',
        ),
        hugePagesFree: fact(z.int(), 'free reserved huge pages of the default size'),
        modules: fact(
          z.array(
            z.object({
              type: z.string().describe('kind of memory, such as DDR5'),
              megatransfers: fact(z.int(), 'configured, millions per second; null: not told'),
              bytes: fact(z.int(), 'size of each of them; null: not told'),
              count: z.int().describe('number of such modules'),
            }),
          ),
          'memory modules of one kind each, as the firmware or the driver of memory controllers names it',
        ),
      })
      .describe('memory of the host, its pages and its limits'),
    kernel: z
      .object({
        release: fact(z.string(), 'release as `uname -r` prints it'),
        clocksource: fact(z.string(), 'current clock source'),
        preemption: fact(z.string(), 'preemption model: none, voluntary, full, lazy or rt'),
        mitigations: fact(
          z.record(z.string(), z.string()),
          'what Linux does about the weaknesses that the CPU has, by name, first clause',
        ),
        bootTokens: fact(
          z.array(z.string()),
          'tokens of the command line that decide what copies cost; nothing else of it',
        ),
        sendBufferMaxBytes: fact(
          z.int(),
          'bytes that Linux lets the send buffer of a TCP socket grow to by itself: the maximum of tcp_wmem; not in ' +
            'files from before',
        ).optional(),
      })
      .describe('Linux: its version and the choices that decide what copies cost'),
    swiotlb: fact(z.array(swiotlbCountersSchema()), 'counters of debugfs, one entry per slot pool'),
    encryption: encryptionSchema().describe('encryption of memory'),
    hypervisor: z
      .object({
        present: fact(z.boolean(), 'whether this is a guest'),
        vendor: fact(z.string(), 'hypervisor by the name that the CPU or Linux has for it'),
      })
      .describe('what runs this host as a guest, if anything does'),
    missing: z.array(missingFactSchema()).describe('facts that are not known, with the reason of each'),
    fingerprint: fact(
      z.string(),
      'hash of what two hosts must share for their results to be compared directly, after the version of its making; ' +
        'null where a part of that is not known, because unknown is not equal to unknown',
    ),
  }),
);

export type { CacheFacts, CacheKnee, CpuType, ReportedCache } from '../types/cpus.js';
export type { EncryptionFacts, HostFacts, NumaNode, SwiotlbCounters } from '../types/host.js';
