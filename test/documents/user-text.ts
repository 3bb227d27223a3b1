/**
 * Finds text of the program that cites a section or the number of one: a user has no page that it could mean. Pure.
 * Comments are not looked at; they cite headings, which `links.ts` resolves.
 */
import { lineOf, withoutComments } from '../layers/imports.js';

const CITED = [/\bsections? [0-9]/i, /\b[1-9]\d?\.\d+ (?:has|predicts|wants|says)\b/];

/** Every such place of a file, as `file:line text`. */
export function citedSections(file: string, source: string): string[] {
  const code = withoutComments(source);
  return CITED.flatMap((pattern) =>
    [...code.matchAll(new RegExp(pattern, `${pattern.flags}g`))].map(
      (match) => `${file}:${lineOf(code, match.index)} ${match[0]}`,
    ),
  );
}
