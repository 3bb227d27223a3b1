/** What the files of sysfs say of the caches of one CPU. */
import { cpusOfFiles } from '../cpu-map.js';
import type { HostFiles } from '../host-files.js';
import { bytesOf, positiveNumber, wholeNumber } from '../whole-number.js';

export const CPUS = '/sys/devices/system/cpu';
export const UNKNOWN_TYPE = 'Unknown';
export const TYPES: readonly string[] = ['Data', 'Instruction', 'Unified'];
/** No CPU has as many levels; what is more is no level. */
const MAX_LEVEL = 9;

/** A cache as one CPU tells it. */
export interface ToldCache {
  readonly cpu: number;
  readonly level: number;
  readonly type: string;
  readonly bytes: number | null;
  readonly lineBytes: number | null;
  /** Online CPUs that share it, this one among them; null if that is not known. */
  readonly sharedBy: readonly number[] | null;
}

/** Parses a cache size as sysfs writes it, `48K` or `1M`, into bytes; null if it is none. No cache has 0 bytes. */
function cacheBytes(text: string): number | null {
  const match = /^(\d+)([KMG]?)$/.exec(text);
  return match === null ? null : bytesOf(positiveNumber(match[1]), 1024 ** '_KMG'.indexOf(match[2] || '_'));
}

function sharers(files: HostFiles, folder: string, cpu: number, online: readonly number[]): number[] | null {
  if (online.length === 1) return [cpu];
  const list = `${folder}/shared_cpu_list`;
  const shared = cpusOfFiles(files, list, `${folder}/shared_cpu_map`)?.filter((other) => online.includes(other));
  if (shared?.includes(cpu)) return shared;
  return files.miss('caches.sharedBy', shared === undefined ? files.reason(list) : `${list} does not have its own CPU`);
}

/** Returns the caches that Linux lists below a CPU. Records what it does not say of them. */
export function toldCaches(files: HostFiles, cpu: number, online: readonly number[]): ToldCache[] {
  const folders = files.entries(`${CPUS}/cpu${cpu}/cache`).filter((name) => /^index\d+$/.test(name));
  return folders.flatMap((name) => {
    const folder = `${CPUS}/cpu${cpu}/cache/${name}`;
    const level = wholeNumber(files.text(`${folder}/level`));
    if (level === null || level > MAX_LEVEL) return [];
    return {
      cpu,
      level,
      type: files.fact('caches.type', `${folder}/type`, (text) => (TYPES.includes(text) ? text : null)) ?? UNKNOWN_TYPE,
      bytes: files.fact('caches.bytes', `${folder}/size`, cacheBytes),
      lineBytes: files.fact('caches.lineBytes', `${folder}/coherency_line_size`, positiveNumber),
      sharedBy: sharers(files, folder, cpu, online),
    };
  });
}

/** Returns why no cache is told: a reason that is true of this host. */
export function whyNoCaches(files: HostFiles, online: readonly number[]): string {
  if (online.length === 0) return 'it is not known which CPUs are online';
  const folder = online.map((cpu) => `${CPUS}/cpu${cpu}/cache`).find((path) => files.entries(path).length > 0);
  if (folder !== undefined) return `the folders in ${folder} tell no level`;
  const hidden = online.map((cpu) => `${CPUS}/cpu${cpu}/cache`).find((path) => !files.isAbsent(path));
  if (hidden !== undefined) return files.folderReason(hidden);
  return files.entries(CPUS).length === 0 ? files.folderReason(CPUS) : `no cache folders below ${CPUS}`;
}
