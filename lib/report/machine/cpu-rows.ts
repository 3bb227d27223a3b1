/** The CPUs of a host: each kind of them by itself where there are several. Pure. */
import type { CpuType, HostFacts } from '../../bench/facts/host-schema.js';
import { unidentifiedCpus } from '../../bench/facts/identified.js';
import { cpusText, joined, type Row, shown, yesOrNo } from './rows.js';

type Identity = Pick<
  CpuType,
  'vendor' | 'model' | 'family' | 'modelNumber' | 'stepping' | 'microcode' | 'implementer' | 'part' | 'revision'
>;

const kindsOf = ({ types }: HostFacts['cpu']): readonly CpuType[] => types ?? [];

/** What to say where some CPUs could not be identified; null if all were. */
export function unidentified({ cpu }: Pick<HostFacts, 'cpu'>): string | null {
  const unknown = unidentifiedCpus(cpu);
  if (unknown === null) return null;
  const which = unknown.length > 0 && unknown.length < (cpu.online?.length ?? 0) ? `s ${cpusText(unknown)}` : '';
  return `warning: the CPU${which} could not be identified: note with each result what it is`;
}

function numbersText({ family, modelNumber, stepping, implementer, part, revision }: Identity): string | null {
  if (implementer !== null) {
    return joined(`implementer ${implementer}`, shown(part) && `part ${part}`, shown(revision));
  }
  const x86 = [
    ['family', family],
    ['model', modelNumber],
    ['stepping', stepping],
  ] as const;
  return joined(...x86.map(([name, value]) => (value === null ? null : `${name} ${value}`)));
}

const clockText = ({ baseMHz, maxMHz }: CpuType) =>
  joined(shown(baseMHz, ' MHz') && `${baseMHz} MHz base`, shown(maxMHz, ' MHz') && `${maxMHz} MHz at most`);

function kindRow(kind: CpuType, several: boolean): Row {
  const text = joined(
    several && kind.kind,
    kind.vendor,
    kind.model,
    numbersText(kind),
    kind.microcode && `microcode ${kind.microcode}`,
    several && kind.capacity !== null && `capacity ${kind.capacity}`,
    clockText(kind),
    several && kind.threadsPerCore !== null && `${kind.threadsPerCore} per core`,
  );
  return [several ? `CPUs ${cpusText(kind.cpus)}` : 'CPU', text ?? 'unknown'];
}

/** Older files have no kinds. */
function commonRow({ cpu }: HostFacts): Row {
  const numbers = numbersText({ ...cpu, implementer: null, part: null, revision: null });
  return ['CPU', joined(cpu.vendor, cpu.model, numbers, cpu.microcode && `microcode ${cpu.microcode}`)];
}

function countText({ packages, dies, cores, threadsPerCore }: HostFacts['cpu']): string | null {
  const parts = [
    ['packages', packages],
    ['dies', dies],
    ['cores', cores],
    ['threads per core', threadsPerCore],
  ] as const;
  return joined(...parts.map(([name, value]) => (value === null ? null : `${name}: ${value}`)));
}

const listText = (cpus: readonly number[] | null) => (cpus === null ? null : cpusText(cpus) || 'none');

export function cpuRows(host: HostFacts): Row[] {
  const { arch, cpu } = host;
  const kinds = kindsOf(cpu);
  const identities = kinds.length > 0 ? kinds.map((kind) => kindRow(kind, kinds.length > 1)) : [commonRow(host)];
  return [
    ['architecture', arch],
    ...identities,
    ['', unidentified(host)],
    ['online CPUs', cpu.online === null ? null : `${cpusText(cpu.online)} (${cpu.online.length})`],
    ['offline CPUs', cpu.offline === null || cpu.offline.length === 0 ? null : cpusText(cpu.offline)],
    ['isolated CPUs', listText(cpu.isolated)],
    ['counts', countText(cpu)],
    ['hyperthreads', yesOrNo(cpu.smt)],
    ['frequency', joined(cpu.governor && `governor ${cpu.governor}`, cpu.frequencyDriver)],
    ['turbo', yesOrNo(cpu.turbo)],
    ['flags that matter', cpu.flags === null ? null : cpu.flags.join(' ') || 'none'],
  ];
}
