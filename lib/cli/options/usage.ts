/** Errors about wrong usage. Their messages name what was given and what would be valid. */
import { CopytaxError } from '../../errors.js';

export function usageError(message: string, details: Record<string, unknown> = {}): CopytaxError {
  return new CopytaxError('ERR_USAGE', message, details);
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

/** Makes the error for a word that is not in `valid`: it names the nearest one. `noun` says what the words are. */
export function unknownWord(noun: string, word: string, valid: readonly string[]): CopytaxError {
  const best = nearest(word, valid);
  const message = `unknown ${noun} '${word}': did you mean '${best}'? Valid are ${valid.join(', ')}`;
  return usageError(message, { given: word, nearest: best });
}
