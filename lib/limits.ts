/** Checks of values of a configuration, which throw if a value is not valid. */
import { CopytaxError } from './errors.js';
import { isPowerOfTwo } from './units.js';

export function outOfRange(message: string): CopytaxError {
  return new CopytaxError('ERR_OUT_OF_RANGE', message);
}

/** Number of edits that turn one word into the other: insert, delete or replace a letter (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/** Returns the valid word that takes the fewest edits, the first of several. `valid` must not be empty. */
export function nearest(word: string, valid: readonly string[]): string {
  const distance = (other: string) => editDistance(word.toLowerCase(), other);
  return valid.reduce((best, other) => (distance(other) < distance(best) ? other : best));
}

/** The most edits by which a mistyped word differs from the one that was meant. */
const MAX_EDITS = 4;

/** Whether the letters of the shorter word begin the other one: a name that was not written to its end, or beyond. */
function isBeginning(a: string, b: string): boolean {
  return a.length > 1 && b.length > 1 && (a.startsWith(b) || b.startsWith(a));
}

/**
 * Returns the valid word that `word` may have been meant as: the nearest one if most of its letters stay, or null.
 * `valid` may be empty.
 */
export function likely(word: string, valid: readonly string[]): string | null {
  if (valid.length === 0) return null;
  const best = nearest(word, valid);
  const given = word.toLowerCase();
  const edits = editDistance(given, best);
  const isNear = edits <= MAX_EDITS && edits * 2 < Math.max(given.length, best.length);
  return isNear || isBeginning(given, best) ? best : null;
}

/** Returns `: did you mean 'bounce'?`, or nothing where no valid word is near. */
export function suggestion(word: string, valid: readonly string[]): string {
  const best = likely(word, valid);
  return best === null ? '' : `: did you mean '${best}'?`;
}

function noMember(name: string, value: unknown, members: readonly string[]): CopytaxError {
  const hint = typeof value === 'string' ? suggestion(value, members) : '';
  return outOfRange(`${name} ${shown(value)} is none of ${members.join(', ')}${hint}`);
}

/** Returns `value` as one of `members`; throws what `refuse` makes otherwise, which is ERR_OUT_OF_RANGE by default. */
export function oneOf<Member extends string>(
  name: string,
  value: string,
  members: readonly Member[],
  refuse: (name: string, value: string, members: readonly string[]) => Error = noMember,
): Member {
  if ((members as readonly string[]).includes(value)) return value as Member;
  throw refuse(name, value, members);
}

/**
 * Returns a value as a message shows it, so that `'2'` cannot be taken for 2. Never throws: objects, which may have no
 * text, and lists in lists, which may hold themselves, are shown by what they are.
 */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value))
    return `[${value.map((item) => (Array.isArray(item) ? 'a list' : shown(item))).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

/** Returns the error about an argument that is not `what` it has to be, such as "a string". */
export function wrongType(name: string, what: string, value: unknown): CopytaxError {
  return new CopytaxError('ERR_INVALID_ARG_TYPE', `${name} must be ${what}, not ${shown(value)}`, { name });
}

/** Refuses what is not an integer from `low` to `high`. @throws ERR_OUT_OF_RANGE */
export function within(name: string, value: number, low: number, high: number): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw outOfRange(`${name} must be an integer from ${low} to ${high}, not ${shown(value)}`);
}

/** Refuses what is not a power of two. @throws ERR_NOT_POWER_OF_TWO */
export function powerOfTwo(name: string, value: number): void {
  if (isPowerOfTwo(value)) return;
  throw new CopytaxError('ERR_NOT_POWER_OF_TWO', `${name} must be a power of two, not ${shown(value)}`);
}

/**
 * Refuses options that do not exist, which would pass silently otherwise. `what` names the function that they were
 * passed to, as in `Region.create()`; `given` is the object of options, or undefined where the caller gave none. An
 * option that exists nowhere is refused also where its value is undefined. Values are not looked at.
 * @throws ERR_UNKNOWN_OPTION, with `option`, `passedTo`, `nearest` (null if none is near) and `known` in its
 * details; ERR_INVALID_ARG_TYPE for what is no object
 */
export function checkOptions(what: string, given: unknown, known: readonly string[]): void {
  if (given === undefined) return;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    const message = `the options of ${what} must be an object, not ${shown(given)}`;
    throw new CopytaxError('ERR_INVALID_ARG_TYPE', message, { name: 'options', passedTo: what });
  }
  const strange = Object.keys(given).find((option) => !known.includes(option));
  if (strange !== undefined) throw unknownOption(what, strange, known);
}

/** Returns the error about an option that does not exist. `hint`: what to do, where that is known better. */
export function unknownOption(what: string, option: string, known: readonly string[], hint?: string): CopytaxError {
  const best = likely(option, known);
  const advice = hint === undefined ? suggestion(option, known) || '.' : `: ${hint}`;
  const message =
    known.length === 0
      ? `${what} has no option '${option}': it takes none`
      : `${what} has no option '${option}'${advice} Its options are ${known.join(', ')}`;
  return new CopytaxError('ERR_UNKNOWN_OPTION', message, { option, passedTo: what, nearest: best, known });
}
