/**
 * Finds what CONTRIBUTING asks to avoid and a machine can see: words that stand for a riddle, and lines that are too
 * long. Pure.
 */

/** Each of them has hidden who does something, or how often. */
const AVOIDED = /\b(?:whoever|nobody|somebody|so many (?!\w+ that\b)|glanc(?:e|es|ed|ing)|seldom)\b/gi;
export const MAX_COLUMNS = 120;

/** Every such word, as `file:line word`. */
export function avoidedWords(file: string, text: string): string[] {
  return [...text.matchAll(AVOIDED)].map(
    (match) => `${file}:${text.slice(0, match.index).split('\n').length} ${match[0]}`,
  );
}

/**
 * Comments and sentences with lines that are too long, as `file:line`. Code is the formatter's; rows of tables and
 * generated parts are as wide as they have to be.
 */
export function longLines(file: string, text: string): string[] {
  const isProse = file.endsWith('.md');
  let isGenerated = false;
  let isCode = false;
  return text.split('\n').flatMap((line, at) => {
    if (line.startsWith('<!-- docs:')) isGenerated = true;
    if (line.startsWith('<!-- /docs')) isGenerated = false;
    if (line.startsWith('```')) isCode = !isCode;
    const isWrapped = isProse
      ? !isGenerated && !isCode && /^(?!\s*\|)\s*\S+\s+\S/.test(line)
      : /^\s*(?:\/\/|\/\*|\*|#)/.test(line);
    return isWrapped && [...line].length > MAX_COLUMNS ? [`${file}:${at + 1}`] : [];
  });
}
