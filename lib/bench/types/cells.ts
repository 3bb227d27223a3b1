/** What a result says of cells, and of what was compared. Written by `npm run docs` from the schemas: change those. */
import type { Cores } from './cores.js';
import type { Ledger } from './ledger-keys.js';
import type { PagePrice } from './prices.js';

/** A warning as a file holds it. */
export interface WarningResult {
  /** What it is about, for programs: a `WarningCode`, or one of another version. */
  code: string;
  /** The observation, with its number and unit. */
  seen: string;
  /** What it does to the results. */
  why: string;
  /** The command, option or setting to try. */
  remedy: string;
}

/** A median with its interval. */
export interface SummaryResult {
  /** Of the samples that have a value, in the unit of the cell. */
  median: number;
  /** Lower end of the interval of the median. */
  low: number;
  /** Upper end of it. */
  high: number;
  /** Confidence of the interval; below 0.95 with fewer than six samples, 0 with one, which has none. */
  confidence: number;
}

/** What the samples say that were taken at full speed. */
export interface FullSpeedResult {
  /** Number of such samples. */
  samples: number;
  /** Median of them, with its interval; null: there was none. */
  summary: SummaryResult | null;
}

/** A cell of a result: its samples, and their median with its interval. */
export interface CellResult {
  /** Path of the parameters: equal cells of two files have equal ids. */
  id: string;
  /** Name of the scenario that measured it. */
  scenario: string;
  /** What the cell is one combination of, by name. */
  params: Record<string, string | number | boolean>;
  /** Unit of its value, such as `Gbit/s`; `ns` is shown as a duration. */
  unit: string;
  /** Whether a larger value is the better one. */
  higherIsBetter: boolean;
  /** Operations per timed batch. */
  batch: number;
  /** One per round, or per run, in order of time; or of calls, in no order; null: nothing moved, no cost, or none. */
  samples: (number | null)[];
  /** When each sample began, since the run was called for: the order of the run; not in files from before. */
  startedMs?: number[] | undefined;
  /** How long each sample took; where that is a run, its samples together. */
  durationsMs: number[];
  /** Of each sample: nanoseconds of one step of the pulse on each measuring CPU; not in files from before. */
  pulsesNs?: number[][] | undefined;
  /** Median of the samples, with its interval. */
  summary: SummaryResult;
  /** Of the samples beside which no pulse was slow; summary null: there was none. */
  atFullSpeed?: FullSpeedResult | undefined;
  /** Medians over rounds, or over runs, of what each sample accounted. */
  ledger: Ledger;
  /** CPU time per byte; not in files from before; absent too where too few rounds have a cost. */
  cores?: Cores | undefined;
  /** Samples of some keys of the ledger, one per sample, null where it has none; not in files from before. */
  ledgerSamples?: Record<string, (number | null)[]> | undefined;
  /** What a reader must know before believing its number. */
  warnings: WarningResult[];
}

/** A cell of a result that has no value in any sample. */
export interface FailedCell {
  /** Id of the cell. */
  id: string;
  /** Name of the scenario that measured it. */
  scenario: string;
  /** What the cell is one combination of, by name. */
  params: Record<string, string | number | boolean>;
  /** Number of samples that were tried. */
  samples: number;
  /**
   * Why it has none: nothing moved in any sample; the threads never had their CPUs; this host has no value for it; or
   * it ended with an error.
   */
  why: 'nothing moved' | 'no cost' | 'not here' | 'threw';
  /** Why this host has none, or of the error that it ended with. */
  message?: string | undefined;
}

/** The median of the ratios of rounds, with its interval. */
export interface RatioSummaryResult {
  /** Of the ratios of rounds. */
  median: number;
  /** Lower end of the interval of the median. */
  low: number;
  /** Upper end of it. */
  high: number;
  /** Number of rounds, or of runs, that have both values. */
  rounds: number;
  /** Whether the ratio differs from 1 by enough, and surely. */
  significant: boolean;
}

/** A ratio of two cells of a result, formed within rounds. */
export interface RatioResult {
  /** Id of the ratio: it begins with the scenario. */
  id: string;
  /** Name of the scenario that measured it. */
  scenario: string;
  /** Id of the cell above the line. */
  of: string;
  /** Id of the cell below the line. */
  to: string;
  /** Of the ratios of rounds. */
  median: number;
  /** Lower end of the interval of the median. */
  low: number;
  /** Upper end of it. */
  high: number;
  /** Number of rounds, or of runs, that have both values. */
  rounds: number;
  /** Whether the ratio differs from 1 by enough, and surely. */
  significant: boolean;
  /** The same of the rounds in which both were at full speed; null: there was none. */
  atFullSpeed?: RatioSummaryResult | null | undefined;
}

/** How fast the CPUs were beside the samples. */
export interface PulseResult {
  /** A pulse slower than the fastest of its CPU by more than this was not at full speed. */
  factor: number;
  /** Fastest pulse of each measuring CPU, nanoseconds per step. */
  fastestNs: number[];
  /** Number of samples that have a pulse. */
  samples: number;
  /** Number of these that were taken at full speed. */
  atFullSpeed: number;
}

/** A size, with its interval. */
export interface SizeIntervalResult {
  /** The size, bytes; null: at no size. */
  median: number | null;
  /** Lower end of the interval of the median, bytes; null: at no size. */
  low: number | null;
  /** Upper end of it, bytes; null: at no size. */
  high: number | null;
}

/** Sizes at which a price is below a measured cost. */
export interface BreakEvenResult {
  /** Id of the cost by size. */
  id: string;
  /** Name of the scenario that measured it. */
  scenario: string;
  /** What the cost is of. */
  cost: string;
  /** Smallest and largest size that was compared, bytes. */
  compared: [number, number];
  /** What the cost is compared with. */
  price: PagePrice;
  /** Ranges of bytes, both ends included, at which the price is below the cost. */
  wins: [number, number][];
  /** The parts of them in which the measured sizes differ significantly; not in files from before. */
  shown?: [number, number][] | undefined;
  /** Smallest such size; null is larger than any. */
  smallest: SizeIntervalResult;
  /** Largest such size among those measured; null is smaller than any. */
  largest: SizeIntervalResult;
  /** Number of rounds, or of runs, that the intervals come from. */
  rounds: number;
}

/** Sizes at which one measured cost is below another. */
export interface CrossingResult {
  /** Id of the pair of costs: it begins with the scenario. */
  id: string;
  /** Name of the scenario that measured it. */
  scenario: string;
  /** What may be cheaper. */
  of: string;
  /** What it is compared with. */
  to: string;
  /** Smallest and largest size that was measured, bytes. */
  compared: [number, number];
  /** Ranges of bytes, both ends included, at which it costs less. */
  wins: [number, number][];
  /** The parts of them in which the measured sizes differ significantly; not in files from before. */
  shown?: [number, number][] | undefined;
  /** Smallest such size; null is larger than any. */
  smallest: SizeIntervalResult;
  /** Largest such size among those measured; null is smaller than any. */
  largest: SizeIntervalResult;
  /** Number of rounds, or of runs, that the intervals come from. */
  rounds: number;
}

/** What the parts of a design imply. */
export interface DesignPromises {
  /** Copies that mapping makes of each payload byte, as long as the slot pool has room. */
  bounceCopies: number;
  /** Whether it holds memory of the slot pool from the send call until the acknowledgement. */
  holdsSlots: boolean;
}

/** A design that is not of this package, as a report needs it. */
export interface OwnDesignResult {
  /** Name of the design. */
  name: string;
  /** What it is, in a clause. */
  idea: string;
  /** Name of the file that added it, without its folder. */
  module: string;
  /** What its parts imply. */
  promises: DesignPromises;
}
