/**
 * Memory encryption in three words: what the CPU could do, what kind of confidential guest this is, and what is in
 * effect for the memory in use. Flags of the CPU tell only the first: a host that can start such guests shows them all,
 * and the guests of AMD show none. Nothing is read of /dev, which containers do not see.
 * Sources: the documentation of Linux on AMD memory encryption, TDX, ABI/testing (sysfs) and kernel parameters; the
 * manuals of AMD and Intel on CPUID; the functional specification of Hyper-V.
 */
import type { HostFiles } from '../host-files.js';
import type { EncryptionFacts, HostFacts } from '../host-schema.js';
import { bootValue } from './boot-tokens.js';
import { type CpuidFacts, whyNoFlags, x86Flags } from './cpuid-facts.js';

/** Flags of CPUs that can encrypt memory for themselves, and those that can do it for guests. */
const FOR_ITSELF = ['sme', 'tme'];
const FOR_GUESTS = ['sev', 'sev_es', 'sev_snp', 'tdx_host_platform'];
/** Another name for s390's, where it is told in a file. */
const S390 = 's390-pv';

/** Entries of folders that only such guests have. */
const ONLY_IN: readonly (readonly [kind: string, entry: string, folders: readonly string[]])[] = [
  ['sev_snp', 'sev-guest', ['/sys/class/misc', '/sys/devices/virtual/misc', '/sys/devices/platform']],
  ['sev_snp', 'sev', ['/sys/devices/system/cpu']],
  ['tdx', 'tdx_guest', ['/sys/class/misc', '/sys/devices/virtual/misc']],
  ['arm-cca', 'arm-cca-dev', ['/sys/devices/platform', '/sys/bus/platform/devices']],
];
const OF_HYPER_V: Readonly<Record<string, string>> = { snp: 'sev_snp', tdx: 'tdx', vbs: 'vbs' };
const UV = '/sys/firmware/uv';

/** Kind of confidential guest by what only those have; null if nothing of it is there. */
function shownGuest(files: HostFiles, flags: readonly string[] | null, cpuid: CpuidFacts | null): string | null {
  const found = ONLY_IN.find(([, entry, folders]) => folders.some((folder) => files.entries(folder).includes(entry)));
  if (found !== undefined) return found[0];
  if (flags?.includes('tdx_guest') || cpuid?.tdxGuest) return 'tdx';
  if (files.text(`${UV}/prot_virt_guest`) === '1') return S390;
  if (files.text('/sys/devices/system/cpu/svm') === '1') return 'power-svm';
  return OF_HYPER_V[cpuid?.hyperVIsolation ?? ''] ?? null;
}

/** Why a guest cannot tell of which kind it is, or null if it can: then it is no confidential guest. */
function whyUnknown(files: HostFiles, present: boolean | null, cpuid: CpuidFacts | null): string | null {
  if (present === false || files.text(`${UV}/prot_virt_guest`) === '0') return null;
  if (present === null) return 'whether this is a guest is not known';
  if (cpuid === null) return 'a guest cannot tell from the files that Linux has for it, and its CPU was not asked';
  if (cpuid.hyperVIsolation === 'other') return 'the isolation that Hyper-V tells is not known to copytax';
  if (cpuid.offered.some((name) => name.startsWith('sev'))) {
    return 'the CPU offers SEV to this guest, and whether it uses it is in a register that only Linux may read';
  }
  return null;
}

/** Kind of confidential guest as far as files tell: the same whether the addon is built or not. */
export function guestByFiles(files: HostFiles, present: boolean | null): string | null {
  const shown = shownGuest(files, x86Flags(files), null);
  return shown ?? (whyUnknown(files, present, null) === null ? 'none' : null);
}

function abilities(files: HostFiles, flags: readonly string[] | null): string[] | null {
  if (flags !== null) return [...FOR_ITSELF, ...FOR_GUESTS].filter((flag) => flags.includes(flag));
  const host = files.text(`${UV}/prot_virt_host`);
  if (host !== null) return host === '1' ? [S390] : [];
  return files.miss('encryption.able', `${whyNoFlags(files)}, and no other file lists it`);
}

/** Whether Linux was told at its start to encrypt its memory by SME, or not to; null if nothing was said. */
function toldToEncrypt(tokens: readonly string[] | null): boolean | null {
  const word = bootValue(tokens, 'mem_encrypt');
  return word === 'on' ? true : word === 'off' ? false : null;
}

/** `present`: whether this is a guest. `tokens`: of the command line. `cpuid`: null where the CPU was not asked. */
export function encryption(
  files: HostFiles,
  present: HostFacts['hypervisor']['present'],
  tokens: readonly string[] | null,
  cpuid: CpuidFacts | null,
): EncryptionFacts {
  const flags = x86Flags(files);
  const able = abilities(files, flags);
  const shown = shownGuest(files, flags, cpuid);
  const unknown = shown === null ? whyUnknown(files, present, cpuid) : null;
  const guest = shown ?? (unknown === null ? 'none' : files.miss('encryption.guest', unknown));
  const smeTold = present === false ? toldToEncrypt(tokens) : null;
  const inEffect = [
    ...(shown === null || shown === 'vbs' ? [] : [shown]),
    ...(able?.includes('sme') && smeTold === true ? ['sme'] : []),
  ];
  const isDecided = (name: string) =>
    FOR_ITSELF.includes(name) ? name === 'sme' && smeTold !== null : guest !== null && !inEffect.includes(name);
  const others = (able ?? []).filter((name) => !inEffect.includes(name) && !isImplied(name, guest));
  return {
    able,
    guest,
    inEffect: unknown === null ? inEffect : files.miss('encryption.inEffect', unknown),
    notInEffect: others.filter(isDecided),
    undecided: others.filter((name) => !isDecided(name)),
  };
}

/** Each kind of SEV contains those before it, which are no facts of their own then. */
function isImplied(name: string, guest: string | null): boolean {
  const kinds = ['sev', 'sev_es', 'sev_snp'];
  return kinds.includes(name) && kinds.indexOf(name) < kinds.indexOf(guest ?? '');
}
