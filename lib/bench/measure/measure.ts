/**
 * A whole bench run by one call: facts of the host, rounds of the scenarios, the result and its file. What `copytax
 * bench` does, for other programs: no terminal, no signals of the process, and no flags of the engine.
 */
import { randomInt } from 'node:crypto';
import { addon } from '../../addon/addon.js';
import { CopytaxError } from '../../errors.js';
import { checkOptions, outOfRange, shown, within } from '../../limits.js';
import { packageFolder, packageVersion } from '../../package-facts.js';
import type { HostFacts } from '../facts/host-schema.js';
import { CpuWatch } from '../host/cpu-watch.js';
import { engineFlagsSet } from '../host/engine-flags.js';
import { type Environment, environmentFacts, type Program } from '../host/environment.js';
import { readHost } from '../host/host-reading.js';
import { lineRoundTrip } from '../host/line-round-trip.js';
import { thisHost } from '../host/this-host.js';
import type { Scenario, ScenarioFactory } from '../plan/scenario.js';
import { type BenchSettings, defaultSettings, type Effort } from '../plan/settings.js';
import { Recorder } from '../result/recorder.js';
import type { ResultDocument } from '../result/result.js';
import { ResultFile } from '../result/result-file.js';
import { type Progress, runScenarios } from '../run/runner.js';

/** What `measure` takes besides the scenarios. */
export interface MeasureOptions {
  /**
   * Time of the whole run from the call on, with preparation and warm-up, seconds: more than 0, at most 86,400.
   * Default: 10. A run ends earlier when each scenario has 100 rounds, and may take a fifth longer for its least number
   * of rounds: five, or ten from 50 seconds on.
   */
  readonly seconds?: number | undefined;
  /** Exactly this many rounds, 1 to 10,000, however long they take. Default: as many as fit the time, 100 at most. */
  readonly rounds?: number | undefined;
  /** Decides the order of the cells in each round, 0 to 2^32 - 1. Default: a random one, which the result has. */
  readonly seed?: number | undefined;
  /**
   * CPUs that built-in scenarios pin their threads to, and whose distance is measured beside each round: at least one,
   * each of the affinity mask of this thread. Default: all of them. `measure` pins no thread itself: see `pinThread`.
   */
  readonly cpus?: readonly number[] | undefined;
  /** Path of a result file, which is opened at once, replaced every few seconds, and at the end. Default: none. */
  readonly json?: string | undefined;
  /** Stops the run after the sample that it is at. Then `measure` resolves to what was measured by then. */
  readonly signal?: AbortSignal | undefined;
  /** Called between measurements, never during one. What it throws ends the run. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** The program that measures, for the result and the head of reports. Default: copytax alone is named. */
  readonly program?: Program | undefined;
}

/** A scenario, or a function that makes one of the settings of the run, such as those of `scenarios`. */
export type Measurable = Scenario | ScenarioFactory;

const OPTIONS = ['seconds', 'rounds', 'seed', 'cpus', 'json', 'signal', 'onProgress', 'program'];
const USUAL_SECONDS = 10;
const MOST_SECONDS = 86_400;
/** By how much a run may exceed its time to complete its least rounds. */
const LIMIT_FACTOR = 1.2;
/** How much of a run may be lost when the process is killed, milliseconds: writing a file takes CPU time. */
const KEEP_MS = 5000;
/** Efforts from here on, seconds: built-in scenarios choose by them what they measure. */
const EFFORTS: readonly [number, Effort][] = [
  [480, 'full'],
  [50, 'default'],
  [0, 'quick'],
];

let isMeasuring = false;

function wrongType(message: string): CopytaxError {
  return new CopytaxError('ERR_INVALID_ARG_TYPE', message);
}

function isScenario(value: unknown): value is Scenario {
  const { name, cells, ratios, tables } = (value ?? {}) as Partial<Scenario>;
  const isNamed = typeof name === 'string' && [cells, ratios, tables].every(Array.isArray);
  return isNamed && cells!.every((cell) => typeof cell?.id === 'string' && typeof cell.sample === 'function');
}

const isMeasurable = (value: unknown) => typeof value === 'function' || isScenario(value);

async function scenarioOf(one: Measurable, settings: BenchSettings, host: HostFacts): Promise<Scenario> {
  if (typeof one !== 'function') return one;
  const made: unknown = await one(settings, { host });
  if (isScenario(made)) return made;
  throw wrongType(`measure() takes functions that make scenarios, and one made ${shown(made)}`);
}

/** Refuses what is no program. @throws ERR_INVALID_ARG_TYPE */
export function requireProgram(program: Program | undefined): void {
  if (program === undefined || (typeof program?.name === 'string' && typeof program.version === 'string')) return;
  throw wrongType('program must have a name and a version, both text');
}

/** Refuses what would only be noticed in the middle of a run. */
function check(given: readonly unknown[], options: MeasureOptions): void {
  checkOptions('measure()', options, OPTIONS);
  const { seconds = USUAL_SECONDS, rounds, seed, cpus, json, signal, onProgress, program } = options;
  const strange = given.filter((one) => !isMeasurable(one));
  if (given.length === 0) throw outOfRange('measure() needs at least one scenario');
  if (strange.length > 0) throw wrongType(`measure() takes scenarios, not ${shown(strange[0])}`);
  if (!(typeof seconds === 'number' && seconds > 0 && seconds <= MOST_SECONDS)) {
    throw outOfRange(`seconds must be more than 0 and at most ${MOST_SECONDS}, not ${shown(seconds)}`);
  }
  if (rounds !== undefined) within('rounds', rounds, 1, 10_000);
  if (seed !== undefined) within('seed', seed, 0, 2 ** 32 - 1);
  if (json !== undefined && typeof json !== 'string') throw wrongType(`json must be a path, not ${shown(json)}`);
  if (signal !== undefined && typeof signal?.aborted !== 'boolean') {
    throw wrongType(`signal must be an AbortSignal, not ${shown(signal)}`);
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw wrongType(`onProgress must be a function, not ${shown(onProgress)}`);
  }
  requireProgram(program);
  if (cpus !== undefined && !Array.isArray(cpus)) throw wrongType(`cpus must be a list, not ${shown(cpus)}`);
}

/** The CPUs to measure on: those asked for, if this thread may use them. */
function usableCpus(cpus: readonly number[] | undefined): readonly number[] {
  const allowed = addon().affinity();
  if (cpus === undefined) return allowed;
  if (cpus.length === 0) throw outOfRange('cpus must name at least one CPU');
  const strange = cpus.find((cpu) => !allowed.includes(cpu));
  if (strange === undefined) return cpus;
  throw outOfRange(`CPU ${shown(strange)} is none of those that this thread may use: ${allowed.join(', ')}`);
}

function settingsFor({ seconds = USUAL_SECONDS, rounds, seed, cpus }: MeasureOptions): BenchSettings {
  const [, effort] = EFFORTS.find(([least]) => seconds >= least)!;
  const usual = defaultSettings(effort, usableCpus(cpus), seed ?? randomInt(2 ** 32));
  const budgetMs = seconds * 1000;
  return { ...usual, rounds: rounds ?? null, budgetMs, limitMs: LIMIT_FACTOR * budgetMs };
}

/** The environment of a program that uses the library. */
export function libraryEnvironment(program: Program | undefined): Environment {
  const facts = environmentFacts({ packageFolder: packageFolder(), version: packageVersion() });
  return { ...facts, engineFlags: engineFlagsSet(), ...(program === undefined ? {} : { program }) };
}

async function run(
  given: readonly Measurable[],
  options: MeasureOptions,
  clock: () => number,
): Promise<ResultDocument> {
  const began = clock();
  const now = () => clock() - began;
  const { json, program, onProgress, signal = new AbortController().signal } = options;
  const settings = settingsFor(options);
  const file = json === undefined ? null : ResultFile.open(json);
  const host = thisHost();
  const scenarios: Scenario[] = [];
  for (const one of given) scenarios.push(await scenarioOf(one, settings, host));
  const names = scenarios.map(({ name }) => name);
  const recorder = new Recorder(host, libraryEnvironment(program), { ...settings, scenarios: names }, now);
  const { cpus } = settings;
  const watch = new CpuWatch(cpus);
  let keptAt = now();
  const keep = () => {
    if (file === null || now() - keptAt < KEEP_MS) return;
    keptAt = now();
    file.write(recorder.document({ complete: false, interrupted: false }), false);
  };
  try {
    await runScenarios(scenarios, recorder, {
      signal,
      now,
      readHost: () => readHost({ now, lineRoundTrip: () => lineRoundTrip(cpus), cpusLost: () => watch.lost() }),
      onRound: keep,
      ...(onProgress === undefined ? {} : { onProgress }),
    });
  } catch (error) {
    file?.write(recorder.document({ complete: false, interrupted: signal.aborted }), true);
    throw error;
  }
  const document = recorder.document({ complete: !signal.aborted, interrupted: signal.aborted });
  file?.write(document, true);
  return document;
}

/** As `measure`, by a clock that a test moves, milliseconds. */
export async function measureBy(
  clock: () => number,
  scenarios: Measurable | readonly Measurable[],
  options: MeasureOptions = {},
): Promise<ResultDocument> {
  const given = Array.isArray(scenarios) ? (scenarios as readonly Measurable[]) : [scenarios as Measurable];
  check(given, options);
  if (isMeasuring) {
    const details = { remedy: 'await the first call, or give it all scenarios in a list: it interleaves their rounds' };
    throw new CopytaxError('ERR_ALREADY_RUNNING', 'measure() runs already, and each would measure the other', details);
  }
  isMeasuring = true;
  try {
    return await run(given, options, clock);
  } finally {
    isMeasuring = false;
  }
}

/**
 * Measures scenarios in interleaved rounds and resolves to the result document: raw samples, medians with intervals,
 * ratios formed within rounds, warnings, and the facts of the host. `textReport` shows it, `readResult` reads its file
 * and `copytax compare` compares files. The budget begins with the call.
 *
 * Runs on the calling thread, which has to be the main one for built-in scenarios; a sample blocks it. If `signal`
 * aborts, resolves to what was measured by then, with `interrupted` set.
 *
 * @param scenarios one or several: of `comparison`, of `scenarios`, or of your own
 * @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE or ERR_UNKNOWN_OPTION for arguments, ERR_RESULT_FILE for `json`,
 *   ERR_ADDON_NOT_BUILT, and ERR_ALREADY_RUNNING while another call measures: nothing was measured then. ERR_SCENARIO,
 *   ERR_TIMED_OUT or what a cell of your own throws, when the other scenarios have ended; `json` has the rest.
 */
export async function measure(
  scenarios: Measurable | readonly Measurable[],
  options: MeasureOptions = {},
): Promise<ResultDocument> {
  return measureBy(() => performance.now(), scenarios, options);
}
