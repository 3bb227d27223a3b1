/**
 * What the tools print, as gigabytes (10^9 bytes) per second. Pure.
 *
 * - `mbw` prints a line for each run, with MiB (2^20 bytes) per second of one copy of the whole array.
 * - `perf bench mem memcpy` prints bytes per second of all copies together.
 * - `stress-ng` writes YAML. Its "MB" are 2^20 bytes. `memcpy` counts only operations: each copies four buffers, one of
 *   them half, and moves four within one buffer. `stream` counts each array that a loop reads and each that it writes.
 */
import { strangeOutput } from './programs.js';

const MIB = 2 ** 20;
const GIGA = 1e9;

/** Runs that only bring memory and caches into the state that the others find. */
export const FIRST_RUNS = 1;

/** Bytes of the buffer of `stress-ng --memcpy`. */
export const MOVED_BUFFER_BYTES = 2 * MIB;
/** What one of its operations copies and moves: two moves are shorter by a line, and two by a byte. */
const MOVED_BYTES = 7.5 * MOVED_BUFFER_BYTES - 2 * 64 - 2;

/** Rate of all runs but the first. @throws ERR_USAGE */
export function mbwRate(output: string): number {
  const speeds = [...output.matchAll(/^\d+\tMethod: \w+\t.*\tCopy: ([\d.]+) MiB\/s$/gm)].map(([, rate]) =>
    Number(rate),
  );
  const kept = speeds.slice(FIRST_RUNS);
  const perMib = kept.reduce((sum, speed) => sum + 1 / speed, 0);
  const rate = (kept.length / perMib) * (MIB / GIGA);
  if (kept.length === 0 || !(rate > 0 && rate < Number.POSITIVE_INFINITY)) {
    throw strangeOutput('mbw', 'MiB per second of two runs', output);
  }
  return rate;
}

/** @throws ERR_USAGE */
export function perfRate(output: string): number {
  const [line] = /^\d+\.\d+$/m.exec(output) ?? [];
  const rate = Number(line) / GIGA;
  if (rate > 0 && rate < Number.POSITIVE_INFINITY) return rate;
  throw strangeOutput('perf bench', 'bytes per second', output);
}

function metric(yaml: string, name: string): number {
  const value = Number(new RegExp(`^ +${name}: ([\\d.]+)$`, 'm').exec(yaml)?.[1]);
  if (value > 0 && value < Number.POSITIVE_INFINITY) return value;
  throw strangeOutput('stress-ng', `the metric ${name}`, yaml);
}

/** Rate of all that `stress-ng --memcpy` copies and moves. @throws ERR_USAGE */
export function movesRate(yaml: string): number {
  return (metric(yaml, 'bogo-ops-per-second-real-time') * MOVED_BYTES) / GIGA;
}

/** Rate of what the loops of `stress-ng --stream` read and write, together. @throws ERR_USAGE */
export function streamRate(yaml: string): number {
  const mib = metric(yaml, 'memory-read-rate-mb-per-sec') + metric(yaml, 'memory-write-rate-mb-per-sec');
  return (mib * MIB) / GIGA;
}

/** Rates of reads alone and of writes alone, of 16 bytes each. @throws ERR_USAGE */
export function memoryRates(yaml: string): { readonly read: number; readonly write: number } {
  const of = (name: string) => (metric(yaml, name) * MIB) / GIGA;
  return { read: of('read128-mb-per-sec'), write: of('write128-mb-per-sec') };
}

/** What `tool_loops` prints: rates by name, the same names as asked for. @throws ERR_USAGE */
export function loopRates(output: string, names: readonly string[]): Record<string, number> {
  let value: unknown;
  try {
    value = JSON.parse(output);
  } catch {
    throw strangeOutput('tool_loops', 'rates', output);
  }
  const rates = (value ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    names.map((name) => {
      const rate = rates[`${name}GBps`];
      if (typeof rate === 'number' && rate > 0) return [name, rate];
      throw strangeOutput('tool_loops', `the rate of ${name}`, output);
    }),
  );
}
