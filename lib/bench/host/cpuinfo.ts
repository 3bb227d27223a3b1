/** Reads /proc/cpuinfo: which CPU this is, and which of its flags decide how memory is copied and timed. */

import type { HostFiles } from './host-files.js';
import type { HostFacts } from './host-schema.js';

/** String copies, vectors, cache control and clock, then the same of arm64. Other flags say nothing about a copy. */
const FLAGS_THAT_MATTER = new Set(
  (
    'erms fsrm fzrm fsrs sse4_2 avx2 avx512f avx512bw avx512vl movdiri movdir64b clflushopt clwb ' +
    'rdtscp constant_tsc nonstop_tsc tsc_reliable hypervisor ' +
    'asimd crc32 sve sve2 mops dcpop dcpodp'
  ).split(' '),
);

const ENCRYPTION_FLAGS = ['sme', 'sev', 'sev_es', 'sev_snp', 'tme', 'tdx_guest'];

const ARM_IMPLEMENTERS: Readonly<Record<number, string>> = {
  65: 'ARM',
  67: 'Cavium',
  70: 'Fujitsu',
  72: 'HiSilicon',
  78: 'NVIDIA',
  81: 'Qualcomm',
  97: 'Apple',
  192: 'Ampere',
};

const ARM_PARTS: Readonly<Record<number, string>> = {
  3340: 'Neoverse-N1',
  3392: 'Neoverse-V1',
  3401: 'Neoverse-N2',
  3407: 'Neoverse-V2',
};

export interface CpuInfo {
  readonly vendor: string | null;
  readonly model: string | null;
  readonly family: number | null;
  readonly modelNumber: number | null;
  readonly stepping: number | null;
  readonly microcode: string | null;
  readonly flags: string[] | null;
  /** Memory encryption that the flags announce; null if there is no list of flags. */
  readonly encryption: string[] | null;
  /** Whether the CPU says that it is virtual; null if it has no way to say so. */
  readonly virtual: boolean | null;
}

/** Fields of the first CPU. Linux lists every one, but this package does not tell apart hosts with mixed CPUs. */
function firstBlock(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split(/\n\s*\n/)[0]!.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
  }
  return fields;
}

function integer(text: string | undefined): number | null {
  const value = Number(text);
  return text !== undefined && text !== '' && Number.isInteger(value) ? value : null;
}

/** Parses the file of an x86 or arm64 host. For other architectures most fields are null. */
export function parseCpuInfo(text: string): CpuInfo {
  const fields = firstBlock(text);
  const flags = (fields.get('flags') ?? fields.get('Features'))?.split(/\s+/) ?? null;
  const implementer = integer(fields.get('CPU implementer'));
  const part = integer(fields.get('CPU part'));
  const arm = implementer !== null;
  return {
    vendor: arm ? (ARM_IMPLEMENTERS[implementer] ?? `implementer ${implementer}`) : (fields.get('vendor_id') ?? null),
    model: arm ? (ARM_PARTS[part ?? -1] ?? fields.get('model name') ?? null) : (fields.get('model name') ?? null),
    family: integer(fields.get('cpu family')),
    modelNumber: arm ? part : integer(fields.get('model')),
    stepping: integer(fields.get(arm ? 'CPU revision' : 'stepping')),
    microcode: fields.get('microcode') ?? null,
    flags: flags?.filter((flag) => FLAGS_THAT_MATTER.has(flag)).sort() ?? null,
    encryption: flags === null ? null : ENCRYPTION_FLAGS.filter((flag) => flags.includes(flag)),
    virtual: flags === null || arm ? null : flags.includes('hypervisor'),
  };
}

type CpuIdentity = Omit<HostFacts['cpu'], 'online' | 'smt' | 'governor'>;

/** Returns the identity of the CPU, and records a reason for each part that the file does not hold. */
export function cpuIdentity(files: HostFiles): { info: CpuInfo; identity: CpuIdentity } {
  const info = parseCpuInfo(files.text('/proc/cpuinfo') ?? '');
  const { encryption: _encryption, virtual: _virtual, ...identity } = info;
  for (const [name, value] of Object.entries(identity)) {
    if (value === null) files.miss(`cpu.${name}`, '/proc/cpuinfo does not say');
  }
  return { info, identity };
}
