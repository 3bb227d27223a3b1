/**
 * Finds text that cites a section by its number, in messages and in comments alike: a reader has no page that it could
 * mean. Headings are cited by name, and `links.ts` resolves them. Pure.
 */
const CITED = /\bsections? [0-9]|\b[1-9]\d?\.\d+ (?:has|predicts|wants|says)\b/gi;

/** Every such place of a file, as `file:line text`. */
export function citedSections(file: string, text: string): string[] {
  return [...text.matchAll(CITED)].map(
    (match) => `${file}:${text.slice(0, match.index).split('\n').length} ${match[0]}`,
  );
}
