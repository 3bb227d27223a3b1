/** What a comparison knows of a run, as types, and the kinds of its numbers. `run-facts.ts` reads them from results. */
import type { HostFacts } from '../facts/host-schema.js';
import type { Samples } from '../statistics/statistics.js';
import type { FailedCell } from '../types/cells.js';
import type { Copies } from './copies.js';
import type { Likeness } from './likeness.js';

/**
 * A kind of number that is compared. `value`: the median of a cell; `ratio`: of two cells of one run; `cost`: CPU time
 * per byte; `user copy` and `bounce copy`: these parts of it; `worth`: a cost or a time in copies of 64 KiB.
 */
export type Kind = 'value' | 'ratio' | 'cost' | 'user copy' | 'bounce copy' | 'worth';
/** All of them, in the order of a report. */
export const KINDS: readonly Kind[] = ['value', 'ratio', 'cost', 'user copy', 'bounce copy', 'worth'];

/** What runs compare: the same object in all runs of a comparison. */
export interface Row {
  /** What kind of number it is. */
  readonly kind: Kind;
  /** Of the cell, or of the ratio. */
  readonly id: string;
  /** Name of the scenario that measured it. */
  readonly scenario: string;
  /** The id without its numbers: rows of one line differ only in sizes and counts. */
  readonly line: string;
  /** As reports print it. */
  readonly unit: string;
  /** Null: a ratio of two cells has no better side. */
  readonly higherIsBetter: boolean | null;
  /** True if several CPUs work together in it, so that their distance counts. */
  readonly needsCpus: boolean;
}

/** Distances from `low` to `high`, nanoseconds for a cache line to go to another measuring CPU and back. */
export interface Place {
  /** The smallest distance, nanoseconds. */
  readonly low: number;
  /** The largest distance, nanoseconds. */
  readonly high: number;
}

/** The distance before and after each round; null where that is not known. */
export type Distances = readonly (Place | null)[];

/** Names a row among those of a comparison. */
export const keyOf = ({ kind, id }: Pick<Row, 'kind' | 'id'>): string => `${kind} ${id}`;

/** The rounds of a number for which several CPUs work together. */
export interface MeasuredRounds {
  /** One for each round, in order of time; null where the round has none. */
  readonly samples: Samples;
  /** How far these CPUs were apart, by round. */
  readonly distances: Distances;
}

/** A number of a run: its median, and what its own interval says of its spread; null for a single round. */
export interface Measured {
  /** What the number is of. */
  readonly row: Row;
  /** In the unit of the row. */
  readonly median: number;
  /** Standard deviation of the logarithm of the median, by its interval. */
  readonly spread: number | null;
  /** Of what several CPUs do together: a sample for each round, and how far they were apart then. */
  readonly rounds: MeasuredRounds | null;
}

/** What a comparison needs of a run: its numbers, its host, and what it is like. */
export interface RunFacts {
  /** Path of the file, and after `#` the number of the run if it holds several. */
  readonly source: string;
  /** When the run began, as an ISO 8601 date. */
  readonly created: string;
  /** False if the run was interrupted. */
  readonly complete: boolean;
  /** The facts of its host. */
  readonly machine: HostFacts;
  /** What tells whether two runs are of the same kind. */
  readonly likeness: Likeness;
  /** The measuring CPUs. */
  readonly cpus: readonly number[];
  /** How far they were from each other, nanoseconds; null if that is not known. */
  readonly distance: Place | null;
  /** The same of each round in which several worked together. */
  readonly distances: Distances;
  /** What a copy of 64 KiB takes here; null if that was not measured. */
  readonly copies: Copies | null;
  /** By kind and id. */
  readonly numbers: ReadonlyMap<string, Measured>;
  /** Codes of the warnings of the run. */
  readonly warnings: readonly string[];
  /** Cells that have no value in it, and why. */
  readonly failed: readonly FailedCell[];
}
