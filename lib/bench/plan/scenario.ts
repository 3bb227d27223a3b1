/**
 * What the instrument can measure: a question, its cells, the ratios that answer it, and the tables that show them. A
 * scenario is data and a few functions. It knows nothing of rounds and statistics; the runner knows nothing of copies.
 */
import type { HostFacts } from '../facts/host-schema.js';
import type { Ledger, LedgerKey } from '../types/ledger-keys.js';
import type { BreakEvenSpec } from './break-even-spec.js';
import type { CrossingSpec } from './crossing-spec.js';
import type { BenchSettings, ScenarioListing } from './settings.js';
import type { TableSpec } from './table-spec.js';
import type { Warning } from './warning.js';

/** One measurement of a cell. */
export interface Sample {
  /**
   * In the unit of the cell; null if nothing moved, so that there is nothing to measure: the sample has failed. Or the
   * value is a cost, and the threads had too little of their CPUs for one. Or `whyNone` says why there is none.
   */
  readonly value: number | null;
  /**
   * Why this host has no value here, which then is null: a clause without a full stop. Such a sample has not failed,
   * and is not tried again.
   */
  readonly whyNone?: string;
  /** How long the measured part took, milliseconds: from this the time left is estimated. */
  readonly durationMs: number;
  /** What the sample accounted, by key: a result has the medians. */
  readonly ledger?: Ledger;
  /** What a reader must know of this sample. */
  readonly warnings?: readonly Warning[];
  /**
   * How fast each measuring CPU was beside this sample, memory aside: nanoseconds per step of the pulse (see
   * `Addon.pulse`), the slower of the readings before and after. The order is the same in all samples of the cell.
   * Absent: the cell measures on the main thread, and the runner takes its pulse.
   */
  readonly pulseNs?: readonly number[];
}

/** What a cell is one combination of, by name. */
export type Params = Readonly<Record<string, string | number | boolean>>;

/** One point of a scenario, measured once per round. Everything runs on the main thread, one cell at a time. */
export interface Cell {
  /** Path of the parameters, scenario first. Equal cells of two files have equal ids. See `cellId`. */
  readonly id: string;
  /** What tells this cell from others, for tables and comparisons. */
  readonly params: Params;
  /** Of its value: `ns` is shown as a duration, anything else as it is. */
  readonly unit: string;
  /** Whether a larger value is the better one. */
  readonly higherIsBetter: boolean;
  /** Operations per timed batch; 1 when a sample is not a batch. */
  readonly batch: number;
  /**
   * Called once, before the first sample of any cell. May be slow; it is not measured. All cells of a scenario are
   * prepared before one is sampled: what is large and needed by several of them belongs into `open` of the scenario.
   * When `signal` aborts it should reject with its reason soon, which is no failure.
   */
  prepare?(signal?: AbortSignal): Promise<void>;
  /**
   * Takes one sample. When `signal` aborts it must return (or reject) within half a second; what it returns then is
   * discarded. A rejection without an abort ends the run with its error, after results so far were written.
   */
  sample(signal: AbortSignal): Promise<Sample>;
  /** Called once after the last sample, also after a failure or an interrupt, but only if `prepare` was called. */
  dispose?(): Promise<void>;
}

/** value(of) / value(to), formed within each round. */
export interface RatioSpec {
  /** Of the ratio, for files and tables. */
  readonly id: string;
  /** Id of the cell above the line. */
  readonly of: string;
  /** Id of the cell below the line. */
  readonly to: string;
}

/** A question, its cells, the ratios that answer it, and the tables that show them. */
export interface Scenario {
  /** The first part of the ids of its cells. */
  readonly name: string;
  /** The question that the numbers answer: one sentence with a question mark. */
  readonly question: string;
  /** Each is sampled once per round. */
  readonly cells: readonly Cell[];
  /** That answer the question. */
  readonly ratios: readonly RatioSpec[];
  /** Costs by size that are compared with prices. */
  readonly breakEvens?: readonly BreakEvenSpec[];
  /** Costs by size that are compared with each other. */
  readonly crossings?: readonly CrossingSpec[];
  /** How a report shows the cells and ratios, in this order. */
  readonly tables: readonly TableSpec[];
  /** Keys of the ledger whose samples a result keeps, so that a report can give an interval. Default: none. */
  readonly sampledLedger?: readonly LedgerKey[];
  /** Part of the time budget that this scenario gets, relative to the others of the run. */
  readonly weight: number;
  /** Share of its time that it may warm up, where it has more to compile than others. Default: a third. */
  readonly warmUpShare?: number;
  /** No more rounds than these: for what hardly varies from one to the next. */
  readonly maxRounds?: number;
  /**
   * Called once, before the first cell is prepared: makes the memory, threads or processes that the cells share. May be
   * slow; it is not measured. When `signal` aborts it should reject with its reason soon, which is no failure.
   */
  open?(signal?: AbortSignal): Promise<void>;
  /**
   * Called before measured rounds, now and then: gives the cells fresh memory, because where memory lies differs from
   * run to run, and an interval must hold that. Not measured; it takes time from the rounds. `signal`: as for `open`.
   */
  renew?(signal?: AbortSignal): Promise<void>;
  /**
   * Called once, after the last cell was disposed, also after a failure or an interrupt, but only if `open` was called.
   */
  close?(): Promise<void>;
}

/** What a factory may use besides the settings. */
export interface ScenarioContext {
  /** The facts of the host that is measured. */
  readonly host: HostFacts;
}

/** Builds a scenario; may measure for a short time to choose batch sizes. Nothing is allocated before `open`. */
export type ScenarioFactory = (settings: BenchSettings, context: ScenarioContext) => Promise<Scenario>;

/** A line in the list of scenarios: what help and default settings need. The scenario itself is loaded when it runs. */
export interface ScenarioEntry extends ScenarioListing {
  /** Imports its module. */
  load(): Promise<ScenarioFactory>;
}

/**
 * The id of a cell: its parameters as a path. `heads` are values that need no name (scenario, design, kernel); the
 * rest are written `name=value` in the order given: `tx-designs/bounce/senders=2/queues=1`.
 */
export function cellId(heads: readonly string[], named: Params): string {
  return [...heads, ...Object.entries(named).map(([name, value]) => `${name}=${value}`)].join('/');
}
