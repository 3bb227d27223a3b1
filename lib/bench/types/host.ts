/** The facts of a host. Written by `npm run docs` from the schemas: change those. */
import type { CacheFacts, CacheKnee, CpusOfHost, ReportedCache } from './cpus.js';

/** A fact that is not known. */
export interface MissingFact {
  /** As it is named beside this list. */
  fact: string;
  /** Why it is not known. */
  reason: string;
}

/** A cache in front of the memory of a node. */
export interface MemorySideCache {
  /** Size of the cache; null: not known. */
  bytes: number | null;
  /** Size of one line; null: not known. */
  lineBytes: number | null;
}

/** A memory node. */
export interface NumaNode {
  /** Number of the node as Linux has it. */
  id: number;
  /** Online CPUs of the node; empty: it has none; null: not known. */
  cpus: number[] | null;
  /** Memory of the node; null: not known. */
  bytes: number | null;
  /** To each node in the order of this list, as the firmware tells them; 10 is here. */
  distances: number[] | null;
  /**
   * Kind of memory as far as Linux tells: DRAM, persistent, CXL, GPU, high bandwidth, set aside by firmware, DAX
   * device, slower than DRAM or faster than DRAM.
   */
  kind: string | null;
  /** Cache in front of the memory of this node; null: none is told. */
  memorySideCache: MemorySideCache | null;
}

/** When Linux backs memory with transparent huge pages of a size. */
export interface PagePolicy {
  /** Size of the pages. */
  bytes: number;
  /** The selected one: always, inherit, madvise or never. */
  policy: string;
}

/** Memory modules of one kind. */
export interface MemoryModules {
  /** Kind of memory, such as DDR5. */
  type: string;
  /** Configured, millions per second; null: not told. */
  megatransfers: number | null;
  /** Size of each of them; null: not told. */
  bytes: number | null;
  /** Number of such modules. */
  count: number;
}

/** Memory of a host, its pages and its limits. */
export interface MemoryOfHost {
  /** MemTotal. */
  totalBytes: number | null;
  /** Page of Linux. */
  pageBytes: number | null;
  /** Bytes that an ordinary user may lock here. */
  memlockLimit: number | 'unlimited' | null;
  /** The selected policy. */
  transparentHugePages: string | null;
  /** How hard Linux tries to get a transparent huge page, the selected policy. */
  hugePageDefrag: string | null;
  /** Transparent huge pages of other sizes, with the selected policy of each; empty: none. */
  multiSizePages: PagePolicy[] | null;
  /** Free reserved huge pages of the default size. */
  hugePagesFree: number | null;
  /** Memory modules of one kind each, as the firmware or the driver of memory controllers names it. */
  modules: MemoryModules[] | null;
}

/** Linux on a host: its version and the choices that decide what copies cost. */
export interface LinuxFacts {
  /** Release as `uname -r` prints it. */
  release: string | null;
  /** Current clock source. */
  clocksource: string | null;
  /** Preemption model: none, voluntary, full, lazy or rt. */
  preemption: string | null;
  /** What Linux does about the weaknesses that the CPU has, by name, first clause. */
  mitigations: Record<string, string> | null;
  /** Tokens of the command line that decide what copies cost; nothing else of it. */
  bootTokens: string[] | null;
  /**
   * Bytes that Linux lets the send buffer of a TCP socket grow to by itself: the maximum of tcp_wmem; not in files from
   * before.
   */
  sendBufferMaxBytes?: number | null | undefined;
}

/** What Linux tells of a slot pool of its own swiotlb, in slots. */
export interface SwiotlbCounters {
  /** Folder below swiotlb in debugfs, empty for the default slot pool. */
  pool: string;
  /** Size of the slot pool, in slots of 2048 bytes; null: not told. */
  slots: number | null;
  /** Slots in use when the facts were gathered; null: not told. */
  used: number | null;
  /** Most slots that were ever in use at a time; null: not told. */
  highWater: number | null;
}

/** What is known of the encryption of memory. */
export interface EncryptionFacts {
  /** Memory encryption that the CPU could do: says nothing about the memory in use. */
  able: string[] | null;
  /** Kind of confidential guest: sev, sev_es, sev_snp, tdx, s390-pv, arm-cca and others; none: it is no such guest. */
  guest: string | null;
  /** What encrypts the memory that is measured, as far as evidence shows. */
  inEffect: string[] | null;
  /** Of what the CPU could do: shown not to encrypt the memory in use. */
  notInEffect: string[];
  /** Of what the CPU could do: nothing shows whether it is in effect. */
  undecided: string[];
}

/** What runs a host as a guest. */
export interface HypervisorFacts {
  /** Whether this is a guest. */
  present: boolean | null;
  /** Hypervisor by the name that the CPU or Linux has for it. */
  vendor: string | null;
}

/**
 * The facts of a host: CPUs, caches, memory, Linux, the hypervisor. What is not known is null, with its reason in
 * `missing`. CPUs are numbers as Linux has them, in ascending order.
 */
export interface HostFacts {
  /** As Node names it. */
  arch: string;
  /** The CPUs: how many, of what kinds, and how they are run. */
  cpu: CpusOfHost;
  /** Every cache level with its instances. */
  caches: CacheFacts[] | null;
  /**
   * Online CPUs of which no cache is told while others have some, or, where all CPUs are of one kind, not each level
   * that others have; null: no cache is told.
   */
  cachesIncomplete: number[] | null;
  /**
   * Caches that the CPU reports by CPUID, where Linux tells none; that of the third level may be of the whole package.
   */
  reportedCaches?: ReportedCache[] | null | undefined;
  /** empty: all sizes are equally fast; absent where it was not tried. */
  cacheKnees?: CacheKnee[] | null | undefined;
  /** Absent where nothing was measured. */
  cacheKneesHugeShare?: number | null | undefined;
  /** Memory nodes. */
  numaNodes: NumaNode[] | null;
  /** Memory nodes with CPUs in the package that has most of them: more than one with SNC or NPS. */
  subNuma: number | null;
  /** Memory of the host, its pages and its limits. */
  memory: MemoryOfHost;
  /** Linux: its version and the choices that decide what copies cost. */
  kernel: LinuxFacts;
  /** Counters of debugfs, one entry per slot pool. */
  swiotlb: SwiotlbCounters[] | null;
  /** Encryption of memory. */
  encryption: EncryptionFacts;
  /** What runs this host as a guest, if anything does. */
  hypervisor: HypervisorFacts;
  /** Facts that are not known, with the reason of each. */
  missing: MissingFact[];
  /**
   * Hash of what two hosts must share for their results to be compared directly, after the version of its making; null
   * where a part of that is not known, because unknown is not equal to unknown.
   */
  fingerprint: string | null;
}
