/**
 * `copytax bench --runs N`: takes N runs one after the other, each in a process of its own, and reports them together.
 * Only complete runs count. A series that is stopped or fails reports those that it has by then.
 */
import type { BenchSettings } from '../../bench/plan/settings.js';
import type { ResultFile } from '../../bench/result/result-file.js';
import { type FreshRun, freshRun } from '../../bench/runs/fresh-run.js';
import { RunSeries, seedOfRun } from '../../bench/runs/run-series.js';
import { CopytaxError } from '../../errors.js';
import type { BenchOptions } from '../options/parse-bench-options.js';
import { runArguments } from '../options/run-arguments.js';
import type { BarsChoice } from '../options/values.js';
import { BenchOutput, reportPrinter } from '../terminal/bench-output.js';
import type { BenchPage } from '../terminal/bench-page.js';
import { Interrupt } from '../terminal/interrupt.js';
import { EXIT_FAILED, EXIT_FINE, errorLine, exitCodeOf } from '../terminal/print-error.js';
import { ProgressLine, progressPart, progressText } from '../terminal/progress.js';

type End = Parameters<BenchOutput['report']>[0];

/** Where the reports go. */
interface RunsOutput {
  readonly file: ResultFile | null;
  readonly page: BenchPage | null;
  readonly bars: BarsChoice;
}

const say = (text: string) => process.stderr.write(text);

/** Reports the complete runs. */
function reportRuns(series: RunSeries, output: BenchOutput, end: End): void {
  if (series.runs.length > 0) output.report(end);
  else say('copytax: there is nothing to report: only complete runs count, and none is\n');
}

function failure({ ending }: FreshRun, name: string): CopytaxError {
  return new CopytaxError('ERR_RUN', `${name} did not complete (${ending})`);
}

/**
 * `now`: milliseconds since the call. Resolves to the exit code. Rejects with ERR_RESULT_FILE if the complete runs
 * could not be written.
 */
export async function benchRuns(
  options: BenchOptions,
  settings: BenchSettings,
  { file, page, bars }: RunsOutput,
  now: () => number,
): Promise<number> {
  const { seed, runs: count, rounds, budgetMs } = settings;
  const series = new RunSeries({ seed, count: count!, budgetMs: rounds === null ? budgetMs : null }, now);
  const output = new BenchOutput(series, file, reportPrinter(bars, file, page));
  const progress = new ProgressLine(process.stderr);
  const interrupt = new Interrupt(() => {
    progress.clear();
    try {
      reportRuns(series, output, 'interrupted');
    } catch (error) {
      say(`${errorLine(error)}\n`);
    }
    process.exit(interrupt.exitCode);
  });
  const { signal } = interrupt;
  try {
    while (series.runs.length < count! && !signal.aborted) {
      const run = series.runs.length;
      const name = `run ${run + 1} of ${count}`;
      const ended = await freshRun(runArguments(options, seedOfRun(seed, run)), {
        signal,
        onProgress: (step) =>
          progress.update(`${name}, ${progressPart(step)}`, () => {
            return `${name}, ${progressText({ ...step, leftMs: series.leftMs(step.leftMs) })}`;
          }),
      });
      progress.clear();
      if (signal.aborted) break;
      say(ended.said);
      if (ended.document === null) throw failure(ended, name);
      series.add(ended.document);
      output.keep();
    }
    reportRuns(series, output, signal.aborted ? 'interrupted' : 'complete');
    await page?.write(output.reported);
    return signal.aborted ? interrupt.exitCode : hasFailedCells(series) ? EXIT_FAILED : EXIT_FINE;
  } catch (error) {
    progress.clear();
    reportRuns(series, output, signal.aborted ? 'interrupted' : 'failed');
    say(`${errorLine(error)}\n`);
    return signal.aborted ? interrupt.exitCode : Math.max(EXIT_FAILED, exitCodeOf(error));
  } finally {
    interrupt.close();
  }
}

/** As for a single run: a cell that has no value on this host, or no cost on a busy one, is no failure of the run. */
const hasFailedCells = ({ runs }: RunSeries) =>
  runs.some(({ failed }) => failed.some(({ why }) => why === 'nothing moved' || why === 'threw'));
