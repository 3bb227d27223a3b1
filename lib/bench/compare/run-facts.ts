/**
 * What a comparison needs of a run: every number that two runs can have in common, and what tells whether they are of
 * the same kind. It is a hundredth of the file, so that a thousand runs fit into memory. Samples are what counts:
 * medians are formed from them, whatever the file says of them.
 */
import { median } from 'simple-statistics';
import { CopytaxError } from '../../errors.js';
import { cpuDistance } from '../result/cpu-distance.js';
import type { CellResult, ResultDocument, RoundResult } from '../result/result.js';
import { pairedRatio } from '../statistics/paired-ratio.js';
import {
  CONFIDENCE,
  MINIMAL_ROUNDS,
  present,
  rankConfidence,
  type Samples,
  type Summary,
  summarize,
} from '../statistics/statistics.js';
import type { CoreKey } from '../types/ledger-keys.js';
import { type Copies, copiesOf, inCopies } from './copies.js';
import { likenessOf } from './likeness.js';
import {
  type Distances,
  KINDS,
  type Kind,
  keyOf,
  type Measured,
  type MeasuredRounds,
  type Place,
  type Row,
  type RunFacts,
} from './row.js';
import { spreadOf } from './spread.js';

export {
  type Distances,
  KINDS,
  type Kind,
  keyOf,
  type Measured,
  type MeasuredRounds,
  type Place,
  type Row,
  type RunFacts,
};

const confidenceOf = (rounds: number) => (rounds < MINIMAL_ROUNDS ? rankConfidence(1, rounds) : CONFIDENCE);

/** The rows of a comparison, each once. */
export class RowTable {
  readonly #rows = new Map<string, { row: Row; source: string }>();

  /** Returns the row of a number in the file `source`. @throws ERR_COMPARE if another file has another unit for it */
  row(row: Row, source: string): Row {
    const key = keyOf(row);
    const known = this.#rows.get(key);
    if (known === undefined) {
      this.#rows.set(key, { row, source });
      return row;
    }
    if (known.row.unit === row.unit && known.row.higherIsBetter === row.higherIsBetter) return known.row;
    throw new CopytaxError(
      'ERR_COMPARE',
      `${row.id} is in ${known.row.unit} in ${known.source} and in ${row.unit} in ${source}: it does not mean the same`,
      { id: row.id, units: [known.row.unit, row.unit], sources: [known.source, source] },
    );
  }
}

/** Returns the id without its parts that have numbers: `tx-designs/bounce` for all conditions of that design. */
function lineOf(id: string): string {
  return id
    .split('/')
    .filter((part) => !part.includes('='))
    .join('/');
}

function distanceIn({ lineRoundTripNs }: RoundResult): Place | null {
  const trips = lineRoundTripNs ?? [];
  return trips.length === 0 ? null : { low: Math.min(...trips), high: Math.max(...trips) };
}

/** The numbers of one run as they are collected. */
class Numbers {
  readonly all = new Map<string, Measured>();
  readonly #table: RowTable;
  readonly #source: string;
  readonly #distances: ReadonlyMap<string, Distances>;

  constructor(run: ResultDocument, table: RowTable, source: string) {
    this.#table = table;
    this.#source = source;
    this.#distances = new Map(run.scenarios.map(({ name, rounds }) => [name, rounds.map(distanceIn)]));
  }

  /** Adds a number that is positive: others cannot be a factor of anything. */
  add(kind: Kind, id: string, more: Omit<Row, 'kind' | 'id' | 'line'>, summary: Summary, samples: Samples): void {
    if (!(summary.median > 0 && Number.isFinite(summary.median))) return;
    const row = this.#table.row({ kind, id, line: lineOf(id), ...more }, this.#source);
    const distances = more.needsCpus ? this.#distances.get(more.scenario) : undefined;
    const rounds = distances === undefined ? null : { samples, distances };
    this.all.set(keyOf(row), { row, median: summary.median, spread: spreadOf(summary), rounds });
  }

  /** The distances of all rounds in which several CPUs worked together. */
  distances(): Distances {
    const scenarios = new Set(
      [...this.all.values()].flatMap(({ row, rounds }) => (rounds === null ? [] : row.scenario)),
    );
    return [...scenarios].flatMap((scenario) => this.#distances.get(scenario) ?? []);
  }
}

/** The summary of the file if it is that of its samples. */
function summaryOf({ samples, summary }: CellResult): Summary | null {
  const values = present(samples);
  if (values.length === 0) return null;
  const middle = median(values);
  return Math.abs(middle - summary.median) <= 1e-9 * Math.abs(middle) ? summary : summarize(samples);
}

const COPY_PARTS = [
  ['user copy', 'coresUser'],
  ['bounce copy', 'coresBounce'],
] as const satisfies readonly (readonly [Kind, CoreKey])[];

const CORES = 'cores per 100 Gbit/s';

const times = (samples: Samples, factor: number): Samples =>
  samples.map((value) => (value === null ? null : factor * value));

function addValue(numbers: Numbers, cell: CellResult, copies: Copies | null): void {
  const { id, scenario, unit, higherIsBetter, params, samples } = cell;
  const summary = summaryOf(cell);
  if (summary === null) return;
  const more = { scenario, unit, higherIsBetter, needsCpus: params.senders !== undefined };
  numbers.add('value', id, more, summary, samples);
  if (copies === null || unit !== 'ns') return;
  const factor = inCopies('ns', copies);
  numbers.add('worth', id, { ...more, unit: 'copies' }, scaled(summary, factor), times(samples, factor));
}

function addCosts(numbers: Numbers, { id, scenario, params, cores, ledgerSamples }: CellResult, copies: Copies | null) {
  if (cores === undefined) return;
  const more = { scenario, unit: CORES, higherIsBetter: false, needsCpus: params.senders !== undefined };
  const total = ledgerSamples?.coresTotal ?? [];
  numbers.add('cost', id, more, cores, total);
  for (const [kind, key] of COPY_PARTS) {
    const { cores: middle, low, high } = cores.parts[key];
    const summary = { median: middle, low, high, confidence: cores.confidence };
    numbers.add(kind, id, more, summary, ledgerSamples?.[key] ?? []);
  }
  if (copies === null) return;
  const factor = inCopies('cores', copies);
  numbers.add('worth', id, { ...more, unit: 'copies' }, scaled(cores, factor), times(total, factor));
}

function scaled({ median: middle, low, high, confidence }: Summary, factor: number): Summary {
  return { median: middle * factor, low: low * factor, high: high * factor, confidence };
}

function addRatios(numbers: Numbers, { results, ratios }: ResultDocument): void {
  const cells = new Map(results.map((cell) => [cell.id, cell]));
  for (const { id, scenario, of, to } of ratios) {
    const [above, below] = [cells.get(of), cells.get(to)];
    const summary = above && below ? pairedRatio(above.samples, below.samples) : null;
    if (summary === null) continue;
    const more = { scenario, unit: '', higherIsBetter: null, needsCpus: above!.params.senders !== undefined };
    const samples = above!.samples.map((value, round) => quotient(value, below!.samples[round] ?? null));
    numbers.add('ratio', id, more, { ...summary, confidence: confidenceOf(summary.rounds) }, samples);
  }
}

const quotient = (of: number | null, to: number | null) => (of === null || to === null || to <= 0 ? null : of / to);

/** Returns what is kept of a document of one run. */
function factsOfRun(run: ResultDocument, source: string, table: RowTable): RunFacts {
  const numbers = new Numbers(run, table, source);
  const copies = copiesOf(run);
  for (const cell of run.results) {
    addValue(numbers, cell, copies);
    addCosts(numbers, cell, copies);
  }
  addRatios(numbers, run);
  const distance = cpuDistance(run);
  return {
    source,
    created: run.environment.created,
    complete: run.complete,
    machine: run.machine,
    likeness: likenessOf(run),
    cpus: run.settings.cpus,
    distance: distance === null ? null : { low: distance.low, high: distance.high },
    distances: numbers.distances(),
    copies,
    numbers: numbers.all,
    warnings: run.warnings.map(({ code }) => code),
    failed: run.failed,
  };
}

/** Returns what is kept of each run of a file. Rows that another run has, too, are taken from `table`. */
export function runsOf(document: ResultDocument, source: string, table: RowTable): RunFacts[] {
  const { runs } = document;
  if (runs === undefined || runs.length === 0) return [factsOfRun(document, source, table)];
  return runs.map((run, at) => factsOfRun(run as ResultDocument, `${source}#${at + 1}`, table));
}
