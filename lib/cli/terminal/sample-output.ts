/** How samples of a watch are written: a table that is rewritten on a terminal, and lines elsewhere. */
import { plainLine, reasonTexts } from '../../watch/plain-text.js';
import { heightOf, watchLines } from '../../watch/watch-text.js';
import type { WatchSample } from '../../watch/watcher.js';

/** What is needed of stdout. */
export interface SampleStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
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
  #shown: readonly string[] = [];
  /** Reasons that hold, and are in the log already. */
  #told: readonly string[] = [];

  /** `terminal`: what kind it is, of the environment. */
  constructor(stream: SampleStream, { json = false, plain = false }: SampleForm, terminal = process.env.TERM) {
    this.#stream = stream;
    this.#isJson = json;
    this.#rewrites = !json && !plain && stream.isTTY === true && terminal !== 'dumb';
  }

  write(sample: WatchSample): void {
    if (this.#isJson) this.#stream.write(`${JSON.stringify(sample)}\n`);
    else if (this.#rewrites) this.#rewrite(sample);
    else this.#log(sample);
  }

  #rewrite(sample: WatchSample): void {
    const columns = this.#stream.columns || USUAL_COLUMNS;
    const rows = this.#stream.rows || Number.POSITIVE_INFINITY;
    // By the columns of now: a terminal breaks its lines anew when its size changes.
    const up = Math.min(heightOf(this.#shown, columns), rows - 1);
    this.#shown = watchLines(sample, { rows, columns });
    this.#stream.write(`${up > 0 ? `\x1b[${up}A\r\x1b[J` : ''}${this.#shown.join('\n')}\n`);
  }

  /** Says a reason when it begins to hold, so that a log has it once, and again after it has changed. */
  #log(sample: WatchSample): void {
    const reasons = reasonTexts(sample);
    const said = reasons.filter((reason) => !this.#told.includes(reason)).map((text) => `# ${sample.time}; ${text}\n`);
    this.#told = reasons;
    this.#stream.write(`${said.join('')}${plainLine(sample)}\n`);
  }
}
