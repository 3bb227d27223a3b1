/** Why something is not known of a CPU, said so that it is true on the host. */
import { formatCpuList } from '../cpu-list.js';
import type { HostFiles } from '../host-files.js';
import type { CpuType } from '../host-schema.js';
import type { CpuIdentity } from './identity.js';
import { CPUS } from './online.js';

type Part = keyof CpuIdentity;

/** Reasons of facts that such a host does not have, or that another fact tells: they are no gaps. */
const INAPPLICABLE = {
  armFamily: 'arm CPUs have no family',
  armMicrocode: 'arm CPUs tell none',
  armOrRiscv: 'only arm and riscv CPUs have it',
  stepping: 'x86 CPUs have a stepping instead',
  x86: 'only x86 CPUs have it',
  number: 'only x86, arm and s390 CPUs have it',
  oneKind: 'there is one kind of CPU',
  differs: 'kinds differ in it: see cpu.types',
} as const;

/** Whether a fact is missing because it does not apply to the host. `reason` is that of its entry in `missing`. */
export function doesNotApply(reason: string): boolean {
  return (Object.values(INAPPLICABLE) as readonly string[]).includes(reason);
}

/** What the way a block is written cannot say. */
function unsaid(part: Part, { architecture, implementer, part: number }: CpuIdentity): string | null {
  if (architecture === 'arm, unclear') return '/proc/cpuinfo describes one CPU for all of them, and they differ';
  if (architecture === 'arm') {
    if (implementer === null) return '/proc/cpuinfo names no implementer';
    if (part === 'vendor') return `no name is known for implementer ${implementer}`;
    if (part === 'model' && number !== null) return `no name is known for part ${number} of implementer ${implementer}`;
    if (part === 'family') return INAPPLICABLE.armFamily;
    if (part === 'microcode') return INAPPLICABLE.armMicrocode;
  } else if (part === 'implementer' || part === 'part') return INAPPLICABLE.armOrRiscv;
  else if (part === 'microcode' && architecture === 'x86') return '/proc/cpuinfo has none, or hides it as 0xffffffff';
  else if (part === 'revision' && architecture === 'x86') return INAPPLICABLE.stepping;
  else if (part === 'family' || part === 'stepping') return architecture === 'x86' ? null : INAPPLICABLE.x86;
  else if (part === 'microcode') return INAPPLICABLE.x86;
  else if (part === 'modelNumber' && ['riscv', 'other'].includes(architecture)) return INAPPLICABLE.number;
  else if (part === 'vendor' && architecture === 'riscv' && implementer !== null) {
    return `no name is known for mvendorid ${implementer}`;
  }
  return null;
}

/** Reason why a part of the identity of these CPUs is null. */
export function reasonOfIdentity(
  files: HostFiles,
  part: Part,
  cpus: readonly number[],
  identities: ReadonlyMap<number, CpuIdentity>,
): string {
  const told = cpus.flatMap((cpu) => identities.get(cpu) ?? []);
  if (told.length === 0 && !/^(?:processor|cpu number)\b/m.test(files.text('/proc/cpuinfo') ?? '')) {
    return files.reason('/proc/cpuinfo');
  }
  const untold = cpus.filter((cpu) => !identities.has(cpu));
  if (untold.length > 0) return `/proc/cpuinfo does not list CPUs ${formatCpuList(untold)}`;
  if (told.some((identity) => identity[part] !== null)) return INAPPLICABLE.differs;
  return unsaid(part, told[0]!) ?? '/proc/cpuinfo does not say';
}

const CLOCK_FILES: Partial<Record<keyof CpuType, string>> = {
  capacity: 'cpu_capacity',
  maxMHz: 'cpufreq/cpuinfo_max_freq',
  baseMHz: 'cpufreq/base_frequency',
};

/** Reason why a fact of a kind of CPUs is null. */
export function reasonOfType(
  files: HostFiles,
  field: keyof CpuType,
  type: CpuType,
  types: readonly CpuType[],
  identities: ReadonlyMap<number, CpuIdentity>,
): string {
  const file = CLOCK_FILES[field];
  if (file !== undefined) {
    const paths = type.cpus.map((cpu) => `${CPUS}/cpu${cpu}/${file}`);
    // It tells kinds apart, and most hosts of one kind have no such file.
    const isNowhere = paths.every((path) => files.isAbsent(path));
    if (field === 'capacity' && types.length === 1 && isNowhere) return INAPPLICABLE.oneKind;
    return files.reason(paths.find((path) => !/^[1-9]/.test(files.text(path) ?? '')) ?? paths[0]!);
  }
  if (field === 'threadsPerCore') return 'the cores of the CPUs are not known';
  if (field === 'kind') return types.length === 1 ? INAPPLICABLE.oneKind : 'nothing tells the role of this kind';
  return reasonOfIdentity(files, field as Part, type.cpus, identities);
}
