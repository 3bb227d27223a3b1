/** Output of a bench run, however it ends: the report, printed once, and the result file. */
import type { ResultDocument } from '../../bench/result/result.js';
import type { ResultFile } from '../../bench/result/result-file.js';
import type { Canvas } from '../../report/bars/canvas.js';
import { drawnReport } from '../../report/text.js';
import type { BarsChoice } from '../options/values.js';
import { canvasOf, isPlainOutput } from './canvas-of.js';

/** Prints a report, which is made for what it is printed on. */
export type ReportPrinter = (reportOn: (canvas: Canvas | null) => string) => void;

/** Prints reports to stdout; where that is for one of the files, which a program reads, to stderr. */
export function reportPrinter(
  bars: BarsChoice,
  ...files: readonly ({ readonly isStdout: boolean } | null)[]
): ReportPrinter {
  const stream = files.some((file) => file?.isStdout) ? process.stderr : process.stdout;
  return (reportOn) => stream.write(reportOn(canvasOf(stream, bars)));
}

/** How much of a run may be lost when it is killed: writing takes CPU time. */
const KEEP_MS = 5000;

/** What was measured so far: a recorder, or a series of runs. */
export interface Measured {
  document(state: { complete: boolean; interrupted: boolean }): ResultDocument;
}

export class BenchOutput {
  readonly #measured: Measured;
  readonly #file: ResultFile | null;
  readonly #print: ReportPrinter;
  readonly #now: () => number;
  readonly #say: (text: string) => void;
  #reported: ResultDocument | null = null;
  #keptAt = Number.NEGATIVE_INFINITY;

  constructor(
    measured: Measured,
    file: ResultFile | null,
    print: ReportPrinter,
    now: () => number = () => performance.now(),
    say: (text: string) => void = (text) => process.stderr.write(text),
  ) {
    this.#measured = measured;
    this.#file = file;
    this.#print = print;
    this.#now = now;
    this.#say = say;
  }

  /** What was reported; null before that. */
  get reported(): ResultDocument | null {
    return this.#reported;
  }

  /** As `keep`, but only when the file is older than a few seconds. */
  keepNowAndThen(): void {
    if (this.#file === null || this.#now() - this.#keptAt < KEEP_MS) return;
    this.#keptAt = this.#now();
    this.keep();
  }

  /** Writes what was measured so far to the file, marked as not complete. Throws ERR_RESULT_FILE. */
  keep(): void {
    this.#file?.write(this.#measured.document({ complete: false, interrupted: false }), false);
  }

  /**
   * Prints the report and writes the file; later calls do nothing. A failed run that measured nothing prints no report.
   * Throws ERR_RESULT_FILE.
   */
  report(end: 'complete' | 'interrupted' | 'failed'): void {
    if (this.#reported !== null) return;
    const document = this.#measured.document({ complete: end === 'complete', interrupted: end === 'interrupted' });
    this.#reported = document;
    if (end !== 'failed' || document.results.length > 0) {
      this.#print((canvas) => drawnReport(document, canvas, {}, isPlainOutput()));
    }
    if (this.#file === null || this.#file.write(document, true)) return;
    this.#say(`copytax: nothing was measured: ${this.#file.path} is as it was\n`);
  }
}
