/**
 * Whether the intervals of a run hold for the next one: of all pairs of runs, how often the intervals of the same
 * number overlap. Intervals of 95 % of two independent runs that differ by nothing but noise overlap in more than 99 %
 * of pairs; where they do so less often, runs differ by something that no interval holds. Pure.
 */
import { median } from 'simple-statistics';
import { isOnePlace } from '../../lib/bench/result/cpu-distance.js';
import type { Kind, Row, RunSummary, Series } from './run-summary.js';

/** Of the numbers of one kind, in one scenario or in all. */
export interface Agreement {
  readonly kind: Kind;
  /** Null: all scenarios. */
  readonly scenario: string | null;
  /** How many numbers were measured in at least two runs. */
  readonly numbers: number;
  /** Pairs of runs that both have a number, over all numbers. */
  readonly pairs: number;
  /** Pairs whose intervals overlap. */
  readonly overlapping: number;
  readonly intervals: number;
  /** Intervals that hold the median of the number over all runs. */
  readonly holding: number;
  /** Median half width of the intervals, as a share of their medians; null for numbers that may be about 0. */
  readonly halfWidth: number | null;
  /** Median over numbers of their standard deviation over runs, as a share of the mean; null as above. */
  readonly deviation: number | null;
}

/** What is read of a series. */
interface Runs {
  readonly runs: readonly RunSummary[];
}

/** A number in a run that has it. */
interface Measured {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** The same number in all runs. */
interface Repeated {
  readonly kind: Kind;
  readonly scenario: string;
  readonly id: string;
  readonly runs: readonly Measured[];
}

const overlap = (a: Measured, b: Measured) => a.low <= b.high && b.low <= a.high;

const halfWidthOf = ({ median: middle, low, high }: Measured) => (high - low) / 2 / Math.abs(middle);

/** Returns the numbers that at least two runs have. */
function repeated(runs: readonly RunSummary[]): Repeated[] {
  const byKey = new Map<string, { first: Row; runs: Measured[] }>();
  for (const row of runs.flatMap(({ rows }) => rows)) {
    const [kind, , id, middle, low, high] = row;
    const found = byKey.get(`${kind} ${id}`) ?? { first: row, runs: [] };
    byKey.set(`${kind} ${id}`, found);
    found.runs.push({ median: middle, low, high });
  }
  return [...byKey.values()]
    .filter((found) => found.runs.length > 1)
    .map(({ first: [kind, scenario, id], runs: measured }) => ({ kind, scenario, id, runs: measured }));
}

/** Standard deviation of at least two values, by n - 1. */
function deviationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

function relativeDeviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return deviationOf(values) / Math.abs(mean);
}

function agreementOf(kind: Kind, scenario: string | null, numbers: readonly Repeated[]): Agreement {
  let [pairs, overlapping, holding] = [0, 0, 0];
  for (const { runs } of numbers) {
    const middle = median(runs.map((run) => run.median));
    for (const [at, run] of runs.entries()) {
      if (run.low <= middle && middle <= run.high) holding++;
      for (const later of runs.slice(at + 1)) {
        pairs++;
        if (overlap(run, later)) overlapping++;
      }
    }
  }
  const all = numbers.flatMap(({ runs }) => runs);
  const isRelative = kind !== 'difference';
  return {
    kind,
    scenario,
    numbers: numbers.length,
    pairs,
    overlapping,
    intervals: all.length,
    holding,
    halfWidth: isRelative ? median(all.map(halfWidthOf)) : null,
    deviation: isRelative ? median(numbers.map(({ runs }) => relativeDeviation(runs.map((run) => run.median)))) : null,
  };
}

/** Returns the agreement of each kind, first over all scenarios and then in each. */
export function agreements({ runs }: Runs): Agreement[] {
  const all = repeated(runs);
  return [...new Set(all.map(({ kind }) => kind))].flatMap((kind) => {
    const ofKind = all.filter((number) => number.kind === kind);
    const scenarios = [...new Set(ofKind.map(({ scenario }) => scenario))];
    const each = scenarios.map((scenario) =>
      agreementOf(
        kind,
        scenario,
        ofKind.filter((number) => number.scenario === scenario),
      ),
    );
    return [agreementOf(kind, null, ofKind), ...each];
  });
}

/**
 * Returns the most runs in which the CPUs stayed at one distance, the same in all of them. A hypervisor that has
 * virtual CPUs near to each other in one run and far apart in the next makes two machines of a guest; where it does so
 * in the middle of a run, that is in the intervals of the run.
 */
export function inOnePlace(runs: readonly RunSummary[]): RunSummary[] {
  const stayed = runs.filter(({ distanceNs }) => distanceNs !== undefined && isOnePlace(...distanceNs));
  const groups = stayed.map(({ distanceNs: from }) =>
    stayed.filter(({ distanceNs }) => distanceNs![0] >= from![0] && isOnePlace(from![0], distanceNs![1])),
  );
  return groups.reduce((most, group) => (group.length > most.length ? group : most), []);
}

/** The ratio that the verdict speaks of, over runs. All are shares of the ratio. */
export interface Headline {
  readonly id: string;
  readonly runs: readonly Measured[];
  /** Standard deviation over runs. */
  readonly deviation: number;
  /** Half widths of the intervals: their mean, and the largest. */
  readonly meanHalfWidth: number;
  readonly mostHalfWidth: number;
  /** How many of them are within `bound`. */
  readonly withinBound: number;
}

/** Returns the headline of a series; null if it has none, or fewer than two runs. `bound`: a half width, as a share. */
export function headlineOver({ runs, headline: id }: Runs & Pick<Series, 'headline'>, bound: number): Headline | null {
  const found = repeated(runs).find((number) => number.kind === 'ratio' && number.id === id);
  if (found === undefined) return null;
  const halfWidths = found.runs.map(halfWidthOf);
  return {
    id: found.id,
    runs: found.runs,
    deviation: relativeDeviation(found.runs.map((run) => run.median)),
    meanHalfWidth: halfWidths.reduce((sum, width) => sum + width, 0) / halfWidths.length,
    mostHalfWidth: Math.max(...halfWidths),
    withinBound: halfWidths.filter((width) => width <= bound).length,
  };
}
