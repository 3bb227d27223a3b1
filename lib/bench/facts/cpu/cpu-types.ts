/**
 * The kinds of CPUs of a host. CPUs are of one kind when nothing that Linux tells of them differs but what differs
 * among equal cores: clocks that some of them reach are a little higher, and the firmware ranks them.
 */
import type { HostFiles } from '../host-files.js';
import type { CpuType } from '../host-schema.js';
import { type CpuClocks, clocksOf, cpufreqFolders, namedMHz } from './clocks.js';
import type { Cores } from './cores.js';
import type { CpuIdentity } from './identity.js';
import { kindsByStrength, listedKinds, type Rated } from './kinds.js';
import { CPUS } from './online.js';

type Label = string | number | null;

/** By how much numbers of different kinds differ at least: favoured cores of one kind differ by less. */
const GAP = 1.1;

/** Splits each group by a label. CPUs without one stay where the others agree, else they are a group of their own. */
function refined(groups: readonly number[][], labelOf: (cpu: number) => Label): number[][] {
  return groups.flatMap((group) => {
    const byLabel = new Map<Label, number[]>();
    for (const cpu of group) byLabel.set(labelOf(cpu), [...(byLabel.get(labelOf(cpu)) ?? []), cpu]);
    const known = [...byLabel.keys()].filter((label) => label !== null);
    return known.length <= 1 ? [group] : [...byLabel.values()];
  });
}

/** Splits each group where its numbers, sorted, have a gap between them. */
function refinedByGaps(groups: readonly number[][], numberOf: (cpu: number) => number | null): number[][] {
  return groups.flatMap((group) => {
    const sorted = [...new Set(group.flatMap((cpu) => numberOf(cpu) ?? []))].sort((a, b) => a - b);
    const starts = sorted.filter((value, at) => at > 0 && value > sorted[at - 1]! * GAP);
    const labelOf = (cpu: number) => {
      const value = numberOf(cpu);
      return value === null ? null : starts.filter((start) => start <= value).length;
    };
    return refined([group], labelOf);
  });
}

/** Size of the first data cache as sysfs writes it. Kinds of x86 differ in it, and cores of one kind do not. */
function firstCache(files: HostFiles, cpu: number): string | null {
  for (const index of ['index0', 'index1']) {
    const read = (name: string) => files.text(`${CPUS}/cpu${cpu}/cache/${index}/${name}`);
    if (read('level') === '1' && read('type') === 'Data') return read('size');
  }
  return null;
}

/** What makes CPUs different ones. Microcode does not. Those of which nothing is told are apart from the others. */
function identityLabel(identity: CpuIdentity | undefined): string {
  if (identity === undefined) return '';
  const { vendor, model, family, modelNumber, stepping, implementer, part, revision } = identity;
  return JSON.stringify([vendor, model, family, modelNumber, stepping, implementer, part, revision]);
}

/** The value that all CPUs have; null where they differ, or of one it is not known. */
export function agreed<Value>(values: readonly (Value | null | undefined)[]): Value | null {
  const first = values[0] ?? null;
  return values.every((value) => value === first) ? first : null;
}

/** The least of numbers that are all known. */
function least(values: readonly (number | null)[]): number | null {
  return values.includes(null) ? null : Math.min(...(values as number[]));
}

interface Told {
  readonly identities: ReadonlyMap<number, CpuIdentity>;
  readonly clocks: ReadonlyMap<number, CpuClocks>;
  readonly cores: Cores;
  readonly caches: ReadonlyMap<number, string | null>;
}

function typeOf(cpus: number[], { identities, clocks, cores, caches }: Told): CpuType & Rated {
  const same = <Key extends keyof CpuIdentity>(key: Key): CpuIdentity[Key] | null =>
    agreed(cpus.map((cpu) => identities.get(cpu)?.[key]));
  const atLeast = (key: keyof CpuClocks) => least(cpus.map((cpu) => clocks.get(cpu)![key]));
  const threads = cores.siblings?.filter((core) => core.some((cpu) => cpus.includes(cpu))).map((core) => core.length);
  return {
    cpus,
    kind: null,
    vendor: same('vendor'),
    model: same('model'),
    family: same('family'),
    modelNumber: same('modelNumber'),
    stepping: same('stepping'),
    microcode: same('microcode'),
    implementer: same('implementer'),
    part: same('part'),
    revision: same('revision'),
    capacity: atLeast('capacity'),
    baseMHz: atLeast('baseMHz'),
    maxMHz: atLeast('maxMHz'),
    threadsPerCore: threads === undefined ? null : Math.max(...threads),
    highestPerformance: atLeast('highestPerformance'),
    firstCache: agreed(cpus.map((cpu) => caches.get(cpu))),
  };
}

/** Kinds of the online CPUs, in the order of their first. Records nothing. */
export function cpuTypes(
  files: HostFiles,
  online: readonly number[],
  identities: ReadonlyMap<number, CpuIdentity>,
  cores: Cores,
): CpuType[] {
  const cpufreq = cpufreqFolders(files, online);
  const clocks = new Map(online.map((cpu) => [cpu, clocksOf(files, cpu, cpufreq.get(cpu))]));
  const caches = new Map(online.map((cpu) => [cpu, firstCache(files, cpu)]));
  const listed = listedKinds(files);
  const clock = (key: keyof CpuClocks) => (cpu: number) => clocks.get(cpu)![key];
  let groups = refined(online.length > 0 ? [[...online]] : [], (cpu) => identityLabel(identities.get(cpu)));
  groups = refined(groups, (cpu) => listed.get(cpu) ?? null);
  groups = refined(groups, (cpu) => caches.get(cpu)!);
  for (const key of ['capacity', 'maxMHz', 'baseMHz'] as const) groups = refinedByGaps(groups, clock(key));
  const types = groups.sort((a, b) => a[0]! - b[0]!).map((cpus) => typeOf(cpus, { identities, clocks, cores, caches }));
  const strengths = kindsByStrength(types);
  return types.map(({ highestPerformance: _rank, firstCache: _size, ...type }, at) => ({
    ...type,
    kind: types.length === 1 ? null : (agreed(type.cpus.map((cpu) => listed.get(cpu))) ?? strengths[at]!),
    baseMHz: type.baseMHz ?? (types.length === 1 ? namedMHz(type.model) : null),
  }));
}
