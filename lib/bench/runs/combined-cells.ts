/** The cells of several runs: a sample is the median of a run, and the interval is over runs. */

import { withCores } from '../result/cores.js';
import { isAtFullSpeed, type Pulses } from '../result/full-speed.js';
import type { CellResult, ResultDocument } from '../result/result.js';
import { medianRecord, summarize } from '../statistics/statistics.js';
import type { Ledger } from '../types/ledger-keys.js';
import { combineCores, ledgerSampleOf } from './combined-costs.js';
import { mergeWarnings } from './combined-warnings.js';
import { medianOf } from './median-of.js';

/** One entry for each run: its part of a cell, if it has measured it. */
type Parts = readonly (CellResult | undefined)[];

/** Returns the samples beside which all CPUs were as fast as in the fastest run. */
export function samplesAtFullSpeed({ samples, pulsesNs }: CellResult, fastest: Pulses): (number | null)[] {
  return samples.map((value, at) => (isAtFullSpeed(pulsesNs?.[at] ?? [], fastest) ? value : null));
}

/** The median pulse of each CPU over the samples of a run. */
function pulseOf({ pulsesNs = [] }: CellResult): number[] {
  const taken = pulsesNs.filter(({ length }) => length > 0);
  return (taken[0] ?? []).map((_, cpu) => medianOf(taken.map((ns) => ns[cpu] ?? null))!);
}

function atFullSpeedOf(parts: Parts, fastest: Pulses): CellResult['atFullSpeed'] {
  const taken = parts.filter((part) => part !== undefined);
  if (taken.every(({ atFullSpeed }) => atFullSpeed === undefined)) return undefined;
  const medians = taken.map((part) => medianOf(samplesAtFullSpeed(part, fastest))).filter((value) => value !== null);
  return { samples: medians.length, summary: medians.length === 0 ? null : summarize(medians) };
}

/** Of each key that a run has sampled: the median of each run, null where it has none. */
function ledgerSamplesOf(parts: Parts): CellResult['ledgerSamples'] {
  const keys = new Set(parts.flatMap((part) => Object.keys(part?.ledgerSamples ?? {})));
  if (keys.size === 0) return undefined;
  return Object.fromEntries([...keys].map((key) => [key, parts.map((part) => ledgerSampleOf(part, key))]));
}

/** When each run began, milliseconds since the first of them. */
function startsOf(runs: readonly ResultDocument[]): number[] {
  const created = runs.map(({ environment }) => Date.parse(environment.created));
  const first = Math.min(...created);
  return created.map((at) => at - first);
}

function combineCell(parts: Parts, startedMs: readonly number[], fastest: Pulses): CellResult {
  const taken = parts.filter((part) => part !== undefined);
  const { id, scenario, params, unit, higherIsBetter, batch } = taken[0]!;
  const cores = combineCores(parts);
  const atFullSpeed = atFullSpeedOf(parts, fastest);
  const ledgerSamples = ledgerSamplesOf(parts);
  const hasPulses = taken.some(({ pulsesNs }) => pulsesNs !== undefined);
  return {
    id,
    scenario,
    params,
    unit,
    higherIsBetter,
    batch,
    samples: parts.map((part) => part?.summary.median ?? null),
    startedMs: [...startedMs],
    durationsMs: parts.map((part) => (part?.durationsMs ?? []).reduce((sum, ms) => sum + ms, 0)),
    ...(hasPulses ? { pulsesNs: parts.map((part) => (part === undefined ? [] : pulseOf(part))) } : {}),
    summary: summarize(taken.map(({ summary }) => summary.median)),
    ...(atFullSpeed === undefined ? {} : { atFullSpeed }),
    ledger: withCores(medianRecord(taken.map(({ ledger }) => ledger)) as Ledger, cores),
    ...(cores === null ? {} : { cores }),
    ...(ledgerSamples === undefined ? {} : { ledgerSamples }),
    warnings: mergeWarnings(parts.map((part) => part?.warnings ?? [])),
  };
}

/** Returns the cells of all runs, in the order of the first that has them. `fastest`: the pulses of all runs. */
export function combineCells(runs: readonly ResultDocument[], fastest: Pulses): CellResult[] {
  const byId = runs.map(({ results }) => new Map(results.map((cell) => [cell.id, cell])));
  const ids = new Set(runs.flatMap(({ results }) => results.map(({ id }) => id)));
  const startedMs = startsOf(runs);
  return [...ids].map((id) =>
    combineCell(
      byId.map((cells) => cells.get(id)),
      startedMs,
      fastest,
    ),
  );
}
