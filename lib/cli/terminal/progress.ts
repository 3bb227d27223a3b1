/** Progress with the time left, on stderr: one line that is rewritten on a terminal, and plain lines elsewhere. */
import type { Progress } from '../../bench/run/runner.js';

const REWRITE_MS = 100;
const PLAIN_MS = 5000;

export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** `, 12 s left`, or an empty text if that is not known. */
export function timeText(leftMs: number | null): string {
  if (leftMs === null) return '';
  const seconds = Math.ceil(leftMs / 1000);
  return seconds < 100 ? `, ${seconds} s left` : `, ${Math.ceil(seconds / 60)} min left`;
}

/** Names the part of the run: rounds of all scenarios are interleaved, and are one part. */
export function progressPart({ scenario, phase }: Progress): string {
  return phase === 'round' ? 'rounds' : scenario;
}

export function progressText({ scenario, phase, rounds, done, cells, leftMs }: Progress): string {
  const part = phase === 'round' ? `round ${rounds + 1}` : phase;
  return `${scenario}: ${part}, cell ${done + 1} of ${cells}${timeText(leftMs)}`;
}

/** Call it only between measurements. Writes at most ten times a second, because writing takes CPU time. */
export class ProgressLine {
  readonly #stream: ProgressStream;
  readonly #now: () => number;
  /** On a terminal that obeys codes: others print them. */
  readonly #rewrites: boolean;
  #last = Number.NEGATIVE_INFINITY;
  #part = '';
  #shown = false;

  /** `terminal`: what kind it is, of the environment. */
  constructor(
    stream: ProgressStream,
    now: () => number = () => performance.now(),
    terminal: string | undefined = process.env.TERM,
  ) {
    this.#stream = stream;
    this.#now = now;
    this.#rewrites = stream.isTTY === true && terminal !== 'dumb';
  }

  /** Shows progress: at once if `part` is new, else after an interval. `text` is called only when it is written. */
  update(part: string, text: () => string): void {
    const now = this.#now();
    const interval = this.#rewrites ? REWRITE_MS : PLAIN_MS;
    if (part === this.#part && now - this.#last < interval) return;
    this.#last = now;
    this.#part = part;
    if (this.#rewrites) {
      const width = (this.#stream.columns || 80) - 1;
      this.#stream.write(`\r\x1b[K${text().slice(0, width)}`);
      this.#shown = true;
    } else {
      this.#stream.write(`copytax: ${text()}\n`);
    }
  }

  /** Removes the line, so that the next output starts in the first column. */
  clear(): void {
    if (this.#shown) this.#stream.write('\r\x1b[K');
    this.#shown = false;
  }
}
