/**
 * The size from which on copies work on memory, or on what stands in front of it: a memory-side cache is no cache of a
 * CPU, and is a fact of its node. Pure.
 */
import { CopytaxError } from '../../../errors.js';
import { shown } from '../../../limits.js';
import { MIB } from '../../../units.js';
import type { CacheFacts, HostFacts } from '../host-schema.js';

/** What is needed of the facts of a host: its caches, and the CPUs whose caches are not all told. */
export type CachesOfHost = Pick<HostFacts, 'caches'> & Partial<Pick<HostFacts, 'cachesIncomplete'>>;

const USUAL_LAST_LEVEL_CACHE_BYTES = 32 * MIB;

/** The last-level cache of one CPU; `cpus` is null if it is not known who shares it. */
interface LastLevel {
  readonly bytes: number | null;
  readonly cpus: readonly number[] | null;
}

function lastLevelOf(caches: readonly CacheFacts[], cpu: number): LastLevel | null {
  const has = ({ type, sharedBy, sharingUnknown }: CacheFacts) =>
    type !== 'Instruction' && (sharingUnknown.includes(cpu) || sharedBy.some((cpus) => cpus.includes(cpu)));
  const own = caches.filter(has);
  const level = Math.max(...own.map((cache) => cache.level));
  const last = own.filter((cache) => cache.level === level);
  if (last.length === 0) return null;
  const bytes = last.some((cache) => cache.bytes === null) ? null : Math.max(...last.map((cache) => cache.bytes!));
  return { bytes, cpus: last[0]!.sharedBy.find((cpus) => cpus.includes(cpu)) ?? null };
}

/** The last-level cache of each CPU; null if that of one is not told, or not its size. */
function lastLevels({ caches, cachesIncomplete }: CachesOfHost, cpus: readonly number[] | undefined) {
  const all = (caches ?? []).flatMap(({ sharedBy, sharingUnknown }) => [...sharedBy.flat(), ...sharingUnknown]);
  const incomplete = new Set(cachesIncomplete ?? []);
  const asked = cpus ?? [...new Set([...all, ...incomplete])];
  const found = asked.map((cpu) => (incomplete.has(cpu) ? null : lastLevelOf(caches ?? [], cpu)));
  const known = found.flatMap((last) => (last === null || last.bytes === null ? [] : { ...last, bytes: last.bytes }));
  return known.length > 0 && known.length === found.length ? known : null;
}

function requireHost(host: CachesOfHost, cpus: readonly number[] | undefined): void {
  const { caches = null, cachesIncomplete = [] } = host ?? {};
  const isCache = (cache: CacheFacts) => Array.isArray(cache?.sharedBy) && Array.isArray(cache.sharingUnknown);
  const isHost =
    typeof host === 'object' && host !== null && (caches === null || (Array.isArray(caches) && caches.every(isCache)));
  const isIncompleteKnown = cachesIncomplete === null || Array.isArray(cachesIncomplete);
  const refuse = (name: string, what: string, value: unknown) =>
    new CopytaxError('ERR_INVALID_ARG_TYPE', `${name} must be ${what}, not ${shown(value)}`, { name });
  if (!isHost || !isIncompleteKnown) throw refuse('host', 'what hostFacts() returns', host);
  if (cpus !== undefined && !Array.isArray(cpus)) throw refuse('cpus', 'a list of numbers of CPUs', cpus);
}

/**
 * Returns the bytes of the last cache that `cpus`, without it all online CPUs, have before memory, instruction caches
 * left out; null if that is not known of each. Where they have different ones it is the smallest: data that passes
 * between these CPUs outgrows that one first, and what it does not hold is not in the caches of all of them.
 * @throws ERR_INVALID_ARG_TYPE
 */
export function lastLevelCacheBytes(host: CachesOfHost, cpus?: readonly number[]): number | null {
  requireHost(host, cpus);
  const last = lastLevels(host, cpus);
  return last === null ? null : Math.min(...last.map(({ bytes }) => bytes));
}

/** Returns the same, or 32 MiB where the host does not tell its caches. */
export function lastLevelCacheBytesOrUsual(host: CachesOfHost, cpus?: readonly number[]): number {
  return lastLevelCacheBytes(host, cpus) ?? USUAL_LAST_LEVEL_CACHE_BYTES;
}

/**
 * Returns the bytes that all last-level caches of `cpus` hold together, or 32 MiB where the host does not tell them.
 * What these CPUs copy at the same time works on memory only beyond that. It is an upper bound: a CPU of which it is
 * not known who shares its cache counts as having one of its own.
 */
export function lastLevelCachesTogetherBytes(host: CachesOfHost, cpus: readonly number[]): number {
  const last = lastLevels(host, cpus);
  if (last === null) return USUAL_LAST_LEVEL_CACHE_BYTES;
  const instances = last.filter(({ cpus: sharers }, index) =>
    sharers === null ? true : last.findIndex((other) => other.cpus?.join() === sharers.join()) === index,
  );
  return instances.reduce((sum, { bytes }) => sum + bytes, 0);
}
