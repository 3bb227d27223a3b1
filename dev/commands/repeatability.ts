/**
 * `npm run repeatability`: takes runs of `copytax bench` one after the other, each in a process of its own, and prints
 * how often their intervals agree. What it keeps of each run is in the file of --out, which is replaced after each: a
 * series that was stopped goes on when it is called for again. `--analyse` prints the same of files.
 */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { addon } from '../../lib/addon/addon.js';
import { fileError } from '../../lib/bench/files/file-error.js';
import { makeFolder } from '../../lib/bench/files/make-folder.js';
import type { ResultDocument } from '../../lib/bench/result/result.js';
import { ResultFile } from '../../lib/bench/result/result-file.js';
import { type FreshRun, freshRun } from '../../lib/bench/runs/fresh-run.js';
import { seedOfRun } from '../../lib/bench/runs/run-series.js';
import { type BenchOptions, benchSettings } from '../../lib/cli/options/parse-bench-options.js';
import { runArguments } from '../../lib/cli/options/run-arguments.js';
import { usageError } from '../../lib/cli/options/usage.js';
import { parseInteger } from '../../lib/cli/options/values.js';
import { Interrupt } from '../../lib/cli/terminal/interrupt.js';
import { EXIT_FAILED, EXIT_FINE, errorLine } from '../../lib/cli/terminal/print-error.js';
import { ProgressLine, progressPart, progressText } from '../../lib/cli/terminal/progress.js';
import { CopytaxError } from '../../lib/errors.js';
import { requireWritable } from '../files/json-file.js';
import type { Series } from '../repeatability/run-summary.js';
import { joined, readSeries, readStarted, withRun, writeSeries } from '../repeatability/series-file.js';
import { repeatabilityText } from '../repeatability/tables.js';
import { parseSeed } from './fixed-options.js';

export interface RepeatabilityOptions {
  readonly out?: string;
  readonly runs?: string;
  readonly quick?: boolean;
  readonly only?: string;
  readonly rounds?: string;
  readonly seed?: string;
  readonly keep?: string;
  readonly analyse?: readonly string[];
}

const RUNS = { min: 2, max: 1000 };
/** A host on which runs fail one after the other will not make one. */
const MOST_FAILURES = 3;

const say = (text: string) => process.stderr.write(text);

function print(series: Series): void {
  process.stdout.write(`${repeatabilityText(series)}\n`);
}

/** Prints what files hold together, and writes it to `out`. */
function analyse(files: readonly string[], out: string | undefined): number {
  const series = files.map(readSeries).reduce<Series | null>((all, one) => joined(all, one), null)!;
  if (out !== undefined) writeSeries(out, series);
  print(series);
  return EXIT_FINE;
}

function keepRun(folder: string | undefined, run: ResultDocument): void {
  if (folder === undefined) return;
  ResultFile.open(join(folder, `${run.environment.created.replaceAll(':', '')}.json`)).write(run, true);
}

/** @throws ERR_RESULT_FILE */
function requireFolder(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    throw fileError(folder, 'write', error);
  }
}

/** Takes runs until the series has `count`. Resolves to the exit code; the file has all complete runs. */
async function takeRuns(out: string, count: number, seed: number, options: RepeatabilityOptions): Promise<number> {
  const { keep } = options;
  let series = readStarted(out);
  if (keep !== undefined) requireFolder(keep);
  const progress = new ProgressLine(process.stderr);
  const interrupt = new Interrupt(() => {
    progress.clear();
    process.exit(interrupt.exitCode);
  });
  const { signal } = interrupt;
  try {
    for (let failures = 0; runsOf(series) < count && failures < MOST_FAILURES; ) {
      const run = runsOf(series);
      const name = `run ${run + 1} of ${count}`;
      const ended = await freshRun(runArguments(askedOf(options), seedOfRun(seed, run + failures)), {
        signal,
        onProgress: (step) => progress.update(`${name}, ${progressPart(step)}`, () => `${name}, ${progressText(step)}`),
      });
      progress.clear();
      if (signal.aborted) return interrupt.exitCode;
      say(ended.said);
      try {
        series = withRun(series, documentOf(ended, name));
        failures = 0;
      } catch (error) {
        say(`${errorLine(error)}\n`);
        failures++;
        continue;
      }
      keepRun(keep, ended.document!);
      writeSeries(out, series);
    }
  } finally {
    interrupt.close();
  }
  if (series !== null) print(series);
  return runsOf(series) < count ? EXIT_FAILED : EXIT_FINE;
}

/** @throws ERR_RUN if the run did not complete */
function documentOf({ document, ending }: FreshRun, name: string): ResultDocument {
  if (document !== null) return document;
  throw new CopytaxError('ERR_RUN', `${name} did not complete (${ending})`);
}

const runsOf = (series: Series | null) => series?.runs.length ?? 0;

/** The options of the runs themselves. */
function askedOf({ quick, only, rounds }: RepeatabilityOptions): BenchOptions {
  return Object.fromEntries(Object.entries({ quick, only, rounds }).filter(([, value]) => value !== undefined));
}

/** Resolves to the exit code. Rejects with ERR_USAGE, ERR_RESULT_FILE or ERR_RESULT_SCHEMA. */
export async function repeatabilityCommand(options: RepeatabilityOptions): Promise<number> {
  const { out, analyse: files, runs = '20', seed } = options;
  if (files !== undefined) return analyse(files, out);
  if (out === undefined) throw usageError('give either --out or --analyse');
  const count = parseInteger('--runs', runs, RUNS);
  // Runs with options that are wrong would fail one after the other.
  benchSettings(askedOf(options), addon().affinity(), 0);
  requireWritable(out);
  return takeRuns(out, count, seed === undefined ? randomInt(2 ** 32) : parseSeed('--seed', seed), options);
}
