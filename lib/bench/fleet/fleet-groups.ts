/** The runs of a fleet by the fingerprints of their hosts, what each group has in common, and who lies out. Pure. */
import { ASPECTS } from '../compare/likeness.js';
import { type Score, scoresOf } from './deviations.js';
import { type Fleet, type FleetRun, mediansByKey } from './fleet.js';
import { largestScores, outside } from './outliers.js';

/** A number of a run that lies outside. */
export interface Deviation {
  /** Index among the keys of the fleet. */
  readonly key: number;
  /** Median of the run as a factor of that of the group. */
  readonly factor: number;
  /** Robust standard deviations; above zero: slower, or for a ratio larger. */
  readonly score: number;
}

export interface Outlier {
  readonly run: FleetRun;
  /** The largest score of the run, without sign: of a number or of a family of numbers. */
  readonly score: number;
  /** Above 1: the run is slower than its group by this factor in the middle of the numbers that have a better side. */
  readonly slower: number;
  /** Numbers that lie outside, the farthest first. */
  readonly deviations: readonly Deviation[];
  /** Numbers that were looked at. */
  readonly numbers: number;
  /** What the file knows that the rest of the group is not like: `microcode 0x2, elsewhere 0x1`. */
  readonly causes: readonly string[];
}

export interface FleetGroup {
  readonly fingerprint: string;
  readonly runs: readonly FleetRun[];
  /** Medians by key and run, as `mediansByKey`. */
  readonly columns: readonly Float64Array[];
  readonly outliers: readonly Outlier[];
  /** The run that lies farthest out, whether it is an outlier or not; null: no number can be looked at. */
  readonly farthest: Outlier | null;
}

/** A run whose host is not identified. */
export interface Unidentified {
  readonly run: FleetRun;
  readonly reason: string;
}

/** Robust deviations from which a number of a run that lies outside is named: Iglewicz and Hoaglin, 1993. */
const NAMED_SCORE = 3.5;
/** Smaller effects are not named. */
const NAMED_EFFECT = 0.03;

const median = (values: readonly number[]) => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

/** The value that most runs have; null if it is not that of more than half. */
function usual(values: readonly (string | null)[]): string | null {
  const counts = new Map<string | null, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [[value, count] = [null, 0]] = [...counts].sort((a, b) => b[1] - a[1]);
  return count * 2 > values.length ? value : null;
}

/** Returns in what a run is unlike the most of its group, and which warnings it has that most have not. */
function causesOf(run: FleetRun, runs: readonly FleetRun[]): string[] {
  const unlike = ASPECTS.flatMap(({ name, noun }) => {
    const most = usual(runs.map(({ likeness }) => likeness[name]));
    const own = run.likeness[name];
    if (most === null || own === most) return [];
    return name === 'settings' ? [`other ${noun} than most`] : [`${noun}: ${own ?? 'not known'}, of most ${most}`];
  });
  const warnings = [...new Set(run.warnings)].filter(
    (code) => runs.filter(({ warnings }) => warnings.includes(code)).length * 2 <= runs.length,
  );
  const stopped = run.complete ? [] : ['the run is incomplete'];
  return [...unlike, ...(warnings.length > 0 ? [`warnings ${warnings.join(', ')}`] : []), ...stopped];
}

/** Says of one run how it lies. `at`: its index in the group. */
function outlierOf(fleet: Fleet, group: Omit<FleetGroup, 'outliers' | 'farthest'>, scores: readonly Score[]) {
  const middles = new Map(
    scores.flatMap(({ key }) => (key === null ? [] : [[key, median([...present(group.columns[key]!)])] as const])),
  );
  return (at: number, score: number): Outlier => {
    const all = scores.flatMap(({ key, deviations }): Deviation[] => {
      if (key === null || Number.isNaN(deviations[at]!)) return [];
      return [{ key, factor: group.columns[key]![at]! / middles.get(key)!, score: deviations[at]! }];
    });
    const sided = all.flatMap(({ key, factor }) => {
      const { higherIsBetter } = fleet.keys[key]!;
      return higherIsBetter === null ? [] : [higherIsBetter ? 1 / factor : factor];
    });
    const effect = ({ factor }: Deviation) => Math.max(factor, 1 / factor) - 1;
    const named = all.filter((one) => Math.abs(one.score) >= NAMED_SCORE && effect(one) >= NAMED_EFFECT);
    return {
      run: group.runs[at]!,
      score,
      slower: sided.length === 0 ? 1 : median(sided),
      deviations: named.sort((a, b) => Math.abs(b.score) - Math.abs(a.score)),
      numbers: all.length,
      causes: causesOf(group.runs[at]!, group.runs),
    };
  };
}

/** Returns the numbers that are there. */
export function present(column: Float64Array): Float64Array {
  return column.filter((value) => !Number.isNaN(value));
}

function groupOf(fleet: Fleet, fingerprint: string, runs: readonly FleetRun[]): FleetGroup {
  const columns = mediansByKey(fleet, runs);
  const scores = scoresOf(fleet.keys, columns);
  const largest = largestScores(scores, runs.length);
  const facts = outlierOf(fleet, { fingerprint, runs, columns }, scores);
  const told = (at: number) => facts(at, largest[at]!);
  const farthest = largest.reduce((best, score, at) => (score > largest[best]! ? at : best), 0);
  return {
    fingerprint,
    runs,
    columns,
    outliers: outside(largest).map(told),
    farthest: scores.length === 0 ? null : told(farthest),
  };
}

function reasonOf({ machine }: FleetRun): string {
  const missing = machine.missing.find(({ fact }) => fact === 'fingerprint');
  return missing?.reason ?? 'facts that identify its host are not known';
}

/** Returns groups, the largest first, and runs that belong to none: unknown hosts are not known to be alike. */
export function groupsOf(fleet: Fleet): { groups: FleetGroup[]; unidentified: Unidentified[] } {
  const byFingerprint = new Map<string | null, FleetRun[]>();
  for (const run of fleet.runs) {
    const { fingerprint } = run.machine;
    const others = byFingerprint.get(fingerprint) ?? [];
    byFingerprint.set(fingerprint, others);
    others.push(run);
  }
  const unidentified = (byFingerprint.get(null) ?? []).map((run) => ({ run, reason: reasonOf(run) }));
  const groups = [...byFingerprint].flatMap(([fingerprint, runs]) =>
    fingerprint === null ? [] : [groupOf(fleet, fingerprint, runs)],
  );
  return { groups: groups.sort((a, b) => b.runs.length - a.runs.length), unidentified };
}
