/** Errors about wrong usage. Their messages name what was given and what would be valid. */
import { CopytaxError } from '../../errors.js';
import { nearest } from '../../limits.js';

export function usageError(message: string, details: Record<string, unknown> = {}): CopytaxError {
  return new CopytaxError('ERR_USAGE', message, details);
}

/** Makes the error for a word that is not in `valid`: it names the nearest one. `noun` says what the words are. */
export function unknownWord(noun: string, word: string, valid: readonly string[]): CopytaxError {
  const best = nearest(word, valid);
  const message = `unknown ${noun} '${word}': did you mean '${best}'? Valid are ${valid.join(', ')}`;
  return usageError(message, { given: word, nearest: best });
}
