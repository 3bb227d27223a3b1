/** The page that `copytax bench --html` writes when its run has ended. */

import type { ResultDocument } from '../../bench/result/result.js';
import { ResultFile } from '../../bench/result/result-file.js';
import { plainName } from '../options/file-groups.js';

/** Owned by the run that opened it; main thread only. */
export class BenchPage {
  readonly #file: ResultFile;
  readonly #name: string;

  private constructor(file: ResultFile, name: string) {
    this.#file = file;
    this.#name = name;
  }

  /** Null without a path. `json`: the result file, which the page is named after. @throws ERR_RESULT_FILE */
  static open(path: string | undefined, json?: string): BenchPage | null {
    if (path === undefined) return null;
    return new BenchPage(ResultFile.open(path), plainName(json ?? path).replace(/\.html?$/, ''));
  }

  /** Whether the page comes out of the standard output, which has then no room for the report. */
  get isStdout(): boolean {
    return this.#file.isStdout;
  }

  /** Replaces the page. Without a measured cell it does nothing. Rejects with ERR_RESULT_FILE. */
  async write(document: ResultDocument | null): Promise<void> {
    if (document === null || document.results.length === 0) return;
    // Loaded after everything was measured: a plotting library takes memory and half a second.
    const { reportPage } = await import('../../report/html/page.js');
    this.#file.replace(reportPage({ results: [{ name: this.#name, document }], replays: [], sizings: [] }));
  }
}
