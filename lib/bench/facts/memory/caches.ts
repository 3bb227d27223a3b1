/** The caches of a host: what each online CPU tells of its own, put together into kinds and instances. */
import type { HostFiles } from '../host-files.js';
import type { CacheFacts, HostFacts } from '../host-schema.js';
import { sharingOf } from './cache-sharing.js';
import { otherCaches } from './other-caches.js';
import { type ToldCache, toldCaches, whyNoCaches } from './told-cache.js';

/** What else is known of the host that decides how its caches are told. */
export interface CacheContext {
  readonly online: readonly number[];
  /** Whether this is a guest; null: not known. */
  readonly virtual: boolean | null;
  /** Whether all CPUs are of one kind, so that each has a cache of each level that one of them has. */
  readonly alike: boolean;
}

/** The value that all who tell one agree on. */
function agreed(values: readonly (number | null)[]): number | null {
  const told = new Set(values.filter((value) => value !== null));
  return told.size === 1 ? [...told][0]! : null;
}

/** Caches of one level and type, of which each CPU has at most one. */
function kindsOf(told: readonly ToldCache[], toldBy: CacheFacts['toldBy']): CacheFacts[] {
  const { level, type } = told[0]!;
  const byCpu = new Map(told.map((cache) => [cache.cpu, cache]));
  const kinds = new Map<string, CacheFacts>();
  const kindOf = (cpus: readonly number[]): CacheFacts => {
    const caches = cpus.flatMap((cpu) => byCpu.get(cpu) ?? []);
    const bytes = agreed(caches.map((cache) => cache.bytes));
    const lineBytes = agreed(caches.map((cache) => cache.lineBytes));
    const key = `${bytes} ${lineBytes}`;
    const kind = kinds.get(key) ?? {
      level,
      type,
      bytes,
      lineBytes,
      sharedBy: [],
      instances: null,
      sharingUnknown: [],
      toldBy,
    };
    kinds.set(key, kind);
    return kind;
  };
  const { instances, unknown } = sharingOf(new Map(told.map(({ cpu, sharedBy }) => [cpu, sharedBy])));
  for (const cpus of instances) kindOf(cpus).sharedBy.push(cpus);
  for (const cpu of unknown) kindOf([cpu]).sharingUnknown.push(cpu);
  return [...kinds.values()].map((kind) => ({
    ...kind,
    instances: kind.sharingUnknown.length === 0 ? kind.sharedBy.length : null,
  }));
}

/** Groups by level and type; a second cache of one CPU with the same level and type is of another group. */
function groupsOf(told: readonly ToldCache[]): ToldCache[][] {
  const groups = new Map<string, ToldCache[]>();
  for (const cache of told) {
    let key = `${cache.level} ${cache.type}`;
    while (groups.get(key)?.some(({ cpu }) => cpu === cache.cpu)) key += ' again';
    groups.set(key, [...(groups.get(key) ?? []), cache]);
  }
  return [...groups.values()];
}

const cpusOf = ({ sharedBy, sharingUnknown }: CacheFacts) => [...sharedBy.flat(), ...sharingUnknown];

/**
 * CPUs of which no cache is told; among CPUs of one kind, also those that lack one which others have. CPUs of several
 * kinds may differ in their levels.
 */
function incompleteOf(found: readonly CacheFacts[], told: readonly ToldCache[], context: CacheContext): number[] {
  const ofLevel = (level: number, type: string) =>
    new Set(found.filter((cache) => cache.level === level && cache.type === type).flatMap(cpusOf));
  const levels = context.alike ? found.map(({ level, type }) => ofLevel(level, type)) : [];
  const telling = new Set(told.map(({ cpu }) => cpu));
  return context.online.filter((cpu) => !telling.has(cpu) || levels.some((cpus) => !cpus.has(cpu)));
}

/** Returns caches of the online CPUs, small to large, and the CPUs of which they are not, or not all, told. */
export function cacheFacts(files: HostFiles, context: CacheContext): Pick<HostFacts, 'caches' | 'cachesIncomplete'> {
  const { online, virtual } = context;
  const listed = online.flatMap((cpu) => toldCaches(files, cpu, online));
  const told = [...listed, ...otherCaches(files, online, listed)];
  if (told.length === 0) {
    const reason = whyNoCaches(files, online);
    return { caches: files.miss('caches', reason), cachesIncomplete: files.miss('cachesIncomplete', reason) };
  }
  const found = groupsOf(told).flatMap((group) => kindsOf(group, virtual ? 'hypervisor' : 'host'));
  found.sort((a, b) => a.level - b.level || a.type.localeCompare(b.type));
  return { caches: found, cachesIncomplete: incompleteOf(found, told, context) };
}
