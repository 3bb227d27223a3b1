/** Whether a stream shows bars and marks beside numbers, and which: terminals do, files and pipes have text alone. */
import type { Canvas } from '../../report/bars/canvas.js';
import { REPORT_WIDTH } from '../../report/tables/format.js';
import type { BarsChoice } from '../options/values.js';

/** Fewer have no room for a table with something beside it. */
const FEWEST_COLUMNS = 100;

/** What is written to. */
export interface BarsStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Terminals of other character sets print something else for blocks. */
export const isPlainLocale = (environment: NodeJS.ProcessEnv = process.env): boolean =>
  !/UTF-?8/i.test(environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '');

/** Whether what is drawn is of ASCII: also on terminals that show nothing else, and where a reader asks for it. */
export const isPlainOutput = (environment: NodeJS.ProcessEnv = process.env): boolean =>
  isPlainLocale(environment) || (environment.NO_COLOR ?? '') !== '' || environment.TERM === 'dumb';

function columnsOf({ columns }: BarsStream, { COLUMNS }: NodeJS.ProcessEnv): number | null {
  const given = /^\d{1,5}$/.test(COLUMNS ?? '') ? Number(COLUMNS) : 0;
  return given || columns || null;
}

/** Returns what bars are drawn on; null: there are none. With NO_COLOR they are of ASCII. */
export function canvasOf(
  stream: BarsStream,
  choice: BarsChoice,
  environment: NodeJS.ProcessEnv = process.env,
): Canvas | null {
  const columns = columnsOf(stream, environment);
  const isPlain = isPlainOutput(environment);
  if (choice === 'never') return null;
  if (choice === 'always') return { columns: Math.max(FEWEST_COLUMNS, columns ?? REPORT_WIDTH), isPlain };
  const isFit = stream.isTTY === true && environment.TERM !== 'dumb' && (columns ?? 0) >= FEWEST_COLUMNS;
  return isFit ? { columns: columns!, isPlain } : null;
}
