/** What the addon says of the CPU and of a thread, as types. */

/** What the CPU says of itself, and the clock that intervals are timed by. */
export interface CpuFacts {
  /** Architecture that the addon was compiled for. */
  arch: 'x64' | 'arm64' | 'other';
  /** As the CPU names it; '' where it does not. */
  vendor: string;
  /** As the CPU names it; '' where it does not. */
  model: string;
  /** This and the next two are -1 where the architecture has no such number. */
  family: number;
  /** -1 where the architecture has no such number. */
  modelNumber: number;
  /** -1 where the architecture has no such number. */
  stepping: number;
  /** What the CPU is able to do. */
  flags: Record<CpuFlag, boolean>;
  /** As the hypervisor names itself; '' without one. */
  hypervisorVendor: string;
  /** What an x86 CPU says of memory encryption; null on other architectures. */
  confidential: ConfidentialFacts | null;
  /** Caches that the CPU reports, small to large, if any. `type`: 1 data, 2 instructions, 3 both. */
  caches: {
    /** 1 is the nearest to the CPU. */
    level: number;
    /** 1: data; 2: instructions; 3: unified. */
    type: number;
    /** Of one instance. */
    bytes: number;
  }[];
  /** Calibrated rate of the counter behind the clock. */
  tscHz: number;
  /** What the clock counts by. */
  clockSource: 'tsc' | 'cntvct' | 'clock_gettime';
  /** The length that an empty interval is measured as. */
  clockOverheadNs: number;
}

/** Kinds of memory encryption that the CPU speaks of. */
export interface ConfidentialFacts {
  /** Of AMD, as offered to Linux on this CPU, used or not. */
  sme: boolean;
  /** Encrypted guests. */
  sev: boolean;
  /** Encrypted registers of guests. */
  sevEs: boolean;
  /** Guests whose memory the host cannot swap for other memory. */
  sevSnp: boolean;
  /** True in a guest of Intel TDX. */
  tdxGuest: boolean;
  /** 0: none, 1: VBS, 2: SEV-SNP, 3: TDX; -1: not under Hyper-V. */
  hyperVIsolation: number;
}

/** A property of CPUs that copy kernels and clocks depend on. */
export type CpuFlag =
  | 'erms'
  | 'fsrm'
  | 'avx2'
  | 'avx512f'
  | 'sse42'
  | 'clflushopt'
  | 'clwb'
  | 'movdir64b'
  | 'invariantTsc'
  | 'hypervisor'
  | 'neon'
  | 'armCrc32';

/** What a thread has used since it began: what `threadUsage` returns. */
export interface ThreadUsage {
  /** Times that it waited for something. */
  voluntarySwitches: number;
  /** Times that Linux took the CPU away although it could have run on. */
  involuntarySwitches: number;
  /** CPU time in the program. */
  userNs: number;
  /** CPU time in Linux. */
  systemNs: number;
  /** On a CPU, to the nanosecond: `userNs` and `systemNs` may be a tick of Linux (1 to 10 ms) late. */
  cpuNs: number;
  /** Page faults that read no file. */
  minorFaults: number;
  /** Page faults that did. */
  majorFaults: number;
}
