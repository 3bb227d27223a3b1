/** The facts of CPUs and caches. Written by `npm run docs` from the schemas: change those. */

/** What tells one kind of CPU from another. Hosts with one kind have one. */
export interface CpuType {
  /** Online CPUs of this kind. */
  cpus: number[];
  /** Role in a host of several kinds; null where there is one. */
  kind: 'performance' | 'efficient' | null;
  /** Vendor id, or name of the implementer. */
  vendor: string | null;
  /** Marketing name, or name of the arm64 part. */
  model: string | null;
  /** x86 family. */
  family: number | null;
  /** x86 model, part number on arm64, or machine type on s390. */
  modelNumber: number | null;
  /** x86 stepping, or revision on arm64. */
  stepping: number | null;
  /** Microcode revision. */
  microcode: string | null;
  /** arm64 implementer, hexadecimal: 0x41; mvendorid on riscv. */
  implementer: string | null;
  /** arm64 part number, hexadecimal: 0xd0c; marchid on riscv. */
  part: string | null;
  /** arm64 variant and revision: r3p1; revision as Linux has it on others, not on x86. */
  revision: string | null;
  /** Computing capacity as Linux has it, 1024 for the strongest CPU; the least of the kind. */
  capacity: number | null;
  /** Clock that the chip promises, by its firmware or its name; the least of the kind. */
  baseMHz: number | null;
  /** Highest clock that cpufreq allows to each CPU of the kind: favoured ones may have more. */
  maxMHz: number | null;
  /** Online CPUs of one core; the most of any core. */
  threadsPerCore: number | null;
}

/** The CPUs of a host. */
export interface CpusOfHost {
  /** Vendor id or implementer; of all CPUs, null where kinds differ in it. */
  vendor: string | null;
  /** Marketing name; of all CPUs, null where kinds differ in it. */
  model: string | null;
  /** x86 family. */
  family: number | null;
  /** x86 model, or part number on arm64; null where kinds differ in it. */
  modelNumber: number | null;
  /** x86 stepping, or revision on arm64; null where kinds differ in it. */
  stepping: number | null;
  /** Microcode revision; null where kinds differ in it. */
  microcode: string | null;
  /** Only the flags that decide how memory is copied or timed, that all CPUs have. */
  flags: string[] | null;
  /** Kinds of CPUs, in the order of their first CPU. */
  types: CpuType[] | null;
  /** CPUs that Linux runs. */
  online: number[] | null;
  /** CPUs that are there and switched off. */
  offline: number[] | null;
  /** Online CPUs that the scheduler of Linux leaves alone. */
  isolated: number[] | null;
  /** Packages with an online CPU. */
  packages: number | null;
  /** Dies with an online CPU. */
  dies: number | null;
  /** Cores with an online CPU. */
  cores: number | null;
  /** Online CPUs of one core; the most of any core. */
  threadsPerCore: number | null;
  /** For each core its online CPUs. */
  siblings: number[][] | null;
  /** Whether two online CPUs share a core. */
  smt: boolean | null;
  /** Frequency governor; several are joined by a comma. */
  governor: string | null;
  /** Driver of cpufreq. */
  frequencyDriver: string | null;
  /** Whether clocks above the base are allowed. */
  turbo: boolean | null;
}

/** A kind of cache of a host: which one, its size, and which CPUs share one. */
export interface CacheFacts {
  /** 1 is the nearest to the CPU. */
  level: number;
  /** Data, Instruction or Unified; Unknown: Linux does not say. */
  type: string;
  /** Size of one instance; null: not known. */
  bytes: number | null;
  /** Size of one line; null: not known. */
  lineBytes: number | null;
  /** One list of online CPUs for each instance whose CPUs are known. */
  sharedBy: number[][];
  /** Number of such caches; null: of some CPUs it is not known which share one. */
  instances: number | null;
  /** Online CPUs that have such a cache and of which that is not known. */
  sharingUnknown: number[];
  /** hypervisor: in a guest, where sizes and sharing are what the hypervisor says, whatever the chip has. */
  toldBy: 'host' | 'hypervisor';
}

/** A cache as the CPU reports it, where Linux tells none. */
export interface ReportedCache {
  /** 1 is the nearest to the CPU. */
  level: number;
  /** Data, Instruction or Unified. */
  type: string;
  /** Size of the cache. */
  bytes: number;
}

/** A size from which on memory is slower, as measured. */
export interface CacheKnee {
  /** Working set of one CPU from which on memory accesses take longer. */
  bytes: number;
  /** Largest set that is as fast as smaller ones, with allowance for noise. */
  low: number;
  /** Smallest set that is slower, with allowance for noise. */
  high: number;
  /** Time of one load below it that needs the result of the load before. */
  beforeNs: number;
  /** The same above it, where it has stopped rising or the next knee is not sure. */
  afterNs: number;
}
