/** Words of commands that a user is to copy. */

/** Returns a word as a shell reads it: in quotes, if it would be anything else without. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
