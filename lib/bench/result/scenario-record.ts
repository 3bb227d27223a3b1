/**
 * The record of one scenario: its rounds, and the samples of its cells as they were taken. Summaries are made with the
 * document.
 */
import { seedFor } from '../../random.js';
import type { HostDelta } from '../host/host-reading.js';
import type { Cell, Sample, Scenario } from '../plan/scenario.js';
import type { Warning } from '../plan/warning.js';
import { breakEvens } from '../statistics/break-even.js';
import { crossing } from '../statistics/crossing.js';
import { pairedRatio } from '../statistics/paired-ratio.js';
import type { SizeRange } from '../statistics/shown-ranges.js';
import { medianRecord, summarize } from '../statistics/statistics.js';
import type { LedgerKey } from '../types/ledger-keys.js';
import { coresOf, costDifference, type RoundCost, roundCost, withCores } from './cores.js';
import type { CostDifferenceResult } from './cores-schema.js';
import { atFullSpeed, isAtFullSpeed, type Pulses } from './full-speed.js';
import type {
  BreakEvenResult,
  CellResult,
  CrossingResult,
  FailedCell,
  RatioResult,
  RoundResult,
  ScenarioResult,
} from './result.js';

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

/** Returns samples of those of these keys that a cell has: one per round each, null where there is no number. */
function ledgerSamples(samples: readonly Sample[], keys: readonly LedgerKey[]): Record<string, (number | null)[]> {
  const of = (sample: Sample, key: LedgerKey) => {
    const value = sample.ledger?.[key];
    return value !== undefined && Number.isFinite(value) ? value : null;
  };
  const found = keys.map((key) => [key, samples.map((sample) => of(sample, key))] as const);
  return Object.fromEntries(found.filter(([, numbers]) => numbers.some((number) => number !== null)));
}

/** A sample as it was taken. */
export interface Taken {
  /** What the cell returned. */
  readonly sample: Sample;
  /** When it began, milliseconds since the run was called for: these times are the order of a run. */
  readonly startedMs: number;
  /** How often it was taken again, because the process had stood still. */
  readonly repeats: number;
}

type Values = readonly (number | null)[];

/** The record of one scenario. The runner fills it. */
export class ScenarioRecord {
  /** What is measured. */
  readonly scenario: Scenario;
  /** The rounds until now, in order of time. */
  readonly rounds: RoundResult[] = [];
  /** Rounds that were measured before these and discarded. */
  warmUpRounds = 0;
  /** Time that the scenario took until now, with preparation and warm-up. */
  seconds = 0;
  /** True if it was measured after the others, because there was no memory for it beside them. */
  isAfterOthers = false;
  /** Number of the memory that the cells have, counted from 0. */
  placement = 0;
  readonly #taken = new Map<string, Taken[]>();

  /** Makes an empty record. */
  constructor(scenario: Scenario) {
    this.scenario = scenario;
  }

  /** Adds a sample of one of the cells; the round that it belongs to is not over. */
  addSample(cell: Cell, taken: Taken): void {
    const all = this.#taken.get(cell.id) ?? [];
    this.#taken.set(cell.id, all);
    all.push(taken);
  }

  /** Ends a round in which `cells` were sampled. */
  addRound(cells: number, repeats: number, delta: HostDelta): void {
    const { placement } = this;
    const lineRoundTripNs = delta.lineRoundTripNs && [...delta.lineRoundTripNs];
    const cpusLost = delta.cpusLost && [...delta.cpusLost];
    this.rounds.push({ ...delta, cells, repeats, placement, lineRoundTripNs, cpusLost });
  }

  /** When and how it was measured. */
  summary(): ScenarioResult {
    const { scenario, isAfterOthers, seconds, warmUpRounds, rounds } = this;
    const { name, question, tables } = scenario;
    const when = isAfterOthers ? { afterOthers: true } : {};
    return { name, question, seconds, ...when, warmUpRounds, rounds: [...rounds], tables: [...tables] };
  }

  /** The pulses beside all samples of the cells that have a result. */
  pulses(): Pulses[] {
    const measured = [...this.#taken.values()].filter((all) => all.some(({ sample }) => sample.value !== null));
    return measured.flatMap((all) => all.map(pulsesOf));
  }

  /** The cells that were measured at least once, in the order of the scenario. `fastest`: the pulses of the run. */
  results(fastest: Pulses): CellResult[] {
    return this.scenario.cells.flatMap((cell) => {
      const taken = this.#taken.get(cell.id) ?? [];
      const values = taken.map(({ sample }) => sample.value);
      const measured = values.filter((value) => value !== null);
      return measured.length === 0 ? [] : [this.#result(cell, taken, values, measured, fastest)];
    });
  }

  /** The cells that have no value in any sample. */
  failed(): FailedCell[] {
    return this.scenario.cells.flatMap(({ id, params }): FailedCell[] => {
      const taken = this.#taken.get(id) ?? [];
      if (taken.length === 0 || taken.some(({ sample }) => sample.value !== null)) return [];
      const failed = { id, scenario: this.scenario.name, params: { ...params }, samples: taken.length };
      const message = taken.findLast(({ sample }) => sample.whyNone !== undefined)?.sample.whyNone;
      if (message !== undefined) return [{ ...failed, why: 'not here', message }];
      const hasMoved = taken.some(({ sample }) => (sample.ledger?.bytes ?? 0) > 0);
      return [{ ...failed, why: hasMoved ? 'no cost' : 'nothing moved' }];
    });
  }

  /** The ratios for which there is a round with both cells. */
  ratios(fastest: Pulses): RatioResult[] {
    const hasPulses = this.pulses().some(({ length }) => length > 0);
    return this.scenario.ratios.flatMap(({ id, of, to }) => {
      const summary = pairedRatio(this.#values(of), this.#values(to));
      if (summary === null) return [];
      const atFullSpeed = pairedRatio(this.#fast(of, fastest), this.#fast(to, fastest));
      return { id, scenario: this.scenario.name, of, to, ...summary, ...(hasPulses ? { atFullSpeed } : {}) };
    });
  }

  /** What each two cells of a ratio differ by in CPU time per byte, if both have such a cost. */
  costDifferences(): CostDifferenceResult[] {
    return this.scenario.ratios.flatMap(({ id, of, to }) => {
      const found = costDifference(this.#costs(of), this.#costs(to));
      return found === null ? [] : { id, scenario: this.scenario.name, of, to, ...found };
    });
  }

  /** What each price is compared to, for each cost of which a round has all sizes. */
  breakEvens(seed: number): BreakEvenResult[] {
    return (this.scenario.breakEvens ?? []).flatMap(({ id, cost, points, prices }) => {
      const ns = inAllRounds(points.map(({ cell }) => this.#values(cell)));
      const costs = points.map(({ bytes }, at) => ({ bytes, ns: ns[at]! }));
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
      const values = inAllRounds(points.flatMap((point) => [this.#values(point.of), this.#values(point.to)]));
      const pairs = points.map(({ bytes }, at) => ({ bytes, of: values[2 * at]!, to: values[2 * at + 1]! }));
      const found = crossing(pairs, seedFor(seed, id));
      if (found === null) return [];
      const compared: [number, number] = [points[0]!.bytes, points.at(-1)!.bytes];
      const [wins, shown] = [tuples(found.wins), tuples(found.shown)];
      return { ...found, id, scenario: this.scenario.name, of, to, compared, wins, shown };
    });
  }

  #result(cell: Cell, taken: readonly Taken[], values: Values, measured: number[], fastest: Pulses): CellResult {
    const samples = taken.map(({ sample }) => sample);
    const sampled = ledgerSamples(samples, this.scenario.sampledLedger ?? []);
    const pulses = taken.map(pulsesOf);
    const cores = coresOf(this.#costs(cell.id));
    const atFull = atFullSpeed(values, pulses, fastest);
    const { id, params, unit, higherIsBetter, batch } = cell;
    return {
      id,
      scenario: this.scenario.name,
      params: { ...params },
      unit,
      higherIsBetter,
      batch,
      samples: [...values],
      startedMs: taken.map(({ startedMs }) => startedMs),
      durationsMs: samples.map(({ durationMs }) => durationMs),
      pulsesNs: pulses.map((ns) => [...ns]),
      summary: summarize(measured),
      ...(atFull === undefined ? {} : { atFullSpeed: { ...atFull } }),
      ledger: withCores(medianRecord(samples.map((sample) => sample.ledger ?? {})), cores),
      ...(cores === null ? {} : { cores }),
      ...(Object.keys(sampled).length === 0 ? {} : { ledgerSamples: sampled }),
      warnings: mergeWarnings(samples),
    };
  }

  #costs(id: string): RoundCost[] {
    return (this.#taken.get(id) ?? []).map(({ sample }) => roundCost(sample.ledger));
  }

  #values(id: string): (number | null)[] {
    return (this.#taken.get(id) ?? []).map(({ sample }) => sample.value);
  }

  /** The values of a cell at full speed, null for its other rounds. */
  #fast(id: string, fastest: Pulses): (number | null)[] {
    const fastValue = (taken: Taken) => (isAtFullSpeed(pulsesOf(taken), fastest) ? taken.sample.value : null);
    return (this.#taken.get(id) ?? []).map(fastValue);
  }
}

const pulsesOf = ({ sample }: Taken): Pulses => sample.pulseNs ?? [];

const tuples = (ranges: readonly SizeRange[]) => ranges.map(([from, to]): [number, number] => [from, to]);

/** Returns the values of the rounds in which all cells have one. */
function inAllRounds(cells: readonly Values[]): number[][] {
  const rounds = Math.min(...cells.map(({ length }) => length));
  const complete = Array.from({ length: cells.length === 0 ? 0 : rounds }, (_, round) => round).filter((round) =>
    cells.every((values) => values[round] !== null),
  );
  return cells.map((values) => complete.map((round) => values[round]!));
}
