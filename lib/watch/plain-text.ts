/** What an interval showed as lines for a log, of which each stands by itself. Pure. */
import { missingText } from '../tracefs/missing.js';
import type { PoolOccupancy } from './occupancy.js';
import {
  bytesText,
  harmless,
  lossTexts,
  numberText,
  poolName,
  shareText,
  UNKNOWN,
  unknownTexts,
} from './watch-words.js';
import type { WatchSample } from './watcher.js';

function poolText(pool: PoolOccupancy): string {
  const used = `${numberText(pool.used)}/${numberText(pool.slots)} slots (${shareText(pool)})`;
  const others = `high-water ${numberText(pool.highWater)} transient ${numberText(pool.transient)}`;
  return `${poolName(pool)} ${used} ${others}`;
}

function poolTexts({ pools }: WatchSample): string[] {
  return pools === null || pools.length === 0 ? [`pools ${UNKNOWN}`] : pools.map(poolText);
}

function deviceTexts({ devices }: WatchSample): string[] {
  if (devices === null) return [`bounced ${UNKNOWN}`];
  if (devices.length === 0) return ['bounced nothing'];
  return devices.map(
    ({ device, bytesPerSecond, attemptsPerSecond }) =>
      `${harmless(device)} ${bytesText(bytesPerSecond)}/s ${attemptsPerSecond.toFixed(0)} attempts/s`,
  );
}

/** The line of a sample. It says what is unknown; why, `reasonTexts` has. */
export function plainLine(sample: WatchSample): string {
  return [sample.time, ...poolTexts(sample), ...deviceTexts(sample), ...lossTexts(sample)].join('; ');
}

/** Why something of a sample is unknown. They are the same for all samples that hide the same for the same reason. */
export function reasonTexts({ pools, missing }: WatchSample): string[] {
  return [...unknownTexts(pools ?? []), ...missing.map(missingText)];
}
