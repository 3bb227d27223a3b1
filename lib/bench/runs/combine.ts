/**
 * Makes one document of several runs: a sample of it is a whole run. It has the parts of a document of one run, so that
 * reports, pictures and warnings need not know which they have; each run stands in it as it would in a file of its own.
 *
 * Within a run some things stay the same, such as where the host has put the process; between fresh processes they
 * differ. An interval over runs holds them, and an interval over the rounds of one run need not.
 */
import { CopytaxError } from '../../errors.js';
import { shown } from '../../limits.js';
import { fastestPulses, isAtFullSpeed } from '../result/full-speed.js';
import type { FailedCell, ResultDocument, ScenarioResult } from '../result/result.js';
import { linuxControlOf } from '../statistics/linux-control.js';
import { combineCells } from './combined-cells.js';
import { combineCostDifferences } from './combined-costs.js';
import { combineRatios } from './combined-ratios.js';
import { combineRounds } from './combined-rounds.js';
import { combineBreakEvens, combineCrossings } from './combined-sizes.js';
import { combineWarnings } from './combined-warnings.js';

/** What only the one who called for the runs knows. */
export interface Series {
  /** Of the call: the seeds of the runs follow from it. */
  readonly seed: number;
  /** How many runs were called for. */
  readonly count: number;
  /** All of them have ended. */
  readonly complete: boolean;
  /** The series was stopped. */
  readonly interrupted: boolean;
  /** Since the series was called for. Default: the time of all runs together. */
  readonly seconds?: number;
}

const startOf = ({ environment }: ResultDocument) => Date.parse(environment.created);

/** The scenarios of all runs, in the order of the first that has them; one entry of `rounds` for each run. */
function combineScenarios(runs: readonly ResultDocument[]): ScenarioResult[] {
  const names = [...new Set(runs.flatMap(({ scenarios }) => scenarios.map(({ name }) => name)))];
  return names.map((name) => {
    const all = runs.flatMap(({ scenarios }) => scenarios.filter((scenario) => scenario.name === name));
    const { question, tables } = all[0]!;
    return {
      name,
      question,
      seconds: all.reduce((sum, { seconds }) => sum + seconds, 0),
      warmUpRounds: all.reduce((sum, { warmUpRounds }) => sum + warmUpRounds, 0),
      tables,
      rounds: all.flatMap(({ rounds }) => (rounds.length === 0 ? [] : [combineRounds(rounds)])),
    };
  });
}

/** The cells that no run could measure. */
function combineFailed(runs: readonly ResultDocument[]): FailedCell[] {
  const measured = new Set(runs.flatMap(({ results }) => results.map(({ id }) => id)));
  const failed = new Map<string, FailedCell>();
  for (const cell of runs.flatMap((run) => run.failed)) {
    if (measured.has(cell.id)) continue;
    failed.set(cell.id, { ...cell, samples: cell.samples + (failed.get(cell.id)?.samples ?? 0) });
  }
  return [...failed.values()];
}

/**
 * The pulses of all samples. Full speed is that of the fastest run: a run during which the CPUs were slow from the
 * first sample to the last does not see it by itself.
 */
function combinePulse(runs: readonly ResultDocument[], fastest: readonly number[]): ResultDocument['pulse'] {
  const factor = runs.find(({ pulse }) => pulse !== undefined)?.pulse?.factor;
  if (factor === undefined) return undefined;
  const pulses = pulsesOf(runs);
  const atFullSpeed = pulses.filter((ns) => isAtFullSpeed(ns, fastest)).length;
  return { factor, fastestNs: [...fastest], samples: pulses.length, atFullSpeed };
}

const pulsesOf = (runs: readonly ResultDocument[]) =>
  runs.flatMap(({ results }) => results.flatMap(({ pulsesNs = [] }) => pulsesNs)).filter(({ length }) => length > 0);

/**
 * Combines at least one document of a single run, in whatever order. A sample of a cell is the median of a run; null
 * where a run has none; they are in the order of time, which tells whether one depends on those before it. Host,
 * environment, and settings but the seed are those of the first run. Pure.
 * @throws ERR_INVALID_ARG_TYPE without a run
 */
export function combineRuns(given: readonly ResultDocument[], series: Series): ResultDocument {
  if (!Array.isArray(given) || given.length === 0) {
    const message = `combineRuns() takes a list of at least one result, not ${shown(given)}`;
    throw new CopytaxError('ERR_INVALID_ARG_TYPE', message, { name: 'given' });
  }
  const runs = (given as readonly ResultDocument[]).toSorted((a, b) => startOf(a) - startOf(b));
  const first = runs[0]!;
  const { seed, count, complete, interrupted } = series;
  const fastest = fastestPulses(pulsesOf(runs));
  const [results, ratios] = [combineCells(runs, fastest), combineRatios(runs, fastest)];
  return {
    schema: first.schema,
    sampledBy: 'run',
    machine: first.machine,
    environment: first.environment,
    settings: { ...first.settings, seed, runs: count },
    ownDesigns: first.ownDesigns,
    scenarios: combineScenarios(runs),
    pulse: combinePulse(runs, fastest),
    results,
    failed: combineFailed(runs),
    ratios,
    costDifferences: combineCostDifferences(runs),
    breakEvens: combineBreakEvens(runs),
    crossings: combineCrossings(runs),
    linuxControl: linuxControlOf(results, ratios) ?? undefined,
    warnings: combineWarnings(runs),
    seconds: series.seconds ?? runs.reduce((sum, { seconds }) => sum + seconds, 0),
    stoodStillMs: runs.reduce((sum, { stoodStillMs = 0 }) => sum + stoodStillMs, 0),
    complete,
    interrupted,
    runs,
  };
}
