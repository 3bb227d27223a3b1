/**
 * A plain table: columns are separated by spaces, so that it survives email and diffs. Numbers are set to the right.
 */

const BETWEEN = '  ';
const PRINTABLE = /^[\x20-\x7e]*$/;

// Patterns of Unicode are inside functions: an engine needs long to make one, and few texts need them.
/** Whether terminals set the letter in two columns. */
const isWide = (letter: string) =>
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Emoji_Presentation}\uff01-\uff60\uffe0-\uffe6]/u.test(
    letter,
  );
/** Whether terminals set the letter on the one before. */
const isMark = (letter: string) => /[\p{M}\p{Cf}]/u.test(letter);

/** Returns the number of columns of a terminal that a text takes. */
function widthOf(text: string): number {
  if (PRINTABLE.test(text)) return text.length;
  return [...text].reduce((width, letter) => width + (isWide(letter) ? 2 : isMark(letter) ? 0 : 1), 0);
}

/** `left` counts the columns from the left that hold words; the others are set to the right. Cells may have lines. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], left: number): string {
  const lines = [head, ...rows].flatMap(linesOf);
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => widthOf(cells[column]!))));
  const set = (text: string, column: number) => {
    const room = ' '.repeat(widths[column]! - widthOf(text));
    return column < left ? text + room : room + text;
  };
  return lines.map((cells) => cells.map(set).join(BETWEEN).trimEnd()).join('\n');

  /** The lines of a row: as many as its highest cell has. */
  function linesOf(row: readonly string[]): string[][] {
    const cells = head.map((_, column) => (row[column] ?? '').split('\n'));
    const height = Math.max(...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, line) => cells.map((cell) => cell[line] ?? ''));
  }
}
