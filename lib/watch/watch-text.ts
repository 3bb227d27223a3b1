/** What an interval showed as tables for a terminal, as many rows of them as fit. Pure. */
import { missingText } from '../tracefs/missing.js';
import type { PoolOccupancy } from './occupancy.js';
import { bytesText, harmless, lossTexts, numberText, poolName, shareText, unknownTexts } from './watch-words.js';
import type { DeviceRate, WatchSample } from './watcher.js';

/** The size of a terminal, in letters. */
export interface Screen {
  readonly rows: number;
  readonly columns: number;
}

/** Rows of the tables that are shown. */
interface Shown {
  pools: number;
  devices: number;
}

/** Rows that lines take on a screen: one that is longer than a row is broken. */
export function heightOf(lines: readonly string[], columns: number): number {
  return lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / columns)), 0);
}

/** Puts cells below each other: the first of a row to the left, the others to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  );
}

const moreText = (more: number, what: string) => (more > 0 ? [`and ${more} more ${what}`] : []);

function poolLines(pools: readonly PoolOccupancy[], shown: number): string[] {
  const rows = pools
    .slice(0, shown)
    .map((pool) => [
      poolName(pool),
      numberText(pool.slots),
      numberText(pool.used),
      shareText(pool),
      numberText(pool.highWater),
      numberText(pool.transient),
    ]);
  const head = ['pool', 'slots', 'used', 'used %', 'high-water', 'transient'];
  const reasons = unknownTexts(pools).map((text) => `  ${text}`);
  return [...table([head, ...rows]), ...moreText(pools.length - shown, 'pools'), ...reasons];
}

function deviceLines(devices: readonly DeviceRate[], shown: number): string[] {
  if (devices.length === 0) return ['nothing was bounced since this began'];
  const rows = devices
    .slice(0, shown)
    .map(({ device, bytesPerSecond, attemptsPerSecond }) => [
      harmless(device),
      `${bytesText(bytesPerSecond)}/s`,
      attemptsPerSecond.toFixed(0),
    ]);
  return [...table([['device', 'bounced', 'attempts/s'], ...rows]), ...moreText(devices.length - shown, 'devices')];
}

function linesOf(sample: WatchSample, shown: Shown): string[] {
  const { time, seconds, pools, devices, missing } = sample;
  return [
    `${time}, over ${seconds.toFixed(1)} s`,
    '',
    ...(pools === null ? [] : [...poolLines(pools, shown.pools), '']),
    ...(devices === null ? [] : [...deviceLines(devices, shown.devices), ...lossTexts(sample), '']),
    ...missing.map(missingText),
  ];
}

/** The first lines that fit, and how many do not. A row is left for the cursor, which stands below the last line. */
function cutTo({ rows, columns }: Screen, lines: readonly string[]): readonly string[] {
  if (heightOf(lines, columns) < rows) return lines;
  let kept = lines.length;
  while (kept > 0 && heightOf(lines.slice(0, kept), columns) + 1 >= rows) kept--;
  return [...lines.slice(0, kept), ...moreText(lines.length - kept, 'lines')];
}

/**
 * The lines of a sample, which end with what is not shown. On a screen that is too small the tables have fewer rows,
 * of pools the last ones by name and of devices those with the fewest bytes, and say how many are left out.
 */
export function watchLines(sample: WatchSample, screen?: Screen): readonly string[] {
  const shown = { pools: sample.pools?.length ?? 0, devices: sample.devices?.length ?? 0 };
  if (screen === undefined) return linesOf(sample, shown);
  for (const key of ['pools', 'devices'] as const) shown[key] = Math.min(shown[key], Math.max(1, screen.rows));
  let lines = linesOf(sample, shown);
  while (heightOf(lines, screen.columns) >= screen.rows && Math.max(shown.pools, shown.devices) > 1) {
    shown[shown.pools > shown.devices ? 'pools' : 'devices']--;
    lines = linesOf(sample, shown);
  }
  return cutTo(screen, lines);
}
