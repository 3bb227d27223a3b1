/**
 * Finds what CONTRIBUTING asks to avoid and a machine can see: words that stand for a riddle, and lines that are too
 * long. Pure.
 */

/** Each of them has hidden who does something, or how often. */
const AVOIDED = new RegExp(
  [
    String.raw`\b(?:whoever|nobody|somebody|glanc(?:e|es|ed|ing)|seldom|lest|in vain|for good|(?:is|are|be) had)\b`,
    String.raw`\bso many (?!\w+ that\b)`, // "so many designs that one differs" has a consequence
    String.raw`\banswers\b(?! of\b)`, // a function returns; the answers of Linux are what a trace records
  ].join('|'),
  'gi',
);
export const MAX_COLUMNS = 120;

/** Every such word, as `file:line word`. */
export function avoidedWords(file: string, text: string): string[] {
  return [...text.matchAll(AVOIDED)].map(
    (match) => `${file}:${text.slice(0, match.index).split('\n').length} ${match[0]}`,
  );
}

/** A line that is one text or one regular expression, which the formatter does not break. */
const ONE_LITERAL = /^\s*(?:\w+: )?(['"`/]).*\1[dgimsuy]*[,;]?$/;

/**
 * Lines that are too long, as `file:line`. Rows of tables, generated parts and texts that a test expects as a whole are
 * as wide as they have to be.
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
      : !(file.startsWith('test/') && ONE_LITERAL.test(line));
    return isWrapped && [...line].length > MAX_COLUMNS ? [`${file}:${at + 1}`] : [];
  });
}
