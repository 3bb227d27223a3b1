/**
 * Caches that Linux tells elsewhere than in cache folders: on s390 /proc/cpuinfo has all levels, and sysfs only those
 * that are not shared; sparc has a file for each size. Neither says which CPUs share one. The line `cache size` of x86
 * is not read: it names no level, and often not the cache of the CPU at hand.
 */
import type { HostFiles } from '../host-files.js';
import { bytesOf, positiveNumber } from '../whole-number.js';
import { CPUS, type ToldCache } from './told-cache.js';

const S390_CACHE = /^cache\d+\s*:\s*level=(\d) type=(Data|Instruction|Unified) scope=\w+ size=(\d+)K line_size=(\d+)/gm;

const SPARC_CACHES = [
  { level: 1, type: 'Data', name: 'l1_dcache' },
  { level: 1, type: 'Instruction', name: 'l1_icache' },
  { level: 2, type: 'Unified', name: 'l2_cache' },
] as const;

function s390Caches(files: HostFiles, online: readonly number[]): ToldCache[] {
  const lines = [...(files.text('/proc/cpuinfo') ?? '').matchAll(S390_CACHE)];
  return lines.flatMap(([, level, type, kib, line]) =>
    online.map((cpu) => ({
      cpu,
      level: Number(level),
      type: type!,
      bytes: bytesOf(positiveNumber(kib), 1024),
      lineBytes: positiveNumber(line),
      sharedBy: null,
    })),
  );
}

function sparcCaches(files: HostFiles, cpu: number): ToldCache[] {
  return SPARC_CACHES.flatMap(({ level, type, name }) => {
    const bytes = positiveNumber(files.text(`${CPUS}/cpu${cpu}/${name}_size`));
    const lineBytes = positiveNumber(files.text(`${CPUS}/cpu${cpu}/${name}_line_size`));
    return bytes !== null ? { cpu, level, type, bytes, lineBytes, sharedBy: null } : [];
  });
}

/** Returns caches of levels and types that `told` does not have. Who shares one is not known, or the CPU is alone. */
export function otherCaches(files: HostFiles, online: readonly number[], told: readonly ToldCache[]): ToldCache[] {
  const has = new Set(told.map(({ level, type }) => `${level} ${type}`));
  const others = [...s390Caches(files, online), ...online.flatMap((cpu) => sparcCaches(files, cpu))];
  const found = others.filter(({ level, type }) => !has.has(`${level} ${type}`));
  if (online.length === 1) return found.map((cache) => ({ ...cache, sharedBy: [cache.cpu] }));
  if (found.length > 0) files.miss('caches.sharedBy', `level ${found[0]!.level}: nothing says which CPUs share one`);
  return found;
}
