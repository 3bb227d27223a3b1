/** Which victims a host has, and where: their working sets, and the CPU of a neighbour. Pure. */
import type { HostFacts } from '../../lib/bench/facts/host-schema.js';
import { lastLevelCacheBytes } from '../../lib/bench/facts/memory/last-level-cache.js';
import type { Effort } from '../../lib/bench/plan/settings.js';
import { KIB, MIB } from '../../lib/units.js';

/** Where the host does not tell a cache: those of usual servers. */
const USUAL_BYTES = { 1: 32 * KIB, 2: MIB } as const;
const USUAL_LAST_LEVEL_BYTES = 32 * MIB;
/** Part of the memory that is available that a working set may take. */
export const MEMORY_SHARE = 1 / 8;
/** A working set this often as large as the last-level cache is in memory. */
const BEYOND = 2;
/** Working sets are of whole lines, and of whole pages where they are larger. */
const UNIT_BYTES = 4 * KIB;
/** Packets of 64 KiB that are bounced between two walks of the victim on the core. */
const PACKETS: Readonly<Record<Effort, readonly number[]>> = { quick: [4], default: [4], full: [1, 4, 16] };

/** At what rate the sender bounces beside the neighbour. */
export const PACES = ['paced', 'full speed'] as const;
export type Pace = (typeof PACES)[number];

/** What is known of a host that decides where victims are. */
export type PollutedHost = Pick<HostFacts, 'caches' | 'memory' | 'cpu'>;

export interface PollutionPlan {
  /** Working sets of the victim on the core of the sender, bytes, ascending. */
  readonly onCore: readonly number[];
  /** Packets that are bounced between two walks of it. */
  readonly packets: readonly number[];
  /** CPU of the neighbour; null: there is none, for the reason. */
  readonly neighbourCpu: number | null;
  readonly whyNoNeighbour: string | null;
  /** Working sets of the neighbour, bytes, ascending; none where there is no neighbour. */
  readonly besides: readonly number[];
  readonly paces: readonly Pace[];
  /** Working sets that there is no memory for, bytes. */
  readonly leftOut: readonly number[];
  /** Caches, bytes, as they are told or, where they are named in `untold`, as they usually are. */
  readonly caches: Readonly<Record<'L1' | 'L2' | 'LLC', number>>;
  readonly untold: readonly string[];
}

/** Bytes of the cache of a level that this CPU has; null: not told. */
function levelBytes({ caches }: PollutedHost, cpu: number, level: number): number | null {
  const own = (caches ?? []).filter(
    (cache) =>
      cache.level === level &&
      cache.type !== 'Instruction' &&
      (cache.sharingUnknown.includes(cpu) || cache.sharedBy.some((cpus) => cpus.includes(cpu))),
  );
  return own[0]?.bytes ?? null;
}

/** The CPUs that share the last-level cache of this one, itself included; null: not told. */
function sharers({ caches }: PollutedHost, cpu: number): readonly number[] | null {
  const own = (caches ?? []).filter(
    ({ type, sharedBy }) => type !== 'Instruction' && sharedBy.some((cpus) => cpus.includes(cpu)),
  );
  const last = own.toSorted((a, b) => b.level - a.level)[0];
  return last?.sharedBy.find((cpus) => cpus.includes(cpu)) ?? null;
}

/** Finds a CPU of another core with the same last-level cache. */
function neighbourOf(host: PollutedHost, cpus: readonly number[]): { cpu: number | null; why: string | null } {
  const [cpu, ...others] = cpus;
  if (others.length === 0) return { cpu: null, why: 'this run has one CPU' };
  const sharing = sharers(host, cpu!);
  if (sharing === null) return { cpu: null, why: 'the host does not tell which CPUs share a last-level cache' };
  const near = others.filter((other) => other !== cpu && sharing.includes(other));
  if (near.length === 0)
    return { cpu: null, why: `no other CPU of this run shares the last-level cache of CPU ${cpu}` };
  const core = host.cpu.siblings?.find((one) => one.includes(cpu!)) ?? [];
  const found = near.find((other) => !core.includes(other)) ?? null;
  return { cpu: found, why: found === null ? 'the other CPUs of this run are threads of the same core' : null };
}

const whole = (bytes: number) => Math.max(UNIT_BYTES, Math.floor(bytes / UNIT_BYTES) * UNIT_BYTES);
const ascending = (sizes: readonly number[]) => [...new Set(sizes.map(whole))].sort((a, b) => a - b);

/** `cpus`: those of the run, the sender's first; `availableBytes`: memory that this process can still get. */
export function pollutionPlan(
  effort: Effort,
  host: PollutedHost,
  cpus: readonly number[],
  availableBytes: number,
): PollutionPlan {
  const cpu = cpus[0]!;
  const told = { L1: levelBytes(host, cpu, 1), L2: levelBytes(host, cpu, 2), LLC: lastLevelCacheBytes(host, [cpu]) };
  const caches = {
    L1: told.L1 ?? USUAL_BYTES[1],
    L2: told.L2 ?? USUAL_BYTES[2],
    LLC: told.LLC ?? USUAL_LAST_LEVEL_BYTES,
  };
  const { cpu: neighbourCpu, why } = neighbourOf(host, cpus);
  const share = caches.LLC / (sharers(host, cpu)?.length ?? 1);
  // Half of its share, but no set that its own second level holds, and no more than half of the whole.
  const inLast = Math.min(Math.max(share / 2, 4 * caches.L2), caches.LLC / 2);
  const wanted = ascending([2 * caches.L2, inLast, BEYOND * caches.LLC]);
  const limit = MEMORY_SHARE * Math.min(host.memory.totalBytes ?? availableBytes, availableBytes);
  const fits = (bytes: number) => bytes <= limit;
  return {
    onCore: ascending([caches.L1 / 2, caches.L2 / 2, 2 * caches.L2]),
    packets: PACKETS[effort],
    neighbourCpu,
    whyNoNeighbour: why,
    besides: neighbourCpu === null ? [] : wanted.filter(fits),
    paces: effort === 'quick' ? ['paced'] : PACES,
    leftOut: neighbourCpu === null ? [] : wanted.filter((bytes) => !fits(bytes)),
    caches,
    untold: Object.entries(told).flatMap(([name, bytes]) => (bytes === null ? [name] : [])),
  };
}
