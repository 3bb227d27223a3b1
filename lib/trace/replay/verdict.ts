/** What becomes of a trace that was replayed, whatever its format. */

export interface Difference {
  readonly line: number;
  /** The operation as the trace has it. */
  readonly operation: string;
  readonly field: string;
  /** The value that the trace recorded; undefined: none. */
  readonly expected: unknown;
  /** The value here. */
  readonly actual: unknown;
  /** Free counters of the operation's segment after it, as runs; null when the operation concerns no segment. */
  readonly segment: string | null;
}

export interface Verdict {
  readonly file: string;
  readonly name: string;
  readonly operations: number;
  /** The first difference; null when every decision is the same. */
  readonly difference: Difference | null;
}

const MAX_LETTERS = 300;

/** The text of an operation, cut if it is long. */
export function shortened(text: string): string {
  return text.length <= MAX_LETTERS ? text : `${text.slice(0, MAX_LETTERS)}…`;
}
