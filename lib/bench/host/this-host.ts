/** The facts of the host that this process runs on. */
import { addon, type ConfidentialFacts, type CpuFacts } from '../../addon/addon.js';
import type { HostFacts } from '../facts/host-schema.js';
import type { CpuidFacts } from '../facts/linux/cpuid-facts.js';
import { hostFacts } from './host-facts.js';

const CACHE_TYPES = ['Data', 'Instruction', 'Unified'] as const;
const ISOLATION = ['none', 'vbs', 'snp', 'tdx'] as const;

/** Names what an addon's numbers say. */
export function cpuidFactsOf(
  hypervisorVendor: string,
  facts: ConfidentialFacts,
  caches: CpuFacts['caches'],
): CpuidFacts {
  const { sme, sev, sevEs, sevSnp, tdxGuest, hyperVIsolation } = facts;
  const offered = Object.entries({ sme, sev, sev_es: sevEs, sev_snp: sevSnp }).filter(([, isOffered]) => isOffered);
  return {
    hypervisorVendor,
    offered: offered.map(([name]) => name),
    caches: caches.map(({ level, type, bytes }) => ({ level, type: CACHE_TYPES[type - 1] ?? 'Unified', bytes })),
    tdxGuest,
    hyperVIsolation: hyperVIsolation < 0 ? null : (ISOLATION[hyperVIsolation] ?? 'other'),
  };
}

/** Null without the addon, and on architectures without CPUID. */
function cpuid(): CpuidFacts | null {
  try {
    const { hypervisorVendor, confidential, caches } = addon().cpuInfo();
    return confidential === null ? null : cpuidFactsOf(hypervisorVendor, confidential, caches);
  } catch {
    return null;
  }
}

/** Works without the addon, with fewer facts known. Otherwise like `hostFacts`. */
export function thisHost(): HostFacts {
  return hostFacts({ cpuid });
}
