/** Makes the document of a fleet: what its text and its JSON show. Pure. */
import { compare } from '../compare/comparison.js';
import { keyOf } from '../compare/run-facts.js';
import type { Group } from '../compare/unlike.js';
import { MINIMAL_EFFECT } from '../statistics/paired-ratio.js';
import { scaleOf } from './deviations.js';
import { type Fleet, type FleetRun, runFacts } from './fleet.js';
import { type FleetGroup, groupsOf, type Outlier, present } from './fleet-groups.js';
import { FLEET_SCHEMA, type FleetDocument, type FleetPlace, type FleetSpread } from './fleet-schema.js';
import { type Headline, headlinesOf } from './headlines.js';
import { LEAST_RUNS } from './outliers.js';

/** With fewer runs a percentile is an extreme. */
const PERCENTILE_RUNS = 20;
const LEAST_FOR_DEVIATION = 3;

export interface FleetOptions {
  /** Number of the base among the groups from 1, or the beginning of its fingerprint. Default: the largest group. */
  readonly base?: string;
  /** One family of all numbers of a comparison instead of small ones. */
  readonly isStrict?: boolean;
}

/** Returns the value at a share of the sorted values, between two neighbours in proportion. */
export function quantile(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const next = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return sorted[below]! + (next - sorted[below]!) * (at - below);
}

function spreadOf(values: Float64Array, headline: number): FleetSpread {
  const sorted = present(values).sort();
  const share = sorted.length < PERCENTILE_RUNS ? 0 : 0.05;
  const logs = sorted.map(Math.log);
  const deviation = sorted.length < LEAST_FOR_DEVIATION ? null : 100 * scaleOf(logs, quantile(logs, 0.5));
  return {
    headline,
    runs: sorted.length,
    median: quantile(sorted, 0.5),
    low: quantile(sorted, share),
    high: quantile(sorted, 1 - share),
    deviationPercent: deviation,
  };
}

function placeOf(fleet: Fleet, { run, score, slower, numbers, deviations, causes }: Outlier): FleetPlace {
  const named = deviations.map(({ key, factor, score: own }) => {
    const { kind, id } = fleet.keys[key]!;
    return { kind, id, factor, score: own };
  });
  return { source: run.source, score, slower, numbers, deviations: named, causes: [...causes] };
}

const fileOf = ({ source }: FleetRun) => source.replace(/#\d+$/, '');

function versionOf({ version, commit }: FleetRun): string {
  return commit === null ? version : `${version} (${commit.slice(0, 9)})`;
}

function groupDocument(fleet: Fleet, group: FleetGroup, headlines: readonly Headline[]) {
  const { fingerprint, runs, columns, outliers, farthest } = group;
  const byTime = runs.toSorted((a, b) => a.created.localeCompare(b.created));
  const numbers = headlines.flatMap(({ key }, headline) =>
    present(columns[key]!).length === 0 ? [] : [spreadOf(columns[key]!, headline)],
  );
  return {
    fingerprint,
    machine: byTime.at(-1)!.machine,
    files: new Set(runs.map(fileOf)).size,
    sources: runs.map(({ source }) => source),
    first: byTime[0]!.created,
    last: byTime.at(-1)!.created,
    versions: [...new Set(runs.map(versionOf))],
    numbers,
    outliers: outliers.map((one) => placeOf(fleet, one)),
    farthest: farthest === null ? null : placeOf(fleet, farthest),
    mayHaveOutliers: runs.length >= LEAST_RUNS,
  };
}

/** Compares the headlines of the groups as `copytax compare` compares machines. */
function differencesOf(fleet: Fleet, groups: readonly FleetGroup[], headlines: readonly Headline[], isStrict: boolean) {
  if (groups.length < 2 || headlines.length === 0) return [];
  const keys = new Set(headlines.map(({ key }) => key));
  const compared = groups.map(({ fingerprint, runs }): Group => {
    return { name: fingerprint, runs: runs.map((run) => runFacts(fleet, run, keys)) };
  });
  const position = new Map(headlines.map(({ key }, at) => [keyOf(fleet.keys[key]!), at]));
  const comparison = compare(compared, { minimalEffect: MINIMAL_EFFECT, isStrict, mode: 'across machines' });
  return comparison.compared.map(({ group, method, differences }) => ({
    group,
    method,
    numbers: differences
      .map(({ row, ratio, low, high, corrected, significant }) => {
        return { headline: position.get(keyOf(row))!, ratio, low, high, chance: corrected, significant };
      })
      .sort((a, b) => a.headline - b.headline),
  }));
}

/** Returns the position of the base among groups in the order of their size, or -1. */
export function basePosition(groups: readonly Pick<FleetGroup, 'fingerprint'>[], base: string | undefined): number {
  if (base === undefined) return 0;
  const named = groups.findIndex(({ fingerprint }) => fingerprint === base);
  if (named >= 0) return named;
  if (/^\d{1,4}$/.test(base)) return Number(base) <= groups.length ? Number(base) - 1 : -1;
  return base === '' ? -1 : groups.findIndex(({ fingerprint }) => fingerprint.startsWith(base));
}

/** Returns the document; null if no group is the base that the options name. */
export function fleetDocument(fleet: Fleet, { base, isStrict = false }: FleetOptions = {}): FleetDocument | null {
  const { groups: bySize, unidentified } = groupsOf(fleet);
  const first = basePosition(bySize, base);
  if (first < 0) return null;
  const groups = [...bySize.slice(first, first + 1), ...bySize.filter((_, at) => at !== first)];
  const headlines = headlinesOf(fleet);
  return {
    schema: FLEET_SCHEMA,
    files: fleet.files,
    runs: fleet.runs.length,
    headlines: headlines.map(({ kind, name, key }) => {
      const { id, unit, higherIsBetter } = fleet.keys[key]!;
      return { kind, name, id, unit, higherIsBetter };
    }),
    groups: groups.map((group) => groupDocument(fleet, group, headlines)),
    differences: differencesOf(fleet, groups, headlines, isStrict),
    unidentified: unidentified.map(({ run, reason }) => ({ source: run.source, reason })),
    failures: [...fleet.failures],
  };
}
