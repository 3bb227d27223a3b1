/** The facts of the CPUs of a host, with a reason for each that is not known. */
import { formatCpuList } from '../cpu-list.js';
import type { HostFiles } from '../host-files.js';
import type { CpuType, HostFacts } from '../host-schema.js';
import { governing, turboOf } from './clocks.js';
import { type Cores, coresOf } from './cores.js';
import { type CpuBlocks, cpuBlocks } from './cpu-blocks.js';
import { agreed, cpuTypes } from './cpu-types.js';
import { type CpuIdentity, identityOf, identityOfMidr, unclearIdentity } from './identity.js';
import { CPUS, isolatedCpus, offlineCpus, onlineCpus } from './online.js';
import { packagesOf } from './packages.js';
import { reasonOfIdentity, reasonOfType } from './reasons.js';

/** String copies, vectors, cache control and clock, then the same of arm64. Other flags say nothing about a copy. */
const FLAGS_THAT_MATTER = new Set(
  (
    'erms fsrm fzrm fsrs sse4_2 avx2 avx512f avx512bw avx512vl movdiri movdir64b clflushopt clwb ' +
    'rdtscp constant_tsc nonstop_tsc tsc_reliable hypervisor ' +
    'asimd crc32 sve sve2 mops dcpop dcpodp'
  ).split(' '),
);

type Cpu = HostFacts['cpu'];

/** Identity of each online CPU that one is told of. */
function identitiesOf(files: HostFiles, online: readonly number[], info: CpuBlocks): Map<number, CpuIdentity> {
  const identities = new Map<number, CpuIdentity>();
  for (const cpu of online) {
    const block = info.blocks.get(cpu);
    const told = block === undefined ? null : identityOf(block, info.common);
    const byRegister = () => identityOfMidr(files.text(`${CPUS}/cpu${cpu}/regs/identification/midr_el1`) ?? '');
    // A block that names no implementer leaves it to the register.
    const register =
      told === null || told.architecture === 'arm' || told.architecture === 'other' ? byRegister() : null;
    const identity =
      register === null
        ? told
        : { ...register, flags: told?.flags ?? null, model: register.model ?? told?.model ?? null };
    if (identity !== null) identities.set(cpu, identity);
  }
  return identities;
}

/** Whether old versions of Linux on arm wrote it, which describe the CPU that reads it, once for all. */
function describesOneForAll({ blocks, common }: CpuBlocks): boolean {
  return common.has('CPU implementer') && blocks.size > 1;
}

const IDENTITY = ['vendor', 'model', 'family', 'modelNumber', 'stepping', 'microcode'] as const;

/** Flags that all CPUs have, of those that matter. */
function commonFlags(files: HostFiles, online: readonly number[], identities: ReadonlyMap<number, CpuIdentity>) {
  const lists = online.map((cpu) => identities.get(cpu)?.flags ?? null);
  if (lists.length === 0 || lists.includes(null)) {
    return files.miss('cpu.flags', reasonOfIdentity(files, 'flags', online, identities));
  }
  return lists[0]!.filter((flag) => FLAGS_THAT_MATTER.has(flag) && lists.every((list) => list!.includes(flag)));
}

function identityFacts(
  files: HostFiles,
  online: readonly number[],
  identities: ReadonlyMap<number, CpuIdentity>,
): Pick<Cpu, (typeof IDENTITY)[number] | 'flags'> {
  const all = <Key extends (typeof IDENTITY)[number]>(key: Key): CpuIdentity[Key] | null =>
    agreed(online.map((cpu) => identities.get(cpu)?.[key])) ??
    files.miss(`cpu.${key}`, reasonOfIdentity(files, key, online, identities));
  return {
    vendor: all('vendor'),
    model: all('model'),
    family: all('family'),
    modelNumber: all('modelNumber'),
    stepping: all('stepping'),
    microcode: all('microcode'),
    flags: commonFlags(files, online, identities),
  };
}

type CoreFacts = Pick<Cpu, 'cores' | 'threadsPerCore' | 'siblings' | 'smt'>;

function coreFacts(files: HostFiles, { siblings, unknown, shared }: Cores): CoreFacts {
  if (siblings !== null) {
    const threadsPerCore = Math.max(...siblings.map((core) => core.length));
    return { cores: siblings.length, threadsPerCore, siblings, smt: threadsPerCore > 1 };
  }
  const path = `${CPUS}/cpu${unknown[0]}/topology/core_cpus_list`;
  const untold = `nothing tells the cores of CPUs ${formatCpuList(unknown)}: ${files.reason(path)}`;
  const reason = unknown.length === 0 ? 'the lists of siblings contradict each other' : untold;
  for (const fact of ['cores', 'threadsPerCore', 'siblings']) files.miss(`cpu.${fact}`, reason);
  const active = files.text(`${CPUS}/smt/active`);
  const smt = shared || active === '1' ? true : active === '0' ? false : files.miss('cpu.smt', reason);
  return { cores: null, threadsPerCore: null, siblings: null, smt };
}

function missOfTypes(files: HostFiles, types: readonly CpuType[], identities: ReadonlyMap<number, CpuIdentity>): void {
  for (const type of types) {
    for (const [field, value] of Object.entries(type)) {
      if (value !== null) continue;
      files.miss(`cpu.types[].${field}`, reasonOfType(files, field as keyof CpuType, type, types, identities));
    }
  }
}

const UNKNOWN_WITHOUT_CPUS = {
  types: null,
  packages: null,
  dies: null,
  cores: null,
  threadsPerCore: null,
  siblings: null,
  smt: null,
  governor: null,
  frequencyDriver: null,
};

/** Reads some ten small files for each CPU. Any thread. Never throws. */
export function cpuFacts(files: HostFiles): Cpu {
  const info = cpuBlocks(files.text('/proc/cpuinfo') ?? '');
  const online = onlineCpus(files, info);
  const cpus = online ?? [];
  const cores = coresOf(files, cpus, info);
  let identities = identitiesOf(files, cpus, info);
  let types = cpuTypes(files, cpus, identities, cores);
  const isRegister = (cpu: number) => files.text(`${CPUS}/cpu${cpu}/regs/identification/midr_el1`) !== null;
  if (types.length > 1 && describesOneForAll(info) && !cpus.every(isRegister)) {
    identities = new Map([...identities].map(([cpu, identity]) => [cpu, unclearIdentity(identity)]));
    types = cpuTypes(files, cpus, identities, cores);
  }
  const identity = identityFacts(files, cpus, identities);
  const which = { online, offline: offlineCpus(files, online), isolated: isolatedCpus(files, online) };
  if (online === null) {
    for (const fact of Object.keys(UNKNOWN_WITHOUT_CPUS)) files.miss(`cpu.${fact}`, 'the online CPUs are not known');
    return { ...identity, ...which, ...UNKNOWN_WITHOUT_CPUS, turbo: turboOf(files, []) };
  }
  missOfTypes(files, types, identities);
  return {
    ...identity,
    types,
    ...which,
    ...packagesOf(files, online, info, identities),
    ...coreFacts(files, cores),
    ...governing(files, online),
  };
}
