/**
 * The shape of a row in the table of options (see `options.ts`): which values an option takes, what it is by default,
 * how the cells of a result name it, and what help and reports say about it.
 */
import type { HostMemory } from './swept-pools.js';

/** What a run is for. It decides which cells there are, and how long they may take. */
export type Plan = 'quick' | 'default' | 'full' | 'sweep';

/** When a scenario runs. */
export interface ScenarioListing {
  /** As it is named on the command line. */
  readonly name: string;
  /** Runs only in a full run, or when it is named; or so only where the run would otherwise be a quick one. */
  readonly onRequest?: true | 'in quick runs';
  /**
   * Measures the transmit designs, so it reads the settings that describe a machine: `true` with all values of their
   * lists, which is what a sweep runs, or at one shape of them.
   */
  readonly measuresDesigns?: true | 'at one shape';
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

/** Numbers in a range. The kind says how they are written: `7`, `64K` or `1ms`. */
export interface Numbers extends Range {
  readonly kind: 'count' | 'bytes' | 'power of two' | 'nanoseconds' | 'percent';
}

/** Makes numbers of a kind in a range, both ends included. */
export function numbers(kind: Numbers['kind'], [min, max]: readonly [min: number, max: number]): Numbers {
  return { kind, min, max };
}

/** Words to choose from, each with its meaning. */
export interface Words<Word extends string> {
  readonly kind: 'word';
  /** What the words are, for an error: `unknown flavour 'x'`. */
  readonly noun: string;
  /** In the order of help. An empty meaning is not printed. */
  readonly meanings: Readonly<Record<Word, string>>;
}

/** Numbers of CPUs. Which ones are valid is known only when the command runs. */
export interface CpuNumbers {
  readonly kind: 'CPU';
}

/** Names of scenarios. Which ones are valid is known only when the command runs. */
export interface ScenarioNames {
  readonly kind: 'scenario';
}

/** What an option takes. */
export type Values = Numbers | Words<string> | CpuNumbers | ScenarioNames;

/** The type of one value. */
export type ValueOf<Of extends Values> =
  Of extends Words<infer Word> ? Word : Of extends ScenarioNames ? string : number;

/** How a cell names the value that it was measured with. */
export interface CellParam<Value> {
  /** The name of the parameter, in ids and in `params`. */
  readonly name: string;
  /**
   * When the id of a cell names the value. `unless usual`: results from before the option existed were measured with
   * the usual value and have ids without it, and new results must have the same ids. `never`: all cells of a run have
   * the same.
   */
  readonly inId: 'always' | 'unless usual' | 'never';
  /** The value that a verdict prefers, and that ids may leave out. */
  readonly usual?: Value;
  /** Set if scenarios add the parameter to all cells themselves, whatever values the run has. */
  readonly isAlwaysParam?: true;
  /**
   * What a sweep does with the list. `grid`: measures every combination with the other lists of the grid. `arm`: varies
   * it at one cell of the grid only. `repeat`: repeats the sweep for each value.
   */
  readonly inSweep?: 'grid' | 'arm' | 'repeat';
  /** Head of the column in tables. Default: the name. */
  readonly head?: string;
  /** Words for the value in a sentence, such as `2 senders`. `text` is the value as tables show it. */
  label(text: string): string;
}

interface Common<Value, Setting> {
  /** The option as commander names it: `ackDelay` is `--ack-delay`. */
  readonly option: string;
  /** The name of its value in help: `list` in `--cpus <list>`, which is the default. */
  readonly argument?: string;
  readonly help: string;
  /** What the setting is, where help is about the option: for the schema of files and the types. Default: `help`. */
  readonly setting?: string;
  default(basis: RunBasis): Setting;
  /** The setting of older result files, which do not hold it. Absent: every file holds it. */
  readonly olderFiles?: Setting;
  /** Set if the option applies to transmit designs only: in any case, or only if it has several values. */
  readonly designsOnly?: 'always' | 'several';
  /** The only scenario that reads the setting. Who gives the option asks for it, unless --only says otherwise. */
  readonly scenario?: string;
  readonly cell?: CellParam<Value>;
}

type ManyRow<Value> = Common<Value, readonly Value[]>;

/** Makes a row whose option takes a list. Its setting is a list, and is empty only if that is the default. */
export function many<const Of extends Values, const Row extends ManyRow<ValueOf<Of>>>(values: Of, row: Row) {
  return { values, amount: 'many' as const, ...row };
}

/** Makes a row whose option takes one value. */
export function one<const Of extends Values, const Row extends Common<ValueOf<Of>, ValueOf<Of>>>(values: Of, row: Row) {
  return { values, amount: 'one' as const, ...row };
}

/** Makes a row whose option takes one value. Its setting is null without the option. */
export function oneOrNone<const Of extends Values, const Row extends Common<ValueOf<Of>, null>>(values: Of, row: Row) {
  return { values, amount: 'one or none' as const, ...row };
}

/** Any row, for code that treats all rows alike. */
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

/** The type of that setting in a result file. Its words are plain strings, for they may be those of another version. */
export type StoredOf<Row> = Row extends { readonly amount: 'many' }
  ? StoredElement<Row>[]
  : Row extends { readonly amount: 'one' }
    ? StoredElement<Row>
    : StoredElement<Row> | null;

/** Returns the option as users type it: `ackDelay` -> `--ack-delay`. */
export function flagOf({ option }: Pick<OptionRow, 'option'>): string {
  return `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
