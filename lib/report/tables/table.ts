/**
 * A plain table: columns are separated by spaces, so that it survives email and diffs. Numbers are set to the right.
 */
import Table from 'cli-table3';

const NOTHING = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** `left` counts the columns from the left that hold words; the others are set to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], left: number): string {
  const made = new Table({
    head: [...head],
    chars: NOTHING,
    colAligns: head.map((_, column) => (column < left ? 'left' : 'right')),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  made.push(...rows.map((row) => [...row]));
  return made
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
