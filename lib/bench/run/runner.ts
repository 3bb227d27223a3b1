/**
 * Runs scenarios. All are opened and warmed up first; then their rounds are interleaved until the end of the run, so
 * that each is measured over the whole of it: what a host does in one minute and not in the next is then part of every
 * interval. A scenario whose memory finds no room beside that of the others runs when they have ended.
 */

import { CopytaxError } from '../../errors.js';
import { checkOptions } from '../../limits.js';
import { RecentPulse } from '../../memory/recent-pulse.js';
import { random, seedFor } from '../../random.js';
import { detachBuffer } from '../../smp/detached-buffer.js';
import { MIB } from '../../units.js';
import { availableMemory } from '../host/available-memory.js';
import { type HostReading, readHost } from '../host/host-reading.js';
import type { Scenario } from '../plan/scenario.js';
import type { BenchSettings } from '../plan/settings.js';
import type { Recorder } from '../result/recorder.js';
import { Sampler } from './sampler.js';
import { type Phase, type RunParts, ScenarioRun } from './scenario-run.js';
import { StandstillWatch } from './standstill.js';
import { nextTurn, plannedRounds, timeLeft, wantsRound } from './time-budget.js';

/** How far a run is, between two measurements. */
export interface Progress {
  /** The name of the scenario that is at work. */
  readonly scenario: string;
  /** What it is doing. */
  readonly phase: Phase;
  /** Rounds that are complete. */
  readonly rounds: number;
  /** Cells done in this phase or round, of `cells`. */
  readonly done: number;
  /** Of the scenario. */
  readonly cells: number;
  /** Milliseconds until the end of the run; null if not known yet. */
  readonly leftMs: number | null;
}

/** What `runScenarios` asks of its caller: only the signal is needed, the rest has defaults. */
export interface RunHooks {
  /** Stops the run. The sample that it cuts short is discarded. */
  readonly signal: AbortSignal;
  /** Milliseconds since the run was called for. Default: since the call of `runScenarios`. */
  readonly now?: () => number;
  /** Reads counters of the host before and after each round. Default: `readHost`. */
  readonly readHost?: () => HostReading;
  /** Milliseconds that a sample may take. A longer one ends its scenario with ERR_TIMED_OUT. Default: 5 s. */
  readonly sampleLimitMs?: number;
  /** How fast the CPU of the main thread is, nanoseconds per step. Default: of a recent pulse, see `RecentPulse`. */
  readonly pulse?: () => number;
  /** Notices that the process stood still. */
  readonly watch?: Pick<StandstillWatch, 'begin' | 'stoodStill' | 'stoodMs'>;
  /** Memory that this process can still get, bytes. */
  readonly availableBytes?: () => number;
  /** Called between measurements, never during one. */
  readonly onProgress?: (progress: Progress) => void;
  /** Called after each round: the recorder has something new. */
  readonly onRound?: () => void;
}

const HOOKS = [
  'signal',
  'now',
  'readHost',
  'sampleLimitMs',
  'pulse',
  'watch',
  'availableBytes',
  'onProgress',
  'onRound',
];

/** Many times what a sample should take. */
const SAMPLE_LIMIT_MS = 5000;
const WARM_UP_SHARE = 1 / 3; // of a scenario's time, at most

/**
 * Memory that has to be available, bytes, for a scenario to be opened beside others: what the larger ones need, and
 * room for the engine. A control group would end the process, not refuse the memory.
 */
const ROOM_BESIDE = 384 * MIB;

const weightOf = (scenarios: readonly Scenario[]) => scenarios.reduce((sum, { weight }) => sum + weight, 0);

function refuseDuplicates(scenarios: readonly Scenario[]): void {
  const id = repeatedOf(scenarios.flatMap(({ cells }) => cells.map((cell) => cell.id)));
  if (id !== undefined) {
    const remedy = 'pass each scenario once, and give each cell an id of its own';
    throw new CopytaxError('ERR_SCENARIO', `two cells are called ${id}`, { id, remedy });
  }
  // Reports and comparisons find what belongs to a scenario by its name.
  const name = repeatedOf(scenarios.map((scenario) => scenario.name));
  if (name === undefined) return;
  const remedy = 'give each scenario a name of its own';
  throw new CopytaxError('ERR_SCENARIO', `two scenarios are called ${name}`, { id: name, remedy });
}

/** The first of these that an earlier one is like; undefined if there is none. */
const repeatedOf = (names: readonly string[]) => names.find((name, at) => names.indexOf(name) < at);

/** The scenarios that are measured at the same time. */
class Interleaved {
  readonly #recorder: Recorder;
  readonly #hooks: RunHooks;
  readonly #parts: RunParts;
  readonly #availableBytes: () => number;
  readonly #order;
  /** Until when these scenarios are measured: some time is kept for those that found no room. */
  #settings: BenchSettings;
  #running: ScenarioRun[] = [];
  /** The first error. Others follow from it, or are of scenarios that the reader then knows are missing. */
  failure: { readonly error: unknown } | null = null;

  constructor(recorder: Recorder, hooks: RunHooks, parts: Omit<RunParts, 'onProgress' | 'settings'>) {
    this.#recorder = recorder;
    this.#hooks = hooks;
    this.#settings = recorder.settings;
    this.#availableBytes = hooks.availableBytes ?? availableMemory;
    this.#parts = { ...parts, settings: recorder.settings, onProgress: (...step) => this.#progress(...step) };
    this.#order = random(seedFor(recorder.settings.seed, 'scenarios'));
  }

  /** Measures these scenarios. Resolves to those that found no room beside the others. */
  async measure(scenarios: readonly Scenario[], isAfterOthers: boolean): Promise<readonly Scenario[]> {
    const later = await this.#begin(scenarios, isAfterOthers);
    const { signal } = this.#parts;
    while (!signal.aborted) {
      const run = this.#next();
      if (run === null) break;
      await this.#guarded(run, () => run.round());
      this.#hooks.onRound?.();
    }
    for (const run of [...this.#running]) await this.#end(run);
    return signal.aborted ? [] : later;
  }

  async #begin(scenarios: readonly Scenario[], isAfterOthers: boolean): Promise<readonly Scenario[]> {
    const { signal, now } = this.#parts;
    const { budgetMs } = this.#settings;
    const leftMs = Math.max(0, budgetMs - now());
    const later: Scenario[] = [];
    const partOf = (some: readonly Scenario[]) => weightOf(some) / weightOf(scenarios);
    for (const scenario of scenarios) {
      if (signal.aborted) break;
      const isAlone = this.#running.length === 0;
      if (!isAlone && this.#availableBytes() < ROOM_BESIDE) {
        later.push(scenario);
        continue;
      }
      const record = this.#recorder.begin(scenario);
      record.isAfterOthers = isAfterOthers;
      const run = new ScenarioRun(record, this.#parts);
      this.#running.push(run);
      const warmUpMs = leftMs * partOf([scenario]) * (scenario.warmUpShare ?? WARM_UP_SHARE);
      if (await this.#guarded(run, () => run.begin(warmUpMs), isAlone)) continue;
      this.#recorder.forget(run.record);
      later.push(scenario);
    }
    this.#settings = { ...this.#settings, budgetMs: budgetMs - leftMs * partOf(later) };
    return later;
  }

  /** Returns the scenario whose turn it is; null: the run is over. */
  #next(): ScenarioRun | null {
    const settings = this.#settings;
    const { now } = this.#parts;
    const waiting = this.#running.filter(
      (run) => run.record.scenario.cells.length > 0 && wantsRound(settings, run, now()),
    );
    if (waiting.length === 0) return null;
    return waiting[nextTurn(waiting, this.#planned(waiting), waiting.map(this.#order))]!;
  }

  /** Returns how many rounds each should have at the end; where their number is fixed, all should have as many. */
  #planned(waiting: readonly ScenarioRun[]): number[] {
    const { rounds, budgetMs } = this.#settings;
    if (rounds !== null) return waiting.map(() => rounds);
    const spentMs = waiting.reduce((sum, run) => sum + run.rounds * run.roundMs, 0);
    return plannedRounds(waiting, spentMs + Math.max(0, budgetMs - this.#parts.now()));
  }

  /**
   * Does a part of a scenario, which ends if that fails; the others go on. Resolves to false if it found no memory and
   * is not `isAlone`: then it may find some when the others have ended. What stops at the signal has not failed.
   */
  async #guarded(run: ScenarioRun, part: () => Promise<void>, isAlone = true): Promise<boolean> {
    try {
      await part();
      return true;
    } catch (error) {
      if (this.#parts.signal.aborted && error === this.#parts.signal.reason) return true;
      const hasRoom = isAlone || (error as { code?: unknown }).code !== 'ERR_REGION_MAP';
      if (hasRoom) this.failure ??= { error };
      await this.#end(run);
      return hasRoom;
    }
  }

  async #end(run: ScenarioRun): Promise<void> {
    this.#running = this.#running.filter((other) => other !== run);
    await run.end().catch((error: unknown) => {
      this.failure ??= { error };
    });
  }

  #progress(run: ScenarioRun, phase: Phase, done: number): void {
    const { scenario, rounds } = run.record;
    this.#hooks.onProgress?.({
      scenario: scenario.name,
      phase,
      rounds: rounds.length,
      done,
      cells: scenario.cells.length,
      leftMs: timeLeft(this.#parts.settings, this.#running, this.#parts.now()),
    });
  }
}

/**
 * Runs scenarios on the main thread. The recorder has what they measured, also after a failure. Resolves when all have
 * run or the signal has stopped them. A scenario that fails is left out from then on; when the others have ended,
 * rejects with the first error. Rejects before anything is measured with ERR_SCENARIO if two cells have one id or two
 * scenarios one name, and with ERR_UNKNOWN_OPTION for a hook that does not exist.
 */
export async function runScenarios(scenarios: readonly Scenario[], recorder: Recorder, hooks: RunHooks): Promise<void> {
  checkOptions('runScenarios()', hooks, HOOKS);
  refuseDuplicates(scenarios);
  detachBuffer(); // scenarios that measure on this thread may, at any time
  const began = performance.now();
  const recent = new RecentPulse();
  const { signal, now = () => performance.now() - began, pulse = () => recent.read() } = hooks;
  const ownWatch = hooks.watch === undefined ? new StandstillWatch() : null;
  const watch = hooks.watch ?? ownWatch!;
  recorder.standstill = watch;
  const sampler = new Sampler({ signal, now, pulse, watch, limitMs: hooks.sampleLimitMs ?? SAMPLE_LIMIT_MS });
  // A pause takes nothing from the budget: what was not measured meanwhile is measured after it.
  const parts = { signal, now: () => now() - watch.stoodMs, sampler, readHost: hooks.readHost ?? (() => readHost()) };
  try {
    let waiting = scenarios;
    let failure: Interleaved['failure'] = null;
    while (waiting.length > 0) {
      const together = new Interleaved(recorder, hooks, parts);
      waiting = await together.measure(waiting, waiting !== scenarios);
      failure ??= together.failure;
    }
    if (failure !== null) throw failure.error;
  } finally {
    ownWatch?.close();
  }
}
