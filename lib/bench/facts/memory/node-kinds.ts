/**
 * What Linux tells of the kind of memory of a node. Linux has no file for it; drivers that add memory after the boot
 * tell what they add, firmware may tell bandwidths, and tiers of memory tell what is slower than DRAM. A node of which
 * none of these speaks has no kind: most likely DRAM is not good enough.
 */
import { parseCpuList } from '../cpu-list.js';
import type { HostFiles } from '../host-files.js';
import type { NumaNode } from '../host-schema.js';

const NODES = '/sys/devices/system/node';
const DAX = '/sys/bus/dax/devices';
const TIERS = '/sys/devices/virtual/memory_tiering';
const NVIDIA = '/proc/driver/nvidia/gpus';
/** Bandwidth of a node without CPUs, in multiples of that of the fastest node with CPUs, from which on it is high. */
const HIGH_BANDWIDTH = 2;
/** Tier that Linux puts DRAM in, and memory of which it knows nothing. */
const DRAM_TIER = 4;
/** POWER9 numbers the memory of its GPUs downwards from 255, at most six of them. */
const FIRST_GPU_NODE = 250;

type Kinds = Map<number, string>;
type Node = Pick<NumaNode, 'id' | 'cpus'>;

const ACPI = '/sys/devices/LNXSYSTM:00/LNXSYBUS:00';

/** Buses whose devices become DAX devices, by a part of the path of the device, and folders that only they have. */
const DAX_BUSES = [
  { kind: 'persistent', inPath: '/ndbus', folders: ['/sys/bus/nd/devices', `${ACPI}/ACPI0012:00`] },
  { kind: 'CXL', inPath: '/dax_region', folders: ['/sys/bus/cxl/devices', `${ACPI}/ACPI0017:00`] },
  { kind: 'set aside by firmware', inPath: '/hmem.', folders: ['/sys/bus/platform/drivers/hmem'] },
] as const;

/** The kind of the device behind a DAX device: by its path, else by the only bus of this host that has such ones. */
function daxKind(files: HostFiles, device: string): string {
  const path = files.link(`${DAX}/${device}`);
  const told = DAX_BUSES.find(({ inPath }) => path?.includes(inPath));
  const present = DAX_BUSES.filter(({ folders }) => folders.some((folder) => files.entries(folder).length > 0));
  return (told ?? (present.length === 1 ? present[0] : undefined))?.kind ?? 'DAX device';
}

/** Memory of DAX devices, which is a node of its own once it is in use as memory. */
function daxNodes(files: HostFiles): Kinds {
  const kinds: Kinds = new Map();
  for (const device of files.entries(DAX)) {
    const node = files.text(`${DAX}/${device}/target_node`);
    if (node !== null && /^\d+$/.test(node)) kinds.set(Number(node), daxKind(files, device));
  }
  return kinds;
}

/** Memory of GPUs that their driver has added, or that a POWER9 has at the end of its nodes. */
function gpuNodes(files: HostFiles, nodes: readonly Node[]): Kinds {
  const kinds: Kinds = new Map();
  for (const gpu of files.entries(NVIDIA)) {
    const node = /^Node:\s*(\d+)/m.exec(files.text(`${NVIDIA}/${gpu}/numa_status`) ?? '')?.[1];
    if (node !== undefined) kinds.set(Number(node), 'GPU');
  }
  if (!/^cpu\s*:\s*POWER9/m.test(files.text('/proc/cpuinfo') ?? '')) return kinds;
  for (const { id, cpus } of nodes) {
    const hasNoCpus = cpus !== null && cpus.length === 0;
    if (id >= FIRST_GPU_NODE && hasNoCpus) kinds.set(id, 'GPU');
  }
  return kinds;
}

/** Nodes that the firmware tells a much higher bandwidth of than of any node with CPUs, and those it compares with. */
function fastNodes(files: HostFiles, nodes: readonly Node[]): Kinds {
  const bandwidth = ({ id }: Node) => Number(files.text(`${NODES}/node${id}/access0/initiators/read_bandwidth`));
  const near = Math.max(0, ...nodes.filter(({ cpus }) => cpus?.length).map(bandwidth));
  const fast = nodes.filter((node) => near > 0 && bandwidth(node) >= HIGH_BANDWIDTH * near);
  return new Map(fast.map(({ id }) => [id, 'high bandwidth']));
}

/** Where there is more than one tier: nodes of slower and faster ones, and those with CPUs in that of DRAM. */
function tierNodes(files: HostFiles, nodes: readonly Node[]): Kinds {
  const tiers = files.entries(TIERS).flatMap((name) => {
    const tier = /^memory_tier(\d+)$/.exec(name)?.[1];
    const members = parseCpuList(files.text(`${TIERS}/${name}/nodelist`) ?? '') ?? [];
    return tier === undefined || members.length === 0 ? [] : { tier: Number(tier), members };
  });
  const kinds: Kinds = new Map();
  if (tiers.length < 2) return kinds;
  for (const { tier, members } of tiers) {
    for (const id of members) {
      const hasCpus = nodes.some((node) => node.id === id && node.cpus !== null && node.cpus.length > 0);
      if (tier > DRAM_TIER) kinds.set(id, 'slower than DRAM');
      else if (tier < DRAM_TIER) kinds.set(id, 'faster than DRAM');
      else if (hasCpus) kinds.set(id, 'DRAM');
    }
  }
  return kinds;
}

/** Returns the kinds of those nodes of which Linux tells one, by number. Records why others have none. */
export function nodeKinds(files: HostFiles, nodes: readonly Node[]): ReadonlyMap<number, string> {
  // The most exact come last and win.
  const kinds: Kinds = new Map([
    ...tierNodes(files, nodes),
    ...daxNodes(files),
    ...fastNodes(files, nodes),
    ...gpuNodes(files, nodes),
  ]);
  if (nodes.some(({ id }) => !kinds.has(id))) {
    files.miss('numaNodes.kind', 'no memory tiers, bandwidths or drivers tell what memory the nodes have');
  }
  return kinds;
}
