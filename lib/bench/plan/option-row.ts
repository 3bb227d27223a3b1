/**
 * The shape of a row in the table of options (see `options.ts`): which values an option takes, what it is by default, how
 * the cells of a result name it, and what help and reports say about it.
 */
import type { HostMemory } from './swept-pools.js';

/** Which cells a run has, and how long it takes. */
export type Plan = 'quick' | 'default' | 'full' | 'sweep';

/** When a scenario runs. */
export interface ScenarioListing {
  readonly name: string;
  /** Runs only in a full run, or when it is named. */
  readonly onRequest?: true;
  /** Measures the transmit designs: reads the settings that describe a machine, and is what a sweep runs. */
  readonly measuresDesigns?: true;
}

/** What defaults depend on. */
export interface RunBasis {
  readonly plan: Plan;
  readonly seed: number;
  /** CPUs that the run may use, at least one. */
  readonly cpus: readonly number[];
  readonly memory: HostMemory;
  /** The scenarios that there are to choose from. */
  readonly entries: readonly ScenarioListing[];
}

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Numbers in a range. The kind says how they are written: `7`, `64K`, `1ms`, `90`. */
export interface Numbers extends Range {
  readonly kind: 'count' | 'bytes' | 'power of two' | 'nanoseconds' | 'percent';
}

export function numbers(kind: Numbers['kind'], [min, max]: readonly [min: number, max: number]): Numbers {
  return { kind, min, max };
}

/** One of some words, each with what it means. */
export interface Words<Word extends string> {
  readonly kind: 'word';
  /** What the words are, for an error: `unknown flavour 'x'`. */
  readonly noun: string;
  /** In the order of help. An empty meaning is not printed. */
  readonly meanings: Readonly<Record<Word, string>>;
}

/** Numbers of CPUs; which ones there are is known when the command runs. */
export interface CpuNumbers {
  readonly kind: 'CPU';
}

/** Names of scenarios, likewise. */
export interface ScenarioNames {
  readonly kind: 'scenario';
}

export type Values = Numbers | Words<string> | CpuNumbers | ScenarioNames;

export type ValueOf<Of extends Values> =
  Of extends Words<infer Word> ? Word : Of extends ScenarioNames ? string : number;

/** How cells say which value of a list they were measured with. */
export interface CellParam<Value> {
  /** In ids and among the parameters of cells. */
  readonly name: string;
  /**
   * When the id of a cell names the value. `unless usual`: results from before the option existed were measured with the
   * usual value and have ids without it, which must go on to join them. `never`: all cells of a run have the same.
   */
  readonly inId: 'always' | 'unless usual' | 'never';
  /** The value that a verdict speaks of, and that ids leave out. */
  readonly usual?: Value;
  /** Set if the parameters of a cell always hold it; otherwise only where a cell of the run has an unusual value. */
  readonly isAlwaysParam?: true;
  /**
   * What a sweep does with the list. `grid`: every combination with the other lists of the grid. `arm`: varied at one cell
   * of the grid only. `repeat`: the whole sweep for each value.
   */
  readonly inSweep?: 'grid' | 'arm' | 'repeat';
  /** Head of a column in tables; the name if there is none. */
  readonly head?: string;
  /** The value in a sentence: `2 senders`. `text` is the value as tables show it. */
  label(text: string): string;
}

interface Common<Value, Setting> {
  /** As commander names it: `ackDelay` is `--ack-delay`. */
  readonly option: string;
  /** What the option's value is called in help: `--cpus <list>`. */
  readonly argument?: string;
  readonly help: string;
  default(basis: RunBasis): Setting;
  /** What a result file without this setting was measured with; without it, every file has the setting. */
  readonly olderFiles?: Setting;
  /** Set if the option says something only where transmit designs are measured: always, or where it has several values. */
  readonly designsOnly?: 'always' | 'several';
  readonly cell?: CellParam<Value>;
}

type ManyRow<Value> = Common<Value, readonly Value[]>;

/** A row whose option takes a list, and whose setting is a list with at least one value. */
export function many<const Of extends Values, const Row extends ManyRow<ValueOf<Of>>>(values: Of, row: Row) {
  return { values, amount: 'many' as const, ...row };
}

/** A row whose option takes one value. */
export function one<const Of extends Values, const Row extends Common<ValueOf<Of>, ValueOf<Of>>>(values: Of, row: Row) {
  return { values, amount: 'one' as const, ...row };
}

/** A row whose option takes one value, and whose setting is null without it. */
export function oneOrNone<const Of extends Values, const Row extends Common<ValueOf<Of>, null>>(values: Of, row: Row) {
  return { values, amount: 'one or none' as const, ...row };
}

/** A row as code sees it that treats all rows alike. */
export interface OptionRow extends Common<string | number, unknown> {
  readonly values: Values;
  readonly amount: 'many' | 'one' | 'one or none';
}

type Element<Row> = Row extends { readonly values: infer Of extends Values } ? ValueOf<Of> : never;

/** The type of the setting that a row makes. */
export type SettingOf<Row> = Row extends { readonly amount: 'many' }
  ? readonly Element<Row>[]
  : Row extends { readonly amount: 'one' }
    ? Element<Row>
    : Element<Row> | null;

type StoredElement<Row> = Element<Row> extends string ? string : number;

/** The type of that setting in a result file, whose words may be those of another version. */
export type StoredOf<Row> = Row extends { readonly amount: 'many' }
  ? StoredElement<Row>[]
  : Row extends { readonly amount: 'one' }
    ? StoredElement<Row>
    : StoredElement<Row> | null;

/** `ackDelay` -> `--ack-delay`. */
export function flagOf({ option }: Pick<OptionRow, 'option'>): string {
  return `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
