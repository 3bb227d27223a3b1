/** What a CPU says of its hypervisor and of memory encryption by CPUID, which only the addon can ask. */
import type { HostFiles } from '../host-files.js';
import type { ReportedCache } from '../host-schema.js';

const CPUINFO = '/proc/cpuinfo';

/** x86 only: the CPUs of other architectures have no such instruction. */
export interface CpuidFacts {
  /** Signature of the hypervisor as the CPU has it; empty without one. */
  readonly hypervisorVendor: string;
  /** Memory encryption of AMD that leaf 0x8000001F offers: sme, sev, sev_es, sev_snp. Says nothing of its use. */
  readonly offered: readonly string[];
  /** Caches that the CPU reports, small to large; that of the third level may be of the whole package. */
  readonly caches: readonly ReportedCache[];
  /** Whether leaf 0x21 says that this is a TDX guest. */
  readonly tdxGuest: boolean;
  /** Isolation of leaf 0x4000000C of Hyper-V; null under another hypervisor or none. */
  readonly hyperVIsolation: 'none' | 'vbs' | 'snp' | 'tdx' | 'other' | null;
}

/** Flags of the first CPU of an x86 host, which all have; null where /proc/cpuinfo has no such line. */
export function x86Flags(files: HostFiles): readonly string[] | null {
  const line = /^flags[ \t]*:[ \t]*(\S.*)$/m.exec(files.text(CPUINFO) ?? '')?.[1];
  return line?.trim().split(/\s+/) ?? null;
}

/** Returns why there are no flags of an x86 CPU: a reason that is true of this host. */
export function whyNoFlags(files: HostFiles): string {
  return files.text(CPUINFO) === null ? files.reason(CPUINFO) : `${CPUINFO} has no flags of an x86 CPU`;
}
