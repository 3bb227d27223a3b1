/** Rules of layout that the formatter does not have. Pure. A finding is `file:line: what is wrong`. */

/** Finds literals that are spread only to have several of their entries in one line. */
export function spreadLiterals(file: string, text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, at) =>
      /^\s*\.\.\.[{[]/.test(line)
        ? [`${file}:${at + 1}: write the entries themselves, not a literal that is spread`]
        : [],
    );
}
