/** What a run has to give, however it ends: the report on stdout, once, and the result file. */
import type { Recorder } from '../../bench/result/recorder.js';
import type { ResultFile } from '../../bench/result/result-file.js';
import { textReport } from '../../report/text.js';

export class Outcome {
  readonly #recorder: Recorder;
  readonly #file: ResultFile | null;
  readonly #print: (text: string) => void;
  #told = false;

  constructor(recorder: Recorder, file: ResultFile | null, print: (text: string) => void) {
    this.#recorder = recorder;
    this.#file = file;
    this.#print = print;
  }

  /** Keeps what there is so far; the file then says that it is not complete. Throws ERR_RESULT_FILE. */
  keep(): void {
    this.#file?.write(this.#recorder.document({ complete: false, interrupted: false }), false);
  }

  /** Reports and keeps; a failed run that measured nothing has nothing to report. Throws ERR_RESULT_FILE. */
  tell(end: 'complete' | 'interrupted' | 'failed'): void {
    if (this.#told) return;
    this.#told = true;
    const document = this.#recorder.document({ complete: end === 'complete', interrupted: end === 'interrupted' });
    if (end !== 'failed' || document.results.length > 0) this.#print(textReport(document));
    this.#file?.write(document, true);
  }
}
