/** Which online CPUs share a core. */
import { cpusOfFiles } from '../cpu-map.js';
import type { HostFiles } from '../host-files.js';
import type { CpuBlocks, Fields } from './cpu-blocks.js';
import { CPUS } from './online.js';

export interface Cores {
  /** For each core its online CPUs, in the order of their first; null where of some CPU it is not known. */
  readonly siblings: number[][] | null;
  /** Online CPUs of which it is not known with which they share a core. */
  readonly unknown: readonly number[];
  /** Whether two online CPUs are known to share a core. */
  readonly shared: boolean;
}

/** A number that Linux gives to a core, a die or a package; null where it has none, which some versions write as -1. */
export function topologyId(files: HostFiles, cpu: number, name: string): number | null {
  const text = files.text(`${CPUS}/cpu${cpu}/topology/${name}`);
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}

/** The online CPUs in a list or map of the topology of a CPU; null if there is none that holds the CPU itself. */
export function topologySet(
  files: HostFiles,
  cpu: number,
  online: ReadonlySet<number>,
  names: readonly (readonly [string, string])[],
): number[] | null {
  const folder = `${CPUS}/cpu${cpu}/topology`;
  for (const [list, map] of names) {
    const cpus = cpusOfFiles(files, `${folder}/${list}`, `${folder}/${map}`);
    if (cpus?.includes(cpu)) return cpus.filter((other) => online.has(other));
  }
  return null;
}

const CORE_FILES = [
  ['core_cpus_list', 'core_cpus'],
  ['thread_siblings_list', 'thread_siblings'],
] as const;

/** The numbers by which a core is known where there is no list; null if one of them is missing. */
function coreKey(files: HostFiles, cpu: number, fields: Fields | undefined): string | null {
  const ofSysfs = (name: string) => topologyId(files, cpu, name);
  const [core, pack] = [ofSysfs('core_id'), ofSysfs('physical_package_id')];
  if (core !== null && pack !== null) {
    return ['drawer_id', 'book_id', 'die_id'].map(ofSysfs).concat(pack, core).join('/');
  }
  const of = (name: string) => fields?.get(name) ?? '';
  const numbers = [of('physical id') || of('package'), of('core id') || of('core')];
  if (!numbers.every((number) => /^\d+$/.test(number))) return null;
  return ['drawer id', 'book id'].map(of).concat(numbers).join('/');
}

/** The most CPUs of a core that cpuinfo allows; infinite where it does not say. */
function limitOf(fields: Fields | undefined): number {
  const [siblings, cores] = ['siblings', 'cpu cores'].map((name) => Number(fields?.get(name)));
  return siblings! > 0 && cores! > 0 ? Math.ceil(siblings! / cores!) : Number.POSITIVE_INFINITY;
}

/**
 * Groups of CPUs whose cores have equal numbers. Some CPUs number the cores of each part of a package from zero, so a
 * group of more CPUs than a core can have says nothing.
 */
function byNumbers(files: HostFiles, cpus: readonly number[], { blocks }: CpuBlocks): Map<number, number[]> {
  const groups = new Map<string, number[]>();
  for (const cpu of cpus) {
    const key = coreKey(files, cpu, blocks.get(cpu));
    if (key !== null) groups.set(key, [...(groups.get(key) ?? []), cpu]);
  }
  const plausible = [...groups.values()].filter((group) => group.length <= limitOf(blocks.get(group[0]!)));
  return new Map(plausible.flatMap((group) => group.map((cpu): [number, number[]] => [cpu, group])));
}

export function coresOf(files: HostFiles, online: readonly number[], info: CpuBlocks): Cores {
  const set = new Set(online);
  const listed = new Map<number, number[]>();
  for (const cpu of online) {
    // A CPU that is alone shares nothing.
    const cpus = online.length === 1 ? [cpu] : topologySet(files, cpu, set, CORE_FILES);
    for (const other of cpus ?? []) if (other === cpu || !listed.has(other)) listed.set(other, cpus!);
  }
  const rest = online.filter((cpu) => !listed.has(cpu));
  // Numbers are compared among all CPUs or not at all: one without a list might share a core with one that has it.
  const groups = rest.length === online.length ? byNumbers(files, online, info) : listed;
  const unknown = online.filter((cpu) => !groups.has(cpu));
  const siblings: number[][] = [];
  for (const cpu of online) if (groups.get(cpu)?.[0] === cpu) siblings.push(groups.get(cpu)!);
  const shared = [...groups.values()].some((group) => group.length > 1);
  const contradictory = siblings.flat().length !== online.length - unknown.length;
  return { siblings: unknown.length > 0 || contradictory ? null : siblings, unknown, shared };
}
