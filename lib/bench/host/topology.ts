/** Reads from sysfs which CPUs, caches and memory nodes there are, and which CPUs share a cache or a node. */
import { MIB } from '../../units.js';
import { parseCpuList } from './cpu-list.js';
import type { HostFiles } from './host-files.js';
import type { CacheFacts, HostFacts } from './host-schema.js';

const CPUS = '/sys/devices/system/cpu';
const NODES = '/sys/devices/system/node';
const USUAL_LAST_LEVEL_CACHE_BYTES = 32 * MIB;

/** Parses a cache size as sysfs writes it, `48K` or `1M`, into bytes; null if it is none. */
function cacheBytes(text: string | null): number | null {
  const match = /^(\d+)([KMG]?)$/.exec(text ?? '');
  return match === null ? null : Number(match[1]) * 1024 ** '_KMG'.indexOf(match[2] || '_');
}

/** Online CPUs; from /proc/cpuinfo if there is no sysfs. */
export function onlineCpus(files: HostFiles): number[] | null {
  const listed = parseCpuList(files.text(`${CPUS}/online`) ?? '');
  if (listed !== null && listed.length > 0) return listed;
  const counted = [...(files.text('/proc/cpuinfo') ?? '').matchAll(/^processor\s*:\s*(\d+)$/gm)].map((m) =>
    Number(m[1]),
  );
  return counted.length > 0 ? counted : files.miss('cpu.online', `${CPUS}/online is not there on this host`);
}

/** Number of CPUs that Linux may ever bring online; null when sysfs does not say. Records nothing. */
export function possibleCpus(files: HostFiles): number | null {
  return parseCpuList(files.text(`${CPUS}/possible`) ?? '')?.length || null;
}

export function smtActive(files: HostFiles, online: readonly number[]): boolean | null {
  const active = files.text(`${CPUS}/smt/active`);
  if (active === '0' || active === '1') return active === '1';
  const siblings = online.map((cpu) =>
    parseCpuList(files.text(`${CPUS}/cpu${cpu}/topology/thread_siblings_list`) ?? ''),
  );
  if (siblings.length === 0 || siblings.some((list) => list === null || list.length === 0)) {
    return files.miss('cpu.smt', `${CPUS}/smt/active is not there on this host`);
  }
  return siblings.some((list) => list!.length > 1);
}

export function governors(files: HostFiles, online: readonly number[]): string | null {
  const names = online.map((cpu) => files.text(`${CPUS}/cpu${cpu}/cpufreq/scaling_governor`));
  const known = [...new Set(names.filter((name) => name !== null && name !== ''))];
  if (known.length > 0) return known.join(',');
  return files.miss('cpu.governor', 'no cpufreq below /sys/devices/system/cpu: the host or its hypervisor decides');
}

/** Caches of the online CPUs, small to large. Instances of one kind differ in the CPUs that share them. */
export function caches(files: HostFiles, online: readonly number[]): CacheFacts[] | null {
  const kinds = new Map<string, CacheFacts>();
  for (const cpu of online) {
    const folder = `${CPUS}/cpu${cpu}/cache`;
    for (const entry of files.entries(folder).filter((name) => /^index\d+$/.test(name))) {
      const read = (name: string) => files.text(`${folder}/${entry}/${name}`);
      const level = Number(read('level') ?? Number.NaN);
      const bytes = cacheBytes(read('size'));
      if (!Number.isInteger(level) || bytes === null) continue;
      const type = read('type') ?? 'Unified';
      const lineBytes = Number(read('coherency_line_size')) || null;
      const shared = parseCpuList(read('shared_cpu_list') ?? `${cpu}`) ?? [cpu];
      const key = `${level} ${type} ${bytes}`;
      const kind = kinds.get(key) ?? { level, type, bytes, lineBytes, sharedBy: [] };
      kinds.set(key, kind);
      if (!kind.sharedBy.some((list) => list.includes(cpu))) kind.sharedBy.push(shared);
    }
  }
  const found = [...kinds.values()].sort((a, b) => a.level - b.level || a.type.localeCompare(b.type));
  return found.length > 0 ? found : files.miss('caches', `no cache folders below ${CPUS}`);
}

export function numaNodes(files: HostFiles): HostFacts['numaNodes'] {
  const nodes = files.entries(NODES).flatMap((name) => {
    const id = /^node(\d+)$/.exec(name)?.[1];
    if (id === undefined) return [];
    const kib = /MemTotal:\s+(\d+) kB/.exec(files.text(`${NODES}/${name}/meminfo`) ?? '')?.[1];
    const cpus = parseCpuList(files.text(`${NODES}/${name}/cpulist`) ?? '') ?? [];
    return [{ id: Number(id), cpus, bytes: kib === undefined ? null : Number(kib) * 1024 }];
  });
  return nodes.length > 0 ? nodes : files.miss('numaNodes', `${NODES} is not there on this host`);
}

/** Bytes of the largest cache that holds data, or null if not known. Larger copies work on memory. */
export function lastLevelCacheBytes(host: Pick<HostFacts, 'caches'>): number | null {
  const sizes = (host.caches ?? []).filter((cache) => cache.type !== 'Instruction').map((cache) => cache.bytes);
  return sizes.length > 0 ? Math.max(...sizes) : null;
}

/** The same, or 32 MiB where the host does not tell its caches. */
export function lastLevelCacheBytesOrUsual(host: Pick<HostFacts, 'caches'>): number {
  return lastLevelCacheBytes(host) ?? USUAL_LAST_LEVEL_CACHE_BYTES;
}
