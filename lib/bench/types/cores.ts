/** CPU time per byte, in cores per 100 Gbit/s. Written by `npm run docs` from the schemas: change those. */
import type { CoreKey } from './ledger-keys.js';

/** A part of the cost of a cell, cores per 100 Gbit/s. */
export interface CostPart {
  /** Share of this part in the median. */
  cores: number;
  /** Of the interval of the median of this part, widened to hold `cores`. */
  low: number;
  /** Upper end of it. */
  high: number;
}

/** The median of the totals of rounds, cores per 100 Gbit/s, and parts that add up to it. */
export interface Cores {
  /** Of the totals of rounds. */
  median: number;
  /** Lower end of the interval of the median. */
  low: number;
  /** Upper end of it. */
  high: number;
  /** Exact confidence of the interval. */
  confidence: number;
  /** In which the threads had their CPUs: the others have no cost. */
  rounds: number;
  /** They add up to the median. */
  parts: Record<CoreKey, CostPart>;
}

/** What two cells differ by in a part of their cost. */
export interface DifferencePart {
  /** Of the differences of rounds. */
  median: number;
  /** Lower end of the interval of the median. */
  low: number;
  /** Upper end of it. */
  high: number;
  /** Whether the difference is large and sure enough to speak of. */
  significant: boolean;
}

/** What two cells of a result differ by in CPU time per byte, cores per 100 Gbit/s, formed within rounds. */
export interface CostDifferenceResult {
  /** Of the ratio of the same two cells. */
  id: string;
  /** Name of the scenario that measured them. */
  scenario: string;
  /** Id of the cell whose cost it is taken from. */
  of: string;
  /** Id of the cell whose cost is taken away. */
  to: string;
  /** Of the differences of rounds. */
  median: number;
  /** Lower end of the interval of the median. */
  low: number;
  /** Upper end of it. */
  high: number;
  /** Whether the difference is large and sure enough to speak of. */
  significant: boolean;
  /** In which the threads had their CPUs: the others have no cost. */
  rounds: number;
  /** medians: they do not add up. */
  parts: Record<CoreKey, DifferencePart>;
}

/** A number that is computed from measured ones. */
export interface ComputedValue {
  /** Computed from the medians. */
  median: number;
  /** Lower end of the interval. */
  low: number;
  /** Upper end of it. */
  high: number;
}

/** A rate that is computed, Gbit/s. */
export interface ComputedRate {
  /** Id of the cell whose rate was measured. */
  id: string;
  /** Computed from the medians. */
  median: number;
  /** Lower end of the interval. */
  low: number;
  /** Upper end of it. */
  high: number;
}

/** A ratio of two rates that are computed. */
export interface ComputedRatio {
  /** Id of the ratio that was measured. */
  id: string;
  /** Id of the cell above the line. */
  of: string;
  /** Id of the cell below the line. */
  to: string;
  /** Computed from the medians. */
  median: number;
  /** Lower end of the interval. */
  low: number;
  /** Upper end of it. */
  high: number;
}

/** What designs would move with the control plane of this host's own Linux: computed, not measured. */
export interface LinuxControl {
  /** What Linux took to send 64 KiB by TCP, without the copy: measured. */
  controlNsPer64K: ComputedValue;
  /** What designs would move, Gbit/s: computed, not measured. */
  rates: ComputedRate[];
  /** Ratios of these rates, formed within rounds. */
  ratios: ComputedRatio[];
}
