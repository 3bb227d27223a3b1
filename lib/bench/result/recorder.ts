/**
 * Records what has been measured, and makes the result document of it at any time: after a scenario, at the end, or
 * when the run is interrupted. Samples are kept raw, and summaries are made with the document.
 */

import { fileNameOf, ownDesigns } from '../../designs/own-designs.js';
import { seedFor } from '../../random.js';
import { type Environment, environmentSchema } from '../host/environment.js';
import type { HostDelta } from '../host/host-reading.js';
import type { HostFacts } from '../host/host-schema.js';
import type { LedgerKey } from '../plan/ledger-keys.js';
import type { Cell, Sample, Scenario } from '../plan/scenario.js';
import type { BenchSettings } from '../plan/settings.js';
import type { Warning } from '../plan/warning.js';
import { breakEvens } from './break-even.js';
import { crossing } from './crossing.js';
import { pairedRatio } from './paired-ratio.js';
import {
  type BreakEvenResult,
  type CellResult,
  type CrossingResult,
  type OwnDesignResult,
  type RatioResult,
  RESULT_SCHEMA,
  type ResultDocument,
  type RoundResult,
  settingsSchema,
} from './result.js';
import type { SizeRange } from './shown-ranges.js';
import { medianRecord, summarize } from './statistics.js';
import { judge } from './warning-rules.js';

/** Returns one warning per code: the last one, with the number of samples that had it. */
function mergeWarnings(samples: readonly Sample[]): Warning[] {
  const byCode = new Map<string, { warning: Warning; count: number }>();
  for (const warning of samples.flatMap((sample) => sample.warnings ?? [])) {
    byCode.set(warning.code, { warning, count: (byCode.get(warning.code)?.count ?? 0) + 1 });
  }
  return [...byCode.values()].map(({ warning, count }) =>
    count === samples.length
      ? warning
      : { ...warning, seen: `${warning.seen} (${count} of ${samples.length} samples)` },
  );
}

/** Returns the samples of these keys: one per round each, null where a sample has no such number. */
function ledgerSamples(samples: readonly Sample[], keys: readonly LedgerKey[]): Record<string, (number | null)[]> {
  const of = (sample: Sample, key: LedgerKey) => {
    const value = sample.ledger?.[key];
    return value !== undefined && Number.isFinite(value) ? value : null;
  };
  return Object.fromEntries(keys.map((key) => [key, samples.map((sample) => of(sample, key))]));
}

/** The record of one scenario. The runner fills it. */
export class ScenarioRecord {
  readonly scenario: Scenario;
  readonly rounds: RoundResult[] = [];
  warmUpRounds = 0;
  seconds = 0;
  readonly #samples = new Map<string, Sample[]>();

  constructor(scenario: Scenario) {
    this.scenario = scenario;
  }

  addSample(cell: Cell, sample: Sample): void {
    const samples = this.#samples.get(cell.id) ?? [];
    this.#samples.set(cell.id, samples);
    samples.push(sample);
  }

  addRound(cells: number, delta: HostDelta): void {
    const { lineRoundTripNs, cpusLost } = delta;
    this.rounds.push({
      ...delta,
      cells,
      lineRoundTripNs: lineRoundTripNs && [...lineRoundTripNs],
      cpusLost: cpusLost && [...cpusLost],
    });
  }

  /** The cells that have at least one sample, in the order of the scenario. */
  results(): CellResult[] {
    const { sampledLedger } = this.scenario;
    return this.scenario.cells.flatMap((cell) => {
      const samples = this.#samples.get(cell.id);
      if (samples === undefined) return [];
      const values = samples.map((sample) => sample.value);
      const { id, params, unit, higherIsBetter, batch } = cell;
      return {
        id,
        scenario: this.scenario.name,
        params: { ...params },
        unit,
        higherIsBetter,
        batch,
        samples: values,
        durationsMs: samples.map((sample) => sample.durationMs),
        summary: summarize(values),
        ledger: medianRecord(samples.map((sample) => sample.ledger ?? {})),
        ...(sampledLedger === undefined ? {} : { ledgerSamples: ledgerSamples(samples, sampledLedger) }),
        warnings: mergeWarnings(samples),
      };
    });
  }

  /** The ratios for which there is a round with both cells. */
  ratios(seed: number): RatioResult[] {
    return this.scenario.ratios.flatMap(({ id, of, to }) => {
      const summary = pairedRatio(this.#values(of), this.#values(to), seedFor(seed, id));
      return summary === null ? [] : { id, scenario: this.scenario.name, of, to, ...summary };
    });
  }

  /** What each price is compared to, for each cost of which a round has all sizes. */
  breakEvens(seed: number): BreakEvenResult[] {
    return (this.scenario.breakEvens ?? []).flatMap(({ id, cost, points, prices }) => {
      const costs = points.map(({ bytes, cell }) => ({ bytes, ns: this.#values(cell) }));
      return breakEvens(costs, prices, seedFor(seed, id)).map(({ wins, shown, ...sizes }, at) => ({
        id,
        scenario: this.scenario.name,
        cost,
        compared: [points[0]!.bytes, points.at(-1)!.bytes] satisfies [number, number],
        price: prices[at]!,
        wins: tuples(wins),
        shown: tuples(shown),
        ...sizes,
      }));
    });
  }

  /** Where each cost that has been measured at all sizes of a round crosses the one that it is compared with. */
  crossings(seed: number): CrossingResult[] {
    return (this.scenario.crossings ?? []).flatMap(({ id, of, to, points }) => {
      const pairs = points.map((point) => {
        return { bytes: point.bytes, of: this.#values(point.of), to: this.#values(point.to) };
      });
      const found = crossing(pairs, seedFor(seed, id));
      if (found === null) return [];
      const compared: [number, number] = [points[0]!.bytes, points.at(-1)!.bytes];
      const [wins, shown] = [tuples(found.wins), tuples(found.shown)];
      return { ...found, id, scenario: this.scenario.name, of, to, compared, wins, shown };
    });
  }

  #values(id: string): number[] {
    return (this.#samples.get(id) ?? []).map((sample) => sample.value);
  }
}

const tuples = (ranges: readonly SizeRange[]) => ranges.map(([from, to]): [number, number] => [from, to]);

/** Returns what the result says of the measured designs that are not of this package; undefined if there are none. */
function ownDesignsOf({ designs }: BenchSettings): OwnDesignResult[] | undefined {
  const measured = ownDesigns().filter(({ name }) => designs.includes(name));
  if (measured.length === 0) return undefined;
  return measured.map(({ name, module, design: { idea, promises } }) => {
    const { bounceCopies, holdsSlots } = promises;
    return { name, idea, module: fileNameOf(module), promises: { bounceCopies, holdsSlots } };
  });
}

/** Main thread only. */
export class Recorder {
  readonly host: HostFacts;
  readonly environment: Environment;
  readonly settings: BenchSettings;
  readonly #records: ScenarioRecord[] = [];
  readonly #now: () => number;

  /** `now` returns milliseconds since the start of the process. */
  constructor(
    host: HostFacts,
    environment: Environment,
    settings: BenchSettings,
    now: () => number = () => performance.now(),
  ) {
    this.host = host;
    this.environment = environmentSchema.parse(environment);
    this.settings = settings;
    this.#now = now;
  }

  /** Starts the record of the next scenario. */
  begin(scenario: Scenario): ScenarioRecord {
    const record = new ScenarioRecord(scenario);
    this.#records.push(record);
    return record;
  }

  /** Returns a document of its own, which later samples do not change. */
  document(state: { complete: boolean; interrupted: boolean }): ResultDocument {
    const document: ResultDocument = {
      schema: RESULT_SCHEMA,
      machine: this.host,
      environment: this.environment,
      settings: settingsSchema.parse(this.settings),
      ownDesigns: ownDesignsOf(this.settings),
      scenarios: this.#records.map(({ scenario: { name, question, tables }, seconds, warmUpRounds, rounds }) => ({
        name,
        question,
        seconds,
        warmUpRounds,
        rounds: [...rounds],
        tables: [...tables],
      })),
      results: this.#records.flatMap((record) => record.results()),
      ratios: this.#records.flatMap((record) => record.ratios(this.settings.seed)),
      breakEvens: this.#records.flatMap((record) => record.breakEvens(this.settings.seed)),
      crossings: this.#records.flatMap((record) => record.crossings(this.settings.seed)),
      warnings: [],
      seconds: this.#now() / 1000,
      ...state,
    };
    return { ...document, warnings: judge(document) };
  }
}
