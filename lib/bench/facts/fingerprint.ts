/**
 * The fingerprint of a host: a hash of what two hosts must share for their nanoseconds to be compared directly. It
 * leaves out what may change between two runs on one host (clock, governor, limits, microcode, flags, free memory),
 * Linux, which takes no part in these copies, and what a container hides. Pure.
 */
import { createHash } from 'node:crypto';
import type { CacheFacts, CpuType, HostFacts } from './host-schema.js';

const VERSION = 2;
const DIGITS = 16;

export type Fingerprinted = Pick<
  HostFacts,
  'arch' | 'cpu' | 'caches' | 'cachesIncomplete' | 'reportedCaches' | 'numaNodes'
>;

/** What is asked only of files, so that it does not depend on whether the addon is built. */
export interface FingerprintContext {
  /** Whether this is a guest; null: not known. */
  readonly virtual: boolean | null;
  /** Kind of confidential guest; null: not known, which is so in most guests and is a value here. */
  readonly guest: string | null;
  /** Whether Linux is compiled without memory nodes, so that all memory is one. */
  readonly isWithoutNodes: boolean;
  /** Whether a container hides CPUs of the host, so that those which it shows are not all. */
  readonly hidesCpus: boolean;
}

export interface Fingerprint {
  readonly fingerprint: string | null;
  /** Facts that it needs and that are not known. */
  readonly unknown: string[];
}

type Identity = readonly (string | number | null)[];
/** Enters a fact that is not known. */
type Miss = (fact: string, isKnown: boolean) => void;

/**
 * What identifies a CPU. The names of arm64 parts are left out: they come from a table that grows, and say no more than
 * the numbers. Other architectures need a model, and a number that tells its versions apart.
 */
function identityOf(type: CpuType, arch: string, miss: Miss): Identity {
  const { vendor, family, modelNumber, stepping, model, implementer, part, revision } = type;
  if (implementer !== null) {
    for (const [name, value] of Object.entries({ part, revision })) miss(`cpu.types.${name}`, value !== null);
    return [implementer, part, revision];
  }
  miss('cpu.types.model', model !== null);
  if (arch === 'x64' || arch === 'ia32') {
    const numbers = { vendor, family, modelNumber, stepping };
    for (const [name, value] of Object.entries(numbers)) miss(`cpu.types.${name}`, value !== null);
  } else miss('cpu.types.revision', revision !== null || stepping !== null || modelNumber !== null);
  return [vendor, family, modelNumber, stepping, model, revision];
}

/** Kinds of CPUs with how many there are of each. Kinds that differ only in clocks are one. */
function kindsOf({ cpu, arch }: Fingerprinted, miss: Miss): string[] {
  miss('cpu.types', cpu.types !== null && cpu.types.length > 0);
  const counts = new Map<string, number>();
  for (const type of cpu.types ?? []) {
    const identity = JSON.stringify(identityOf(type, arch, miss));
    counts.set(identity, (counts.get(identity) ?? 0) + type.cpus.length);
  }
  return [...counts].map((kind) => JSON.stringify(kind)).sort();
}

/** Those that Linux tells; where it tells none, those that the CPU reports, which are another statement. */
function cachesOf({ caches, cachesIncomplete, reportedCaches }: Fingerprinted, miss: Miss): string[] {
  if (caches === null && reportedCaches) {
    return reportedCaches.map(({ level, type, bytes }) => JSON.stringify(['reported', level, type, bytes]));
  }
  miss('caches', caches !== null);
  miss('caches of each CPU', (cachesIncomplete ?? []).length === 0);
  const shapeOf = ({ level, type, bytes, instances }: CacheFacts) => {
    miss('caches.type', type !== 'Unknown');
    miss('caches.bytes', bytes !== null);
    miss('caches.instances', instances !== null);
    return JSON.stringify([level, type, bytes, instances]);
  };
  return (caches ?? []).map(shapeOf).sort();
}

/** The number of memory nodes, and the caches in front of them where any are told. */
function nodesOf({ numaNodes }: Fingerprinted, isWithoutNodes: boolean, miss: Miss): Identity {
  miss('numaNodes', numaNodes !== null || isWithoutNodes);
  const sizes = (numaNodes ?? []).flatMap(({ memorySideCache }) => {
    if (memorySideCache === null) return [];
    miss('numaNodes.memorySideCache', memorySideCache.bytes !== null);
    return memorySideCache.bytes ?? [];
  });
  return [numaNodes?.length ?? 1, ...sizes.sort((a, b) => a - b)];
}

/** Returns the fingerprint, or null where a fact that it needs is not known: unknown is not equal to unknown. */
export function fingerprintOf(facts: Fingerprinted, context: FingerprintContext): Fingerprint {
  const unknown = new Set<string>();
  const miss: Miss = (fact, isKnown) => {
    if (!isKnown) unknown.add(fact);
  };
  const { online, packages, cores, threadsPerCore } = facts.cpu;
  for (const [name, value] of Object.entries({ online, packages, cores, threadsPerCore })) {
    miss(`cpu.${name}`, value !== null);
  }
  miss('cpu.offline', !context.hidesCpus);
  miss('hypervisor.present (by files)', context.virtual !== null);
  const compared = [
    [facts.arch, kindsOf(facts, miss), online?.length, packages, cores, threadsPerCore],
    [cachesOf(facts, miss), nodesOf(facts, context.isWithoutNodes, miss), context.virtual, context.guest],
  ];
  if (unknown.size > 0) return { fingerprint: null, unknown: [...unknown] };
  const hash = createHash('sha256').update(JSON.stringify(compared)).digest('hex');
  return { fingerprint: `${VERSION}-${hash.slice(0, DIGITS)}`, unknown: [] };
}
