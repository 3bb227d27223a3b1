/**
 * Results of tinybench as result documents, so that what compares, reports and plots results serves them. tinybench is
 * not imported: its versions 2 to 6 are told by the fields that they have.
 *
 * tinybench measures one task after the other and times each call. It sorts its samples, so that nothing tells their
 * order; the document has them shuffled, because what reads samples of a file may look for trends.
 */
import { median } from 'simple-statistics';
import { addon } from '../../addon/addon.js';
import { CopytaxError } from '../../errors.js';

import { checkOptions, outOfRange, shown } from '../../limits.js';

import { random, seedFor, shuffled } from '../../random.js';
import type { Program } from '../host/environment.js';
import { thisHost } from '../host/this-host.js';
import { isScenarioName } from '../plan/scenario-names.js';
import { defaultSettings } from '../plan/settings.js';
import {
  type CellResult,
  type FailedCell,
  parseResult,
  RESULT_SCHEMA,
  type ResultDocument,
  settingsSchema,
} from '../result/result.js';
import { ResultFile } from '../result/result-file.js';
import { judge } from '../result/warning-rules.js';
import { medianInterval } from '../statistics/statistics.js';
import { libraryEnvironment, requireProgram } from './measure.js';
import { messageOf, plainText } from './thrown.js';

/** What is read of a task of tinybench, of any version from 2 to 6. */
export interface TinybenchTask {
  /** Of the task: the last part of the id of its cell. */
  readonly name: string;
  /** Undefined, or with a `state` that says so, until the task has run. */
  readonly result?: unknown;
}

/** What is read of a `Bench` of tinybench, of any version from 2 to 6. */
export interface TinybenchBench {
  /** Of the bench, if it has one: the default name of the scenario. */
  readonly name?: string | undefined;
  /** All of them, in their order. */
  readonly tasks: readonly TinybenchTask[];
}

/** What `fromTinybench` takes besides the bench. */
export interface TinybenchOptions {
  /** Of the scenario. Default: that of the bench, or else `tinybench`. Files are compared by names: keep it. */
  readonly name?: string | undefined;
  /** That the numbers answer, for the head of the tables. Default: how long a call of each task takes. */
  readonly question?: string | undefined;
  /** The program that measured, for the head of reports. */
  readonly program?: Program | undefined;
  /** Path of a result file to write. Default: none. */
  readonly json?: string | undefined;
}

/** Of more, as many at even distances of their order stand for all: a file stays readable, and medians stay. */
const MOST_SAMPLES = 10_000;

/** The fields of results of tinybench, old and new. */
interface AnyResult {
  readonly state?: string;
  readonly error?: unknown;
  readonly aborted?: boolean;
  readonly totalTime?: number;
  readonly samples?: unknown;
  readonly latency?: { readonly samples?: unknown };
}

function refusal(message: string, details: Record<string, unknown> = {}): CopytaxError {
  return new CopytaxError('ERR_TINYBENCH', message, details);
}

const resultOf = ({ result }: TinybenchTask) => (result ?? {}) as AnyResult;

/** Milliseconds of each call, ascending; null if the task has none. */
function samplesOf(task: TinybenchTask): readonly number[] | null {
  const { latency, samples } = resultOf(task);
  const all: unknown = latency?.samples ?? samples;
  return Array.isArray(all) && all.length > 0 ? (all as number[]) : null;
}

function thinned(sorted: readonly number[]): readonly number[] {
  if (sorted.length <= MOST_SAMPLES) return sorted;
  const step = sorted.length / MOST_SAMPLES;
  return Array.from({ length: MOST_SAMPLES }, (_, at) => sorted[Math.floor((at + 0.5) * step)]!);
}

const idOf = (scenario: string, { name }: TinybenchTask) => `${scenario}/${plainText(name)}`;

function cellOf(scenario: string, task: TinybenchTask, ms: readonly number[]): CellResult {
  const id = idOf(scenario, task);
  if (!ms.every((value) => Number.isFinite(value) && value >= 0)) {
    throw refusal(`the task '${task.name}' has samples that are no times`, { task: task.name });
  }
  const durationsMs = shuffled(thinned(ms), random(seedFor(0, id)));
  const samples = durationsMs.map((value) => value * 1e6);
  const summary = { median: median(samples), ...medianInterval(samples, 1) };
  if (summary.median === 0) {
    const remedy = 'do more in a call of the task, or give tinybench a finer clock: 0 compares with nothing';
    throw refusal(`a call of the task '${task.name}' took no time: the median is 0`, { task: task.name, remedy });
  }
  return {
    id,
    scenario,
    params: { task: plainText(task.name) },
    unit: 'ns',
    higherIsBetter: false,
    batch: 1,
    samples,
    durationsMs,
    summary,
    ledger: { 'own:calls': ms.length },
    warnings: [],
  };
}

function failedOf(scenario: string, task: TinybenchTask): FailedCell {
  const message = plainText(messageOf(resultOf(task).error));
  const params = { task: plainText(task.name) };
  return { id: idOf(scenario, task), scenario, params, samples: 0, why: 'threw', message };
}

/** Refuses what has no samples although nothing threw, with the reason. */
function requireSamples(task: TinybenchTask): readonly number[] {
  const samples = samplesOf(task);
  if (samples !== null) return samples;
  const { state, latency } = resultOf(task);
  const details = { task: task.name, state: state ?? null };
  if (latency !== undefined) {
    throw refusal(
      `the task '${task.name}' has run, but its samples were not kept: \`retainSamples\` was not set`,
      details,
    );
  }
  throw refusal(`the task '${task.name}' has not run to its end${state === undefined ? '' : ` (${state})`}`, details);
}

function requireBench(bench: unknown): asserts bench is TinybenchBench {
  const { tasks } = (bench ?? {}) as Partial<TinybenchBench>;
  const isBench = Array.isArray(tasks) && tasks.every((task) => typeof task?.name === 'string');
  if (isBench) return;
  throw new CopytaxError('ERR_INVALID_ARG_TYPE', `fromTinybench() takes a Bench of tinybench, not ${shown(bench)}`);
}

/** Returns the text of an option, on one line. */
function textOf(what: string, text: unknown): string {
  if (typeof text !== 'string') {
    throw new CopytaxError('ERR_INVALID_ARG_TYPE', `${what} must be a text, not ${shown(text)}`);
  }
  const plain = plainText(text);
  if (plain === '') throw outOfRange(`${what} must have letters, and is ${shown(text)}`);
  return plain;
}

function scenarioNameOf(given: unknown): string {
  const name = textOf('the name', given);
  if (!isScenarioName(name)) return name;
  const remedy = 'pass another `name`';
  throw new CopytaxError('ERR_OUT_OF_RANGE', `'${name}' is the name of a built-in scenario`, { remedy });
}

/** Refuses tasks that a document could not tell apart. */
function requireOwnNames(tasks: readonly TinybenchTask[]): void {
  const names = tasks.map(({ name }) => plainText(name));
  const unclear = names.find((name, at) => name === '' || names.indexOf(name) !== at);
  if (unclear === undefined) return;
  const remedy = 'give each task a name of its own, with other characters than control characters';
  throw refusal(unclear === '' ? 'a task has no name' : `two tasks are called '${unclear}'`, { task: unclear, remedy });
}

/** Refuses what no reader of result files would take. The parts were checked: what is left is of a damaged Bench. */
function requireReadable(document: ResultDocument): void {
  try {
    parseResult(JSON.parse(JSON.stringify(document)), 'the Bench');
  } catch (error) {
    const remedy = 'pass the Bench as tinybench, version 2 to 6, left it';
    throw new CopytaxError('ERR_TINYBENCH', 'the Bench has fields that are none of tinybench', { remedy }, error);
  }
}

function msOf(task: TinybenchTask): number {
  const { totalTime = 0 } = resultOf(task);
  if (Number.isFinite(totalTime) && totalTime >= 0) return totalTime;
  throw refusal(`the task '${task.name}' has a total time that is none: ${shown(totalTime)}`, { task: task.name });
}

/**
 * Returns a finished `Bench` of tinybench, version 2 to 6, as a result document: a cell for each task, its samples
 * in nanoseconds, medians with 95 % intervals, and the facts of this host, which should be the one that measured.
 * Tasks that threw are in `failed`, with their message. Names are kept without control characters. There are no
 * ratios, because nothing is paired: the warning NOT_INTERLEAVED says so. Of more than 10,000 samples of a task
 * 10,000 are kept, at even distances of their order.
 *
 * `textReport` shows the document, and `copytax compare` and `compare` compare it with others of the same names. Needs
 * the addon. Any thread.
 *
 * @param bench that has run; version 6 keeps samples only with `new Bench({ retainSamples: true })`
 * @throws ERR_TINYBENCH if a task has not run to its end, its samples were not kept, its median is 0 or its name that
 *   of another, or if each task threw; ERR_INVALID_ARG_TYPE for what is no Bench and for options, ERR_OUT_OF_RANGE for
 *   names, ERR_UNKNOWN_OPTION, ERR_RESULT_FILE for `json`, ERR_ADDON_NOT_BUILT. Nothing was written then.
 */
export function fromTinybench(bench: TinybenchBench, options: TinybenchOptions = {}): ResultDocument {
  checkOptions('fromTinybench()', options, ['name', 'question', 'program', 'json']);
  requireBench(bench);
  requireOwnNames(bench.tasks);
  const { program, json } = options;
  const name = scenarioNameOf(options.name ?? (bench.name || 'tinybench'));
  const question = textOf('question', options.question ?? 'How long does a call of each task take?');
  requireProgram(program);
  if (json !== undefined) textOf('json', json);
  const threw = bench.tasks.filter((task) => resultOf(task).error !== undefined);
  const ended = bench.tasks.filter((task) => !threw.includes(task));
  const measured = ended.map((task) => ({ task, ms: requireSamples(task) }));
  if (measured.length === 0) {
    throw refusal(threw.length === 0 ? 'the Bench has no tasks' : 'each task of the Bench ended with an error');
  }
  const isAborted = ended.some(
    (task) => /^aborted/.test(resultOf(task).state ?? '') || resultOf(task).aborted === true,
  );
  const results = measured.map(({ task, ms }) => cellOf(name, task, ms));
  const totalMs = ended.reduce((sum, task) => sum + msOf(task), 0);
  const settings = defaultSettings('default', addon().affinity(), 0);
  const document: ResultDocument = {
    schema: RESULT_SCHEMA,
    sampledBy: 'call',
    machine: thisHost(),
    environment: libraryEnvironment(program),
    settings: settingsSchema().parse({ ...settings, scenarios: [name], budgetMs: totalMs, limitMs: totalMs }),
    scenarios: [{ name, question, seconds: totalMs / 1000, warmUpRounds: 0, tables: [{ kind: 'plain' }], rounds: [] }],
    results,
    failed: threw.map((task) => failedOf(name, task)),
    ratios: [],
    breakEvens: [],
    costDifferences: [],
    crossings: [],
    warnings: [],
    seconds: totalMs / 1000,
    complete: !isAborted,
    interrupted: isAborted,
  };
  const judged = { ...document, warnings: judge(document) };
  requireReadable(judged);
  if (json !== undefined) ResultFile.open(json).write(judged, true);
  return judged;
}
