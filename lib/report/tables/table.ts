/**
 * A plain table: columns are separated by spaces, so that it survives email and diffs. Numbers are set to the right.
 */

import type { Canvas, Drawing } from '../bars/canvas.js';

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

/** What a report puts before a line of a table, columns. */
const INDENT = 2;
/** Of one drawing, columns: fewer show nothing, and more are too far from what they are of. */
const [FEWEST, FEWEST_BESIDE, MOST] = [8, 16, 32];

/**
 * Returns a table with drawings beside its rows; below it, with the columns that hold words again, where a line of the
 * canvas has no room for them. Without a canvas it is the table alone.
 */
export function drawnTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  left: number,
  drawings: readonly Drawing[],
  canvas: Canvas | null,
): string {
  const text = table(head, rows, left);
  if (canvas === null || drawings.length === 0 || rows.length === 0) return text;
  const roomBeside = (lines: string) => {
    const taken = INDENT + Math.max(...lines.split('\n').map(widthOf));
    return Math.min(MOST, Math.floor((canvas.columns - taken) / drawings.length) - BETWEEN.length);
  };
  const beside = roomBeside(text);
  if (beside >= FEWEST_BESIDE) return withDrawings(head, rows, beside);
  const words = [head.slice(0, left), rows.map((row) => row.slice(0, left))] as const;
  const below = roomBeside(table(...words, left));
  return below < FEWEST ? text : `${text}\n\n${withDrawings(...words, below)}`;

  function withDrawings(ofHead: readonly string[], ofRows: readonly (readonly string[])[], width: number): string {
    const drawn = drawings.map((draw) => draw(width));
    const cells = ofRows.map((row, at) => [...row, ...drawn.map((one) => one.rows[at]!)]);
    return table([...ofHead, ...drawn.map((one) => one.head)], cells, left);
  }
}
