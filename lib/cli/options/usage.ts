/** Wrong usage: the message names what was given and what would have been right. */
import { CopytaxError } from '../../errors.js';

export function usageError(message: string, details: Record<string, unknown> = {}): CopytaxError {
  return new CopytaxError('ERR_USAGE', message, details);
}

/** Edits that turn one word into the other: insert, delete, replace, each counting one (Levenshtein). */
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

/** The valid word with the fewest edits; the first of equals. `valid` is not empty. */
export function nearest(word: string, valid: readonly string[]): string {
  const distance = (other: string) => editDistance(word.toLowerCase(), other);
  return valid.reduce((best, other) => (distance(other) < distance(best) ? other : best));
}

/** Throws ERR_USAGE unless `word` is one of `valid`; `noun` is what they are. */
export function oneOf<Word extends string>(noun: string, word: string, valid: readonly Word[]): Word {
  if ((valid as readonly string[]).includes(word)) return word as Word;
  const best = nearest(word, valid);
  throw usageError(`unknown ${noun} '${word}': did you mean '${best}'? There are ${valid.join(', ')}`, {
    given: word,
    nearest: best,
  });
}
