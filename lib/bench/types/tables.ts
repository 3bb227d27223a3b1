/** The tables in which a report shows a scenario. Written by `npm run docs` from the schemas: change those. */
import type { LedgerKey, LedgerUnit } from './ledger-keys.js';

/** A column of medians. */
export interface MedianColumn {
  /** Words at the head of the column. */
  head: string;
  /** The column shows the median of each cell, with its interval. */
  value: 'median';
}

/** A column of a parameter. */
export interface ParamColumn {
  /** Words at the head of the column. */
  head: string;
  /** Name of the parameter that the column shows. */
  param: string;
  /** Parameter that is the upper end of a range. */
  to?: string | undefined;
  /** How its numbers are shown. */
  unit?: LedgerUnit | undefined;
}

/** A column of a number of the ledger. */
export interface LedgerColumn {
  /** Words at the head of the column. */
  head: string;
  /** Key of the ledger that the column shows. */
  ledger: LedgerKey;
  /** Only for keys of the scenario itself. */
  unit?: LedgerUnit | undefined;
}

/** A column of a table of kind `columns`: the median, a parameter, or a number of the ledger. */
export type Column = MedianColumn | ParamColumn | LedgerColumn;

/** A part of the ledger in a table of kind `across`. */
export interface AcrossColumn {
  /** Words at the head of the column. */
  head: string;
  /** Key of the ledger that is shown for each value. */
  ledger: LedgerKey;
}

/** A table that needs nothing but its kind. */
export interface PlainTable {
  /**
   * plain: one line for each cell: its name, its median, its batch; ratios: the ratios of the scenario that no table of
   * pairs shows; designs: the transmit designs under each condition; prices: what each design costs, with its
   * intervals, and in a small slot pool; sweep: the transmit designs beside the throughput model; copy-rates: sizes
   * down, copy kernels across; break-evens: for each price and cost by size: the sizes at which the price is below it;
   * crossings: sentences: the sizes at which one measured cost is below another; pool-exhaustion: by number of flows:
   * what fell back to a second copy.
   */
  kind:
    | 'plain'
    | 'ratios'
    | 'designs'
    | 'prices'
    | 'sweep'
    | 'copy-rates'
    | 'break-evens'
    | 'crossings'
    | 'pool-exhaustion';
}

/** A table with columns of choice. */
export interface ColumnsTable {
  /** One line for each cell, with these columns. */
  kind: 'columns';
  /** Columns from the left that hold words; default: one. */
  words?: number | undefined;
  /** From left to right. */
  columns: Column[];
  /** Lines below the table, one for each column that needs words. */
  legend?: string[] | undefined;
}

/** A table of cells beside each other, two by two. */
export interface PairsTable {
  /** One line for each two cells that differ in one parameter only; plain if a cell has no partner. */
  kind: 'pairs';
  /** Name of that parameter. */
  by: string;
}

/** A table of all cells that differ in one parameter. */
export interface AcrossTable {
  /** A line for all cells that differ in one parameter only: medians, parts of the ledger, and ratios. */
  kind: 'across';
  /** Name of that parameter. */
  by: string;
  /** Parts of the ledger, from left to right. */
  ledger: AcrossColumn[];
  /** Parameters of the cells that the table shows; default: all. */
  only?: Record<string, string | number> | undefined;
  /** What of these it shows; default: all. */
  shows?: ('medians' | 'ledger' | 'ratios')[] | undefined;
  /** Lines below the table. */
  legend: string[];
}

/** A table of second copies by the length of the queue. */
export interface TemperatureTable {
  /** Second copies by the length of the queue before them: lengths down, copy kernels across. */
  kind: 'copy-temperature';
  /** Lines below the tables. */
  legend: string[];
}

/** A table of what bounces cost victims, and devices that read. */
export interface PollutionTable {
  /** Victims of bounces and reads of devices: working sets down, copy kernels across. */
  kind: 'pollution';
  /** Lines below the tables. */
  legend: string[];
}

/** A table of rates by number of CPUs. */
export interface ScalingTable {
  /** Numbers of CPUs down: rates, what they are of that of one CPU, and what was added. */
  kind: 'scaling';
  /** Lines below the tables. */
  legend: string[];
}

/** Tables of copies by all that they depend on. */
export interface SurfaceTable {
  /** Rates of copies by size, state of both sides, alignment and page size, and auto beside the best. */
  kind: 'copy-surface';
  /** Lines below the tables. */
  legend: string[];
}

/** A table of sends through Linux. */
export interface LinuxSendsTable {
  /** Sends through Linux, one line for each cell, and from which size on a send without a copy is cheaper. */
  kind: 'linux-sends';
  /** Lines below the table. */
  legend: string[];
}

/** A table in which a report shows a scenario, as data. */
export type TableSpec =
  | PlainTable
  | ColumnsTable
  | PairsTable
  | AcrossTable
  | TemperatureTable
  | PollutionTable
  | ScalingTable
  | SurfaceTable
  | LinuxSendsTable;
