/** Errors about wrong usage. Their messages name what was given and what would be valid. */
import { CopytaxError } from '../../errors.js';
import { likely, suggestion } from '../../limits.js';

export function usageError(message: string, details: Record<string, unknown> = {}): CopytaxError {
  return new CopytaxError('ERR_USAGE', message, details);
}

/** Makes the error for a word that is not in `valid`; it names one that is near. `noun` says what the words are. */
export function unknownWord(noun: string, word: string, valid: readonly string[]): CopytaxError {
  const advice = suggestion(word, valid);
  const message = `unknown ${noun} '${word}'${advice || '.'} Valid are ${valid.join(', ')}`;
  return usageError(message, { given: word, nearest: likely(word, valid) });
}
