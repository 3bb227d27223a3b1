/** What an interval showed as text: tables for a terminal, and one line for a log. Pure. */

import { missingText } from '../tracefs/missing.js';
import type { PoolOccupancy } from './occupancy.js';
import type { DeviceRate, WatchSample } from './watcher.js';

const UNKNOWN = 'unknown';
const DEFAULT_POOL = 'default';
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Names are of others: a terminal would obey what is in them. */
const harmless = (name: string) => name.replace(/\p{Cc}/gu, ' ');

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

const numberText = (value: number | null) => (value === null ? UNKNOWN : String(value));

function shareText({ slots, used }: PoolOccupancy): string {
  if (used === null || slots === null || slots === 0) return UNKNOWN;
  return `${((used / slots) * 100).toFixed(1)} %`;
}

const poolName = ({ pool }: PoolOccupancy) => (pool === '' ? DEFAULT_POOL : harmless(pool));

/** Puts cells below each other: the first of a row to the left, the others to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  );
}

function poolLines(pools: readonly PoolOccupancy[]): string[] {
  const rows = pools.map((pool) => [
    poolName(pool),
    numberText(pool.slots),
    numberText(pool.used),
    shareText(pool),
    numberText(pool.highWater),
    numberText(pool.transient),
  ]);
  return [...table([['pool', 'slots', 'used', 'used %', 'high-water', 'transient'], ...rows]), ...unknownLines(pools)];
}

/** Why counters are unknown, once for each reason. */
function unknownLines(pools: readonly PoolOccupancy[]): string[] {
  const told = pools.flatMap((pool) =>
    Object.entries(pool.unknown).map(([counter, why]) => `  ${counter} of ${poolName(pool)} is unknown: ${why}`),
  );
  return [...new Set(told)];
}

function deviceLines(devices: readonly DeviceRate[]): string[] {
  if (devices.length === 0) return ['nothing was bounced since this began'];
  const rows = devices.map(({ device, bytesPerSecond, attemptsPerSecond }) => [
    harmless(device),
    `${bytesText(bytesPerSecond)}/s`,
    attemptsPerSecond.toFixed(0),
  ]);
  return table([['device', 'bounced', 'attempts/s'], ...rows]);
}

function lossText({ lostEvents, unparsedLines }: WatchSample): string[] {
  return [
    ...(lostEvents ? [`${lostEvents} events were lost: more was bounced than is told`] : []),
    ...(unparsedLines ? [`${unparsedLines} lines of events could not be read`] : []),
  ];
}

/** The lines of a sample for a terminal, which end with what is not shown. */
export function watchLines(sample: WatchSample): string[] {
  const { time, seconds, pools, devices, missing } = sample;
  return [
    `${time}, over ${seconds.toFixed(1)} s`,
    '',
    ...(pools === null ? [] : [...poolLines(pools), '']),
    ...(devices === null ? [] : [...deviceLines(devices), ...lossText(sample), '']),
    ...missing.map(missingText),
  ];
}

/** The line of a sample for a log. What is not shown is not in it: it is told once, before the first. */
export function plainLine(sample: WatchSample): string {
  const pools = (sample.pools ?? []).map((pool) => {
    const transient = pool.transient === null ? '' : ` transient ${pool.transient}`;
    const used = `${numberText(pool.used)}/${numberText(pool.slots)} slots (${shareText(pool)})`;
    return `${poolName(pool)} ${used} high-water ${numberText(pool.highWater)}${transient}`;
  });
  const devices = (sample.devices ?? []).map(
    ({ device, bytesPerSecond, attemptsPerSecond }) =>
      `${harmless(device)} ${bytesText(bytesPerSecond)}/s ${attemptsPerSecond.toFixed(0)} attempts/s`,
  );
  return [sample.time, ...pools, ...devices, ...lossText(sample)].join('; ');
}
