/** What becomes of a trace that was replayed, whatever its format. */

/** A decision that the trace recorded otherwise than it is made here. */
export interface Difference {
  /** Number of the line in the file, from 1. */
  readonly line: number;
  /** The operation as the trace has it. */
  readonly operation: string;
  /** The part of the result that differs. */
  readonly field: string;
  /** The value that the trace recorded; undefined: none. */
  readonly expected: unknown;
  /** The value here. */
  readonly actual: unknown;
  /** Free counters of the operation's segment after it, as runs; null when the operation concerns no segment. */
  readonly segment: string | null;
}

/** What became of a trace that was replayed. */
export interface Verdict {
  /** As it was given. */
  readonly file: string;
  /** Of the configuration that was traced. */
  readonly name: string;
  /** Operations that were replayed. */
  readonly operations: number;
  /** The first difference; null when every decision is the same. */
  readonly difference: Difference | null;
}

const MAX_LETTERS = 300;

/** The text of an operation, cut if it is long. */
export function shortened(text: string): string {
  return text.length <= MAX_LETTERS ? text : `${text.slice(0, MAX_LETTERS)}…`;
}
