/**
 * A knob of a machine: one value of its configuration, as a row of the table in `knobs.ts`. The row declares its
 * default, its range or choices, its unit, and the words for it in reports and in help.
 */
import { oneOf, outOfRange, powerOfTwo, shown, within } from '../../limits.js';

/** Unit of the numbers of a knob. */
export type Unit = 'bytes' | 'ns' | 'ms' | 'bit/s' | 'percent' | 'share';

export interface Described {
  /** The words for the knob in reports. */
  readonly label: string;
  /** One sentence about the knob, without a full stop, as help prints it. */
  readonly help: string;
}

/** A number: an integer from `range[0]` to `range[1]`, unless another field widens or narrows that. */
export interface NumberKnob extends Described {
  /** The unit; absent for a count. */
  readonly unit?: Unit;
  /** Lowest and highest value. */
  readonly range: readonly [low: number, high: number];
  /** Allows fractions. */
  readonly isReal?: true;
  /** Excludes the low end of the range. */
  readonly isAboveLow?: true;
  /** Allows `Infinity` beyond the range: no limit. */
  readonly allowsInfinity?: true;
  /** Allows powers of two only. */
  readonly isPowerOfTwo?: true;
  /** A number, or a function of the values of the group that stand before this one. Absent: a value must be given. */
  readonly default?: number | ((group: Readonly<Record<string, unknown>>) => number);
  /** Returns the number that a name stands for, where a configuration may be given a name instead; throws otherwise. */
  readonly numberOf?: (name: string) => number;
}

/** One of several names. */
export interface ChoiceKnob extends Described {
  readonly choices: readonly string[];
  /** One of the choices, or null. A default of null allows null as a value too; the help says what it means. */
  readonly default: string | null;
}

/** True or false. */
export interface FlagKnob extends Described {
  /** The value where none is given. */
  readonly default: boolean;
}

/** A list of integers, each within `eachRange`, with at least one member. */
export interface ListKnob extends Described {
  /** Lowest and highest value of each member. */
  readonly eachRange: readonly [low: number, high: number];
  /** Null, which is allowed as a value too; the help says what it means. */
  readonly default: null;
}

export type Knob = NumberKnob | ChoiceKnob | FlagKnob | ListKnob;

/** The words of a number knob, and the rules that its row may add. */
type NumberWords = Described & Pick<NumberKnob, 'isReal' | 'isPowerOfTwo' | 'allowsInfinity'>;

/** Makes the row of a plain count. */
export function count(range: NumberKnob['range'], fallback: number, words: NumberWords): NumberKnob {
  return { range, default: fallback, ...words };
}

/** Makes the row of an amount of some unit. */
export function amount(
  unit: Unit,
  range: NumberKnob['range'],
  fallback: NonNullable<NumberKnob['default']>,
  words: NumberWords,
): NumberKnob {
  return { unit, range, default: fallback, ...words };
}

/** Makes the row of a size in bytes. */
export function size(
  range: NumberKnob['range'],
  fallback: NonNullable<NumberKnob['default']>,
  words: NumberWords,
): NumberKnob {
  return amount('bytes', range, fallback, words);
}

/** Makes the row of a rate above 0; `Infinity` means that nothing limits it. */
export function rate(fallback: number, words: Described): NumberKnob {
  return { unit: 'bit/s', range: [0, Infinity], isReal: true, isAboveLow: true, default: fallback, ...words };
}

/** Makes the row of a word from a list; a default of null means what the help says. */
export function choice<const Choices extends readonly string[], const Default extends Choices[number] | null>(
  choices: Choices,
  fallback: Default,
  words: Described,
) {
  return { choices, default: fallback, ...words };
}

/** Makes the row of a value that is true or false. */
export function flag(fallback: boolean, words: Described): FlagKnob {
  return { default: fallback, ...words };
}

/** Makes the row of a list of integers. */
export function list(eachRange: ListKnob['eachRange'], words: Described): ListKnob {
  return { eachRange, default: null, ...words };
}

/** The type of the values of a knob. */
export type KnobValue<Row extends Knob> = Row extends { readonly choices: readonly (infer Choice)[] }
  ? Choice | (Row['default'] extends null ? null : never)
  : Row extends ListKnob
    ? readonly number[] | null
    : Row extends FlagKnob
      ? boolean
      : number;

/**
 * Refuses a value that the knob cannot have. `name` is the name of the knob in the message.
 * @throws ERR_OUT_OF_RANGE, ERR_NOT_POWER_OF_TWO
 */
export function requireKnob(name: string, knob: Knob, value: unknown): void {
  if ('range' in knob) requireNumber(name, knob, value as number);
  else if (value === null && knob.default === null) return;
  else if ('choices' in knob) oneOf(name, value as string, knob.choices);
  else if ('eachRange' in knob) requireList(name, knob, value as readonly number[]);
  else if (typeof value !== 'boolean') throw outOfRange(`${name} must be true or false, not ${shown(value)}`);
}

function requireNumber(name: string, knob: NumberKnob, value: number): void {
  const { range, unit } = knob;
  const [low, high] = range;
  if (value === Infinity && (knob.allowsInfinity || high === Infinity)) return;
  if (!knob.isReal) within(name, value, low, high);
  else if (typeof value !== 'number' || !(value >= low && value <= high) || (knob.isAboveLow && value === low)) {
    const least = knob.isAboveLow ? `more than ${low}` : `at least ${low}`;
    const wanted = high === Infinity ? least : `from ${low} to ${high}`;
    throw outOfRange(`${name} must be ${wanted}${unit === 'bit/s' ? ' bit/s' : ''}, not ${shown(value)}`);
  }
  if (knob.isPowerOfTwo) powerOfTwo(name, value);
}

function requireList(name: string, { eachRange: [low, high] }: ListKnob, value: readonly number[]): void {
  if (!Array.isArray(value) || value.length === 0) throw outOfRange(`${name} must be a list of at least one number`);
  for (const member of value) within(name, member, low, high);
}
