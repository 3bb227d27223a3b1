/** A result in fewer bytes, for pages that have no room for all of it. What is left out is said in words. Pure. */
import type { CellResult, ResultDocument } from '../bench/result/result.js';

/** A form of a result that `copytax report` reads as it reads the whole. */
export interface ShorterForm {
  /** What its file is called after the name of the result. */
  readonly ending: string;
  /** What it holds, as the subject of a sentence has it. */
  readonly holds: string;
  /** What it lacks. */
  readonly lacks: string;
  readonly of: (result: ResultDocument) => ResultDocument;
}

const DURATION_DIGITS = 3;
const DIGITS = 5;

function withoutTimes({ startedMs: _, pulsesNs: __, ...cell }: CellResult): CellResult {
  return { ...cell, durationsMs: cell.durationsMs.map((ms) => Number(ms.toPrecision(DURATION_DIGITS))) };
}

function withoutSamples(cell: CellResult): CellResult {
  const { startedMs: _, pulsesNs: __, ledgerSamples: ___, atFullSpeed: ____, ...left } = cell;
  return { ...left, samples: [], durationsMs: [] };
}

/** Rounding keeps the order of numbers, so that intervals stay around their medians. */
function rounded(result: ResultDocument): ResultDocument {
  const shorter = (_: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value;
  return JSON.parse(JSON.stringify(result, shorter));
}

/** The result with other cells; of several runs, each of them, too. */
function withCells(result: ResultDocument, cellOf: (cell: CellResult) => CellResult): ResultDocument {
  const runs = result.runs?.map((run) => ({ ...run, results: run.results.map(cellOf) }));
  return { ...result, results: result.results.map(cellOf), ...(runs !== undefined && { runs }) };
}

const withoutRounds = (result: ResultDocument): ResultDocument =>
  rounded({
    ...withCells(result, withoutSamples),
    scenarios: result.scenarios.map((scenario) => ({ ...scenario, rounds: [] })),
  });

/** The forms, from the longest to the shortest. */
export const SHORTER_FORMS: readonly ShorterForm[] = [
  {
    ending: '-without-times',
    holds: `all samples, medians and facts, durations to ${DURATION_DIGITS} digits`,
    lacks: 'the times at which samples began and the pulses beside them',
    of: (result) => withCells(result, withoutTimes),
  },
  {
    ending: '-medians',
    holds: `medians with their intervals, ratios and facts, to ${DIGITS} digits`,
    lacks: 'samples and rounds, which copytax compare needs',
    of: withoutRounds,
  },
];
