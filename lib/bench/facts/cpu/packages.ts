/** Packages and dies with an online CPU. */
import type { HostFiles } from '../host-files.js';
import { topologyId, topologySet } from './cores.js';
import type { CpuBlocks } from './cpu-blocks.js';
import type { CpuIdentity } from './identity.js';
import { CPUS } from './online.js';

const PACKAGE_FILES = [
  ['package_cpus_list', 'package_cpus'],
  ['core_siblings_list', 'core_siblings'],
] as const;

/** A name for the package of each CPU, by one source for all CPUs; null if none tells it of all. */
function packageNames(files: HostFiles, online: readonly number[], { blocks }: CpuBlocks): Map<number, string> | null {
  const set = new Set(online);
  const byList = (cpu: number) => topologySet(files, cpu, set, PACKAGE_FILES)?.join(',') ?? null;
  const byNumber = (cpu: number) => {
    const id = topologyId(files, cpu, 'physical_package_id');
    // On s390 the number of a package is within its book, and that of a book within its drawer.
    const within = ['drawer_id', 'book_id'].map((name) => topologyId(files, cpu, name));
    return id === null ? null : within.concat(id).join('/');
  };
  const byCpuInfo = (cpu: number) => {
    const fields = blocks.get(cpu);
    const id = fields?.get('physical id') ?? fields?.get('package');
    if (id === undefined || !/^\d+$/.test(id)) return null;
    return ['drawer id', 'book id']
      .map((name) => fields?.get(name) ?? '')
      .concat(id)
      .join('/');
  };
  for (const nameOf of [byList, byNumber, byCpuInfo]) {
    const names = online.map(nameOf);
    if (names.every((name) => name !== null)) return new Map(online.map((cpu, at) => [cpu, `${names[at]}`]));
  }
  return online.length === 1 ? new Map([[online[0]!, '']]) : null;
}

/** Nodes of memory that Linux tells; each package of an arm64 host has at least one. */
function nodeCount(files: HostFiles): number {
  return files.entries('/sys/devices/system/node').filter((name) => /^node\d+$/.test(name)).length;
}

/**
 * Packages of an arm64 host with several numbers of packages. Linux gave such numbers to clusters for a long time, and
 * without ACPI it still does: a chip in a board has one package, unless its memory has several nodes.
 */
function packagesOnArm(files: HostFiles, count: number): number | null {
  const nodes = nodeCount(files);
  const isServer = files.entries('/sys/firmware/acpi').length > 0 || files.entries('/sys/class/dmi/id').length > 0;
  if (nodes >= count || (isServer && nodes === 0)) return count;
  if (!isServer && nodes <= 1) return 1;
  return files.miss('cpu.packages', `${count} numbers of packages are told for ${nodes} memory nodes: of clusters`);
}

export interface Packages {
  readonly packages: number | null;
  readonly dies: number | null;
}

/** Counts them, and records a reason for what is not known. */
export function packagesOf(
  files: HostFiles,
  online: readonly number[],
  info: CpuBlocks,
  identities: ReadonlyMap<number, CpuIdentity>,
): Packages {
  const names = packageNames(files, online, info);
  if (names === null) {
    const path = `${CPUS}/cpu${online[0]}/topology/physical_package_id`;
    for (const fact of ['cpu.packages', 'cpu.dies']) files.miss(fact, files.reason(path));
    return { packages: null, dies: null };
  }
  const count = new Set(names.values()).size;
  const isArm = [...identities.values()].some(({ architecture }) => architecture === 'arm');
  const packages = count > 1 && isArm ? packagesOnArm(files, count) : count;
  if (packages !== count) {
    const reason = 'the numbers of packages are of clusters, and those of dies are within them';
    return { packages, dies: files.miss('cpu.dies', reason) };
  }
  const dies = online.map((cpu) => {
    const die = topologyId(files, cpu, 'die_id');
    return die === null ? null : `${names.get(cpu)}/${die}`;
  });
  const untold = online[dies.indexOf(null)];
  if (untold === undefined) return { packages, dies: new Set(dies).size };
  return { packages, dies: files.miss('cpu.dies', files.reason(`${CPUS}/cpu${untold}/topology/die_id`)) };
}
