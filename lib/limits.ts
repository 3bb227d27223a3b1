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

function noMember(name: string, value: unknown, members: readonly string[]): CopytaxError {
  const hint = typeof value === 'string' ? `: did you mean '${nearest(value, members)}'?` : '';
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

/** Returns a value as a message shows it, so that `'2'` cannot be taken for 2. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? `[${value.map(shown).join(', ')}]` : 'an object';
  return String(value);
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
