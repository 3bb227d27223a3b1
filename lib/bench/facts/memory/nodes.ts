/** Reads from sysfs which memory nodes there are: their CPUs, bytes, distances, and what stands in front of them. */
import { cpusOfFiles } from '../cpu-map.js';
import type { HostFiles } from '../host-files.js';
import type { HostFacts, NumaNode } from '../host-schema.js';
import { bytesOf, positiveNumber, wholeNumber } from '../whole-number.js';
import { nodeKinds } from './node-kinds.js';

const NODES = '/sys/devices/system/node';
const CPUS = '/sys/devices/system/cpu';

/** CPUs of a node that are online; `cpuN` entries below the node tell them as well. Null: not known. */
function cpusOf(files: HostFiles, folder: string, online: readonly number[]): number[] | null {
  if (online.length === 0) return files.miss('numaNodes.cpus', 'it is not known which CPUs are online');
  const listed = cpusOfFiles(files, `${folder}/cpulist`, `${folder}/cpumap`);
  const entries = files.entries(folder).flatMap((name) => /^cpu(\d+)$/.exec(name)?.[1] ?? []);
  const cpus = listed ?? (entries.length > 0 ? entries.map(Number) : null);
  if (cpus !== null) return cpus.filter((cpu) => online.includes(cpu));
  return files.miss('numaNodes.cpus', files.reason(`${folder}/cpulist`));
}

function distancesOf(files: HostFiles, folder: string, nodes: number): number[] | null {
  return files.fact('numaNodes.distances', `${folder}/distance`, (text) => {
    const distances = text.split(/\s+/).map(positiveNumber);
    return distances.length === nodes && distances.every((distance) => distance !== null) ? distances : null;
  });
}

/** The largest of the caches in front of a node, where it has several levels. */
function memorySideCacheOf(files: HostFiles, folder: string): NumaNode['memorySideCache'] {
  const levels = files.entries(`${folder}/memory_side_cache`).filter((name) => /^index\d+$/.test(name));
  const read = (level: string, name: string) =>
    positiveNumber(files.text(`${folder}/memory_side_cache/${level}/${name}`));
  const caches = levels.map((level) => ({ bytes: read(level, 'size'), lineBytes: read(level, 'line_size') }));
  return caches.sort((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0))[0] ?? null;
}

/** Returns the memory nodes; those without an online CPU have an empty list of CPUs. */
export function numaNodes(files: HostFiles, online: readonly number[]): NumaNode[] | null {
  const ids = files.entries(NODES).flatMap((name) => /^node(\d+)$/.exec(name)?.[1] ?? []);
  if (ids.length === 0) {
    return files.miss('numaNodes', files.folderReason(NODES));
  }
  const nodes = ids.map((id): NumaNode => {
    const folder = `${NODES}/node${id}`;
    const kib = /MemTotal:\s+(\d+) kB/.exec(files.text(`${folder}/meminfo`) ?? '')?.[1];
    const bytes = bytesOf(wholeNumber(kib), 1024);
    if (bytes === null) files.miss('numaNodes.bytes', files.reason(`${folder}/meminfo`));
    return {
      id: Number(id),
      cpus: cpusOf(files, folder, online),
      bytes,
      distances: distancesOf(files, folder, ids.length),
      kind: null,
      memorySideCache: memorySideCacheOf(files, folder),
    };
  });
  const kinds = nodeKinds(files, nodes);
  return nodes.map((node) => ({ ...node, kind: kinds.get(node.id) ?? null }));
}

/**
 * Whether this is a Linux without memory nodes: it is compiled without them, and all memory is one. Otherwise the
 * folder stands beside that of the CPUs.
 */
export function isWithoutNodes(files: HostFiles): boolean {
  return files.isAbsent(NODES) && files.entries(CPUS).length > 0;
}

/** Returns how many nodes with CPUs the package with the most of them has; one node may span several packages. */
export function subNuma(files: HostFiles, nodes: HostFacts['numaNodes']): number | null {
  if (nodes === null) return files.miss('subNuma', 'no memory nodes are told');
  const nodesOf = new Map<string, number>();
  const all = nodes.flatMap(({ cpus }) => cpus ?? []);
  if (new Set(all).size < all.length) {
    return files.miss('subNuma', 'memory nodes share CPUs: they are emulated, and not parts of a package');
  }
  for (const { cpus } of nodes) {
    if (cpus === null) return files.miss('subNuma', 'of a memory node it is not known which CPUs it has');
    const packages = cpus.map((cpu) => files.text(`${CPUS}/cpu${cpu}/topology/physical_package_id`));
    const unknown = packages.findIndex((id) => !/^\d+$/.test(id ?? ''));
    if (unknown >= 0) {
      const path = `${CPUS}/cpu${cpus[unknown]}/topology/physical_package_id`;
      return files.miss('subNuma', files.reason(path));
    }
    for (const id of new Set(packages as string[])) nodesOf.set(id, (nodesOf.get(id) ?? 0) + 1);
  }
  return nodesOf.size > 0 ? Math.max(...nodesOf.values()) : files.miss('subNuma', 'no memory node has a CPU');
}
