/** Lines of a log as one text, in which patterns find what one line or several say. Pure. */
import { DRIVER_AND_BEGIN } from './device-before.js';
import { FOLD, INDENTED, RECORD } from './folded-pattern.js';
import type { LogLine } from './log-text.js';

/** A line, and its number from 1. */
export interface NumberedLine extends LogLine {
  readonly number: number;
}

/** The joined text, and where each line begins in it. */
export interface JoinedLines {
  readonly text: string;
  readonly starts: readonly number[];
}

/** Words of Linux that end with an equals sign, and what follows it. */
const VALUE_FOLLOWS = /(?:\bsize|\bswiotlb|mask )=$/;
const VALUE = /^(?:\d|(?:no)?force\b)/;

/** True if a line ends with a soft break of quoted-printable text: the next line goes on with the same word. */
const isSoft = (before: string, next: string) =>
  before.endsWith('=') && !(VALUE_FOLLOWS.test(before) && VALUE.test(next));

const beginsRecord = ({ isStamped, number, text }: NumberedLine) =>
  isStamped || (number === 1 && DRIVER_AND_BEGIN.test(text));

/**
 * Joins lines into one text. A line with a stamp begins a message, another one may continue the line before it. The
 * text is made once, of its pieces: looking at the end of a text that grows would copy it for each line.
 */
export function joined(block: readonly NumberedLine[]): JoinedLines {
  const starts: number[] = [];
  const pieces: string[] = [];
  let length = 0;
  const push = (piece: string) => {
    pieces.push(piece);
    length += piece.length;
  };
  for (const [at, line] of block.entries()) {
    const before = pieces.at(-1) ?? '';
    if (beginsRecord(line)) push(RECORD);
    else if (at > 0 && isSoft(before, line.text)) {
      pieces[pieces.length - 1] = before.slice(0, -1);
      length--;
      push(line.isIndented ? ' ' : '');
    } else if (at > 0) push(line.isIndented ? INDENTED : FOLD);
    starts.push(length);
    push(line.text);
  }
  return { text: pieces.join(''), starts };
}
