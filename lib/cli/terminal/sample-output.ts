/** How samples of a watch are written: a table that is rewritten on a terminal, and lines elsewhere. */
import { plainLine, watchLines } from '../../watch/watch-text.js';
import type { WatchSample } from '../../watch/watcher.js';

/** What is needed of stdout. */
export interface SampleStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** `json`: an object on a line for each sample. `plain`: no tables, although it is a terminal. */
export interface SampleForm {
  readonly json?: boolean;
  readonly plain?: boolean;
}

const USUAL_COLUMNS = 80;

/** Owned by the command that made it; main thread only. */
export class SampleOutput {
  readonly #stream: SampleStream;
  readonly #isJson: boolean;
  /** On a terminal that obeys codes: others print them. */
  readonly #rewrites: boolean;
  /** Lines of the table that is on the screen. */
  #lines = 0;

  /** `terminal`: what kind it is, of the environment. */
  constructor(stream: SampleStream, { json = false, plain = false }: SampleForm, terminal = process.env.TERM) {
    this.#stream = stream;
    this.#isJson = json;
    this.#rewrites = !json && !plain && stream.isTTY === true && terminal !== 'dumb';
  }

  /** Whether each sample says what is missing. */
  get tellsMissing(): boolean {
    return this.#isJson || this.#rewrites;
  }

  write(sample: WatchSample): void {
    if (this.#isJson) this.#stream.write(`${JSON.stringify(sample)}\n`);
    else if (this.#rewrites) this.#rewrite(watchLines(sample));
    else this.#stream.write(`${plainLine(sample)}\n`);
  }

  #rewrite(lines: readonly string[]): void {
    const columns = this.#stream.columns || USUAL_COLUMNS;
    const back = this.#lines === 0 ? '' : `\x1b[${this.#lines}A\r\x1b[J`;
    // A line that is broken takes several on the screen.
    this.#lines = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / columns)), 0);
    this.#stream.write(`${back}${lines.join('\n')}\n`);
  }
}
