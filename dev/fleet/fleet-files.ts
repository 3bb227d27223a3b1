/**
 * Makes fleets of result files that follow from a seed: variations of one recorded result, of which it is known how
 * much they vary and which of them is slower.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { probit } from 'simple-statistics';
import type { ResultDocument } from '../../lib/bench/result/result.js';
import { random, seedFor } from '../../lib/random.js';

export interface FleetPlan {
  /** A document as it is in a file, of any schema. */
  readonly base: ResultDocument;
  readonly files: number;
  readonly seed: number;
  /** Standard deviation of each cell from file to file, as a share. */
  readonly deviation: number;
  /** By the number of the file: by which factor its copies and designs are slower. */
  readonly slower?: ReadonlyMap<number, number>;
  /** Fingerprints of the hosts, in turns. Default: that of `base`. */
  readonly fingerprints?: readonly (string | null)[];
}

type Cell = ResultDocument['results'][number];

const LIMIT = 1e-9;

function scaled<Value>(value: Value, factor: number, keys: readonly string[]): Value {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    keys.includes(key) && typeof item === 'number' ? item * factor : scaled(item, factor, keys),
  ]);
  return Object.fromEntries(entries) as Value;
}

const ENDS = ['median', 'low', 'high', 'cores'];

/** Returns a cell that is slower by `factor`: lower rates, longer times and higher costs. */
function slowerCell(cell: Cell, factor: number): Cell {
  const ofValue = cell.higherIsBetter ? 1 / factor : factor;
  const more = cell.cores === undefined ? {} : { cores: scaled(cell.cores, factor, ENDS) };
  return {
    ...cell,
    ...more,
    samples: cell.samples.map((sample) => (sample === null ? null : sample * ofValue)),
    summary: scaled(cell.summary, ofValue, ENDS),
  };
}

/** Returns one document of a fleet. */
export function fleetDocument({ base, seed, deviation, slower, fingerprints }: FleetPlan, file: number): object {
  const next = random(seedFor(seed, `file ${file}`));
  const normal = () => probit(Math.min(1 - LIMIT, Math.max(LIMIT, next())));
  const factor = slower?.get(file) ?? 1;
  const fingerprint = fingerprints === undefined ? base.machine.fingerprint : fingerprints[file % fingerprints.length]!;
  return {
    ...base,
    environment: { ...base.environment, created: new Date(Date.UTC(2026, 0, 1) + file * 3_600_000).toISOString() },
    machine: { ...base.machine, fingerprint },
    results: base.results.map((cell) => slowerCell(cell, factor * Math.exp(deviation * normal()))),
  };
}

/** Writes the files into a folder, which is made if it is missing, and returns their paths. */
export function writeFleet(folder: string, plan: FleetPlan): string[] {
  mkdirSync(folder, { recursive: true });
  return Array.from({ length: plan.files }, (_, file) => {
    const path = join(folder, `host-${String(file).padStart(4, '0')}.json`);
    writeFileSync(path, JSON.stringify(fleetDocument(plan, file)));
    return path;
  });
}
