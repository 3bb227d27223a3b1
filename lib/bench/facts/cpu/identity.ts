/** Which CPU a block of /proc/cpuinfo describes, on each architecture whose blocks say it. Pure. */
import { armImplementer, armPart } from './arm-parts.js';
import type { Fields } from './cpu-blocks.js';

export type Family = 'x86' | 'arm' | 'arm, unclear' | 's390' | 'riscv' | 'other';

export interface CpuIdentity {
  /** How the block is written, which decides what it can say. */
  readonly architecture: Family;
  readonly vendor: string | null;
  readonly model: string | null;
  readonly family: number | null;
  readonly modelNumber: number | null;
  readonly stepping: number | null;
  readonly microcode: string | null;
  readonly implementer: string | null;
  readonly part: string | null;
  readonly revision: string | null;
  /** All flags, sorted; null if there is no list of them. */
  readonly flags: readonly string[] | null;
}

/** What Linux on arm64 says for want of a name: it is of all of them. */
const NO_MODEL = /^(?:AArch64|ARMv\d\w*(?:-compatible)?) Processor rev \d+/i;

/** Machine types of s390, which stand for the generation of the CPU. */
const S390: Readonly<Record<string, string>> = {
  2064: 'z900',
  2066: 'z800',
  2084: 'z990',
  2086: 'z890',
  2094: 'z9 EC',
  2096: 'z9 BC',
  2097: 'z10 EC',
  2098: 'z10 BC',
  2817: 'z196',
  2818: 'z114',
  2827: 'zEC12',
  2828: 'zBC12',
  2964: 'z13',
  2965: 'z13s',
  3906: 'z14',
  3907: 'z14 ZR1',
  8561: 'z15',
  8562: 'z15 T02',
  3931: 'z16',
  3932: 'z16 A02',
  9175: 'z17',
};

/** Makers of riscv CPUs by mvendorid. */
const RISCV: Readonly<Record<number, string>> = { 798: 'Andes', 1161: 'SiFive', 1463: 'T-Head', 1808: 'SpacemiT' };

function integer(text: string | undefined): number | null {
  const value = Number(text);
  return text !== undefined && text !== '' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** A text that says something: Linux writes "unknown" where a CPU does not say. */
function said(text: string | undefined): string | null {
  return text === undefined || text === '' || /^unknown$/i.test(text) ? null : text;
}

const hexadecimal = (value: number, digits: number) => `0x${value.toString(16).padStart(digits, '0')}`;

type Unflagged = Omit<CpuIdentity, 'flags'>;

const NOTHING: Unflagged = {
  architecture: 'other',
  vendor: null,
  model: null,
  family: null,
  modelNumber: null,
  stepping: null,
  microcode: null,
  implementer: null,
  part: null,
  revision: null,
};

function armIdentity(
  implementer: number,
  part: number | null,
  variant: number | null,
  revision: number | null,
  told: string | null,
): Unflagged {
  const named = part === null ? null : armPart(implementer, part, variant);
  return {
    ...NOTHING,
    architecture: 'arm',
    vendor: armImplementer(implementer),
    model: named ?? (told === null || NO_MODEL.test(told) ? null : told),
    modelNumber: part,
    stepping: revision,
    implementer: hexadecimal(implementer, 2),
    part: part === null ? null : hexadecimal(part, 3),
    revision: variant === null || revision === null ? null : `r${variant}p${revision}`,
  };
}

/** What remains of an identity that is told once for CPUs which differ. */
export function unclearIdentity({ flags }: CpuIdentity): CpuIdentity {
  return { ...NOTHING, architecture: 'arm, unclear', flags };
}

/** Identity by the main id register of an arm64 CPU; null if the text is not its value. */
export function identityOfMidr(text: string): CpuIdentity | null {
  const value = integer(text);
  if (value === null || value <= 0 || value > 0xffffffff) return null;
  const bits = (from: number, count: number) => Math.floor(value / 2 ** from) % 2 ** count;
  return { ...armIdentity(bits(24, 8), bits(4, 12), bits(20, 4), bits(0, 4), null), flags: null };
}

function s390Identity(machine: string | undefined, vendor: string | null): Unflagged {
  const generation = S390[machine ?? ''];
  const model = machine === undefined ? null : `${generation ?? 'machine'} ${generation ? `(${machine})` : machine}`;
  return { ...NOTHING, architecture: 's390', vendor, model, modelNumber: integer(machine) };
}

function riscvIdentity(get: (name: string) => string | undefined): Unflagged {
  const vendor = integer(get('mvendorid'));
  const hexadecimalOf = (name: string) =>
    /^(?:0x[\da-f]+|\d+)$/i.test(get(name) ?? '') ? get(name)!.toLowerCase() : null;
  return {
    ...NOTHING,
    architecture: 'riscv',
    vendor: vendor === null ? null : (RISCV[vendor] ?? null),
    model: said(get('uarch')) ?? said(get('model name')),
    implementer: hexadecimalOf('mvendorid'),
    part: hexadecimalOf('marchid'),
    revision: hexadecimalOf('mimpid'),
  };
}

function x86Identity(get: (name: string) => string | undefined): Unflagged {
  const microcode = said(get('microcode'));
  return {
    ...NOTHING,
    architecture: 'x86',
    vendor: said(get('vendor_id')),
    model: said(get('model name')),
    family: integer(get('cpu family')),
    modelNumber: integer(get('model')),
    stepping: integer(get('stepping')),
    // What hypervisors say that tell none.
    microcode: microcode === '0xffffffff' ? null : microcode,
  };
}

/** ppc64, ia64, loongarch, mips, sparc. `model` is that of the computer on some of them, so it is not asked. */
function otherIdentity(get: (name: string) => string | undefined): Unflagged {
  const model = ['model name', 'Model Name', 'cpu model', 'cpu'].map((name) => said(get(name))).find((name) => name);
  const maker = /^POWER\d/.test(model ?? '') ? 'IBM' : /\bLoongson\b/.test(model ?? '') ? 'Loongson' : null;
  return {
    ...NOTHING,
    vendor: said(get('vendor_id')) ?? said(get('vendor')) ?? maker,
    model: model ?? null,
    family: integer(get('family')),
    revision: said(get('revision')) ?? said(get('CPU Revision')),
  };
}

/** Identity of the CPU of a block, with the fields of all CPUs where the block has none of that name. */
export function identityOf(block: Fields, common: Fields): CpuIdentity {
  const get = (name: string) => block.get(name) ?? common.get(name);
  const list = get('flags') ?? get('Features') ?? get('features');
  const flags = list?.split(/\s+/).filter(Boolean).sort() ?? null;
  const implementer = integer(get('CPU implementer'));
  const told = said(get('model name')) ?? said(get('Processor'));
  let identity: Unflagged;
  if (implementer !== null) {
    const [part, variant, revision] = ['part', 'variant', 'revision'].map((name) => integer(get(`CPU ${name}`)));
    identity = armIdentity(implementer, part!, variant!, revision!, told);
  } else if (get('vendor_id') === 'IBM/S390') identity = s390Identity(get('machine'), 'IBM/S390');
  else if (get('isa') !== undefined && get('hart') !== undefined) identity = riscvIdentity(get);
  else if (get('vendor_id') !== undefined || integer(get('cpu family')) !== null) identity = x86Identity(get);
  else if (told !== null && NO_MODEL.test(told)) identity = { ...NOTHING, architecture: 'arm' };
  else identity = otherIdentity(get);
  return { ...identity, flags };
}
