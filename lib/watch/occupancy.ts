/**
 * How full the slot pools of a host are, as debugfs counts: the default one, and those of restricted devices, each of
 * which has a folder. Source of the names: docs/captures.md, and the counters that `copytax machine` prints.
 */
import { SWIOTLB } from '../tracefs/missing.js';
import type { TracingFiles } from '../tracefs/tracing-files.js';

/** Counters of a slot pool; null is unknown. */
export interface PoolOccupancy {
  /** Name of the folder of a restricted device; empty for the default pool. */
  readonly pool: string;
  /** Slots of 2 KiB that it has. */
  readonly slots: number | null;
  readonly used: number | null;
  /** The largest `used` since boot. */
  readonly highWater: number | null;
  /** Slots of transient slot pools, which are there for one mapping each. */
  readonly transient: number | null;
  /** Why a counter is unknown, by its name. */
  readonly unknown: Readonly<Partial<Record<Counter, string>>>;
}

const FILES = {
  slots: 'io_tlb_nslabs',
  used: 'io_tlb_used',
  highWater: 'io_tlb_used_hiwater',
  transient: 'io_tlb_transient_nslabs',
} as const;

export type Counter = keyof typeof FILES;

const COUNTERS = Object.keys(FILES) as Counter[];
/** Counters are unsigned, so that one below zero reads as a number from here on. */
const BELOW_ZERO = 2n ** 63n;

const ABSENT: Readonly<Record<Counter, string>> = {
  slots: 'this Linux does not tell it',
  used: 'this Linux does not tell it',
  highWater: 'this Linux does not count it',
  transient: 'this Linux has none (CONFIG_SWIOTLB_DYNAMIC)',
};

/** A counter, or why it is unknown. */
export function counterOf(text: string): number | string {
  if (!/^\d{1,20}$/.test(text)) return 'its file holds no number';
  if (BigInt(text) >= BELOW_ZERO) return 'it was below zero for a moment: CPUs add to it without a lock';
  return Number.isSafeInteger(Number(text)) ? Number(text) : 'it is larger than any pool';
}

function readCounter(files: TracingFiles, folder: string, counter: Counter): number | string {
  try {
    return counterOf(files.text(`${folder}/${FILES[counter]}`).trim());
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? ABSENT[counter] : `its file cannot be read (${code})`;
  }
}

function poolOccupancy(files: TracingFiles, pool: string): PoolOccupancy {
  const folder = pool === '' ? SWIOTLB : `${SWIOTLB}/${pool}`;
  const read = COUNTERS.map((counter) => [counter, readCounter(files, folder, counter)] as const);
  const known = Object.fromEntries(read.map(([counter, value]) => [counter, typeof value === 'number' ? value : null]));
  const unknown = Object.fromEntries(read.filter(([, value]) => typeof value === 'string'));
  return { pool, ...(known as Record<Counter, number | null>), unknown };
}

/** Returns the pools that have a file of a counter, the default one first, then by name. Never throws. */
export function occupancyOf(files: TracingFiles): PoolOccupancy[] {
  let names: string[];
  try {
    names = files.list(SWIOTLB);
  } catch {
    return [];
  }
  const restricted = names.filter((name) => !name.startsWith('io_tlb_')).sort((a, b) => a.localeCompare(b, 'en'));
  return ['', ...restricted]
    .map((pool) => poolOccupancy(files, pool))
    .filter(({ unknown }) => COUNTERS.some((counter) => unknown[counter] !== ABSENT[counter]));
}
