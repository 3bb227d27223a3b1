/** What `--json` of a command without files to read does: by itself JSON on stdout, with a file JSON there. */
import { ResultFile } from '../../bench/result/result-file.js';

/** Owned by the command that made it; main thread only. */
export class JsonOutput {
  readonly #isAsked: boolean;
  readonly #file: ResultFile | null;

  /**
   * `option`: the value of --json, true without a file; '-' is the standard output, too. Opens the file, before the
   * command does anything.
   * @throws ERR_RESULT_FILE
   */
  constructor(option: string | boolean | undefined) {
    this.#isAsked = option !== undefined && option !== false;
    this.#file = typeof option === 'string' && option !== '-' ? ResultFile.open(option) : null;
  }

  /** Prints the JSON or the text; with a file the JSON goes there, and the text is printed. @throws ERR_RESULT_FILE */
  print(document: unknown, text: () => string): void {
    const json = () => `${JSON.stringify(document, null, 1)}\n`;
    if (this.#file === null) {
      process.stdout.write(this.#isAsked ? json() : text());
      return;
    }
    this.#file.replace(json());
    (this.#file.isStdout ? process.stderr : process.stdout).write(text());
  }
}
