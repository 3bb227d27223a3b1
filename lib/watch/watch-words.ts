/** Words for what an interval showed, which tables and logs have in common. Pure. */
import type { PoolOccupancy } from './occupancy.js';
import type { WatchSample } from './watcher.js';

export const UNKNOWN = 'unknown';
const DEFAULT_POOL = 'default';
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];
/** Pools that a reason names at most: of more it says how many. */
const MOST_NAMES = 3;

/** Names are of others: a terminal would obey what is in them. */
export const harmless = (name: string) => name.replace(/\p{Cc}/gu, ' ');

/** Returns `12.3 MB` for 12345678: three digits, in units of 1000. */
export function bytesText(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

export const numberText = (value: number | null) => (value === null ? UNKNOWN : String(value));

/** The share of slots in use: `1.5 %`. */
export function shareText({ slots, used }: PoolOccupancy): string {
  if (used === null || slots === null || slots === 0) return UNKNOWN;
  return `${((used / slots) * 100).toFixed(1)} %`;
}

export const poolName = ({ pool }: PoolOccupancy) => (pool === '' ? DEFAULT_POOL : harmless(pool));

function whichPools(names: readonly string[], all: number): string {
  if (names.length <= MOST_NAMES) return names.join(', ');
  return names.length === all ? `all ${all} pools` : `${names.length} pools`;
}

/** Why counters are unknown, once for each counter and reason. */
export function unknownTexts(pools: readonly PoolOccupancy[]): string[] {
  const names = new Map<string, Map<string, string[]>>();
  for (const pool of pools) {
    for (const [counter, why] of Object.entries(pool.unknown)) {
      const reasons = names.get(counter) ?? new Map<string, string[]>();
      names.set(counter, reasons.set(why, [...(reasons.get(why) ?? []), poolName(pool)]));
    }
  }
  return [...names].flatMap(([counter, reasons]) =>
    [...reasons].map(([why, of]) => `${counter} of ${whichPools(of, pools.length)} is unknown: ${why}`),
  );
}

/** What of the events of an interval was lost, or could not be read. */
export function lossTexts({ lostEvents, unparsedLines }: WatchSample): string[] {
  return [
    ...(lostEvents ? [`${lostEvents} events were lost: more was bounced than is told`] : []),
    ...(unparsedLines ? [`${unparsedLines} lines of events could not be read`] : []),
  ];
}
