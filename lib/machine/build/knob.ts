/**
 * A knob of a machine: one value of its configuration, as a row of the table in `knobs.ts`. The row says everything
 * that there is to say about the knob: its default, what it may be, its unit, and the words for it in reports and in
 * help.
 */
import { oneOf, outOfRange, powerOfTwo, within } from '../../limits.js';

export type Unit = 'bytes' | 'ns' | 'ms' | 'bit/s' | 'percent' | 'share';

interface Described {
  /** Words for it in reports. */
  readonly label: string;
  /** What it is, in one sentence without a full stop, as help prints it. */
  readonly help: string;
}

/** An integer from `range[0]` to `range[1]`, unless another field widens or narrows that. */
export interface NumberKnob extends Described {
  /** Absent: a plain count. */
  readonly unit?: Unit;
  readonly range: readonly [low: number, high: number];
  /** Fractions are allowed, too. */
  readonly isReal?: true;
  /** The low end of the range is not part of it. */
  readonly isAboveLow?: true;
  /** `Infinity`, beyond the range, means that there is no such limit. */
  readonly allowsInfinity?: true;
  readonly isPowerOfTwo?: true;
  /** A function: of the values of its group that stand before it. Absent: it has to be given. */
  readonly default?: number | ((group: Readonly<Record<string, unknown>>) => number);
}

export interface ChoiceKnob extends Described {
  readonly choices: readonly string[];
  /** Null, which then is a value as well: what the help says. */
  readonly default: string | null;
}

export interface FlagKnob extends Described {
  readonly default: boolean;
}

/** A list of integers, each within `eachRange`, with at least one member. */
export interface ListKnob extends Described {
  readonly eachRange: readonly [low: number, high: number];
  /** Which then is a value as well: what the help says. */
  readonly default: null;
}

export type Knob = NumberKnob | ChoiceKnob | FlagKnob | ListKnob;

/** The type of the values that a knob takes. */
export type KnobValue<Row extends Knob> = Row extends { readonly choices: readonly (infer Choice)[] }
  ? Choice | (Row['default'] extends null ? null : never)
  : Row extends ListKnob
    ? readonly number[] | null
    : Row extends FlagKnob
      ? boolean
      : number;

/**
 * Refuses what the knob cannot be. `name` says which knob it is.
 * @throws ERR_OUT_OF_RANGE, ERR_NOT_POWER_OF_TWO
 */
export function requireKnob(name: string, knob: Knob, value: unknown): void {
  if ('range' in knob) requireNumber(name, knob, value as number);
  else if (value === null && knob.default === null) return;
  else if ('choices' in knob) oneOf(name, value as string, knob.choices);
  else if ('eachRange' in knob) requireList(name, knob, value as readonly number[]);
  else if (typeof value !== 'boolean') throw outOfRange(`${name} must be true or false, not ${String(value)}`);
}

function requireNumber(name: string, knob: NumberKnob, value: number): void {
  const { range, unit } = knob;
  const [low, high] = range;
  if (value === Infinity && (knob.allowsInfinity || high === Infinity)) return;
  if (!knob.isReal) within(name, value, low, high);
  else if (knob.isAboveLow && !(value > low)) {
    throw outOfRange(`${name} must be more than ${low}${unit === undefined ? '' : ` ${unit}`}, not ${value}`);
  } else if (!(typeof value === 'number' && value >= low && value <= high)) {
    throw outOfRange(
      `${name} must be ${high === Infinity ? `at least ${low}` : `from ${low} to ${high}`}, not ${value}`,
    );
  }
  if (knob.isPowerOfTwo) powerOfTwo(name, value);
}

function requireList(name: string, { eachRange: [low, high] }: ListKnob, value: readonly number[]): void {
  if (!Array.isArray(value) || value.length === 0) throw outOfRange(`${name} must be a list of at least one number`);
  for (const member of value) within(name, member, low, high);
}
