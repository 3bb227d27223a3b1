/**
 * Runs scenarios: opens each, prepares every cell, discards warm-up rounds until they get no better, and then runs
 * rounds in which each cell is sampled once. The order of the cells is drawn anew for each round, so that drift of the
 * host affects all cells alike. In the end every cell is disposed of, and the scenario is closed.
 */
import { setImmediate } from 'node:timers/promises';
import { fileNameOf, ownDesigns } from '../../designs/own-designs.js';
import { CopytaxError } from '../../errors.js';
import { random, seedFor, shuffled } from '../../random.js';
import { type HostReading, hostDelta, readHost } from '../host/host-reading.js';
import type { Cell, Scenario } from '../plan/scenario.js';
import type { Recorder, ScenarioRecord } from '../result/recorder.js';
import { takeSample } from './sampler.js';
import { type ScenarioTime, scenarioTime, timeLeft, wantsRound, wantsWarmUp } from './time-budget.js';
import { WarmUp } from './warm-up.js';
import { withinTime } from './within-time.js';

export interface Progress {
  readonly scenario: string;
  readonly phase: 'prepare' | 'warm-up' | 'round';
  /** Rounds that are complete. */
  readonly rounds: number;
  /** Cells done in this phase or round, of `cells`. */
  readonly done: number;
  readonly cells: number;
  /** Milliseconds until the end of the run; null if not known yet. */
  readonly leftMs: number | null;
}

export interface RunHooks {
  /** Stops the run. The sample that it cuts short is discarded. */
  readonly signal: AbortSignal;
  /** Milliseconds since the start of the process. */
  readonly now?: () => number;
  readonly readHost?: () => HostReading;
  /** Milliseconds that a sample may take. A longer one ends the run with ERR_TIMED_OUT. Default: 5 s. */
  readonly sampleLimitMs?: number;
  /** Called between measurements, never during one. */
  readonly onProgress?: (progress: Progress) => void;
  /** Called when a scenario has ended, also if it was interrupted or failed. */
  readonly onScenario?: (record: ScenarioRecord) => void;
}

/** Many times what a sample should take. */
const SAMPLE_LIMIT_MS = 5000;
/** Time for all cells of a scenario to free their memory and to end their threads. */
const DISPOSE_LIMIT_MS = 1000;

/** What has to be undone when a scenario ends. */
interface Begun {
  isOpen: boolean;
  readonly cells: Cell[];
}

/** One scenario while it runs. */
class ScenarioRun {
  readonly #recorder: Recorder;
  readonly #record: ScenarioRecord;
  readonly #hooks: RunHooks;
  readonly #now: () => number;
  readonly #readHost: () => HostReading;
  readonly #weights: readonly number[];
  readonly #time: ScenarioTime;
  readonly #warmUp = new WarmUp();
  #roundMs: number | null = null;

  constructor(recorder: Recorder, record: ScenarioRecord, hooks: RunHooks, weights: readonly number[]) {
    this.#recorder = recorder;
    this.#record = record;
    this.#hooks = hooks;
    this.#now = hooks.now ?? (() => performance.now());
    this.#readHost = hooks.readHost ?? (() => readHost());
    this.#weights = weights;
    this.#time = scenarioTime(recorder.settings, this.#now(), weights, record.scenario.maxRounds);
  }

  async run(): Promise<void> {
    const begun: Begun = { isOpen: false, cells: [] };
    try {
      await this.#measure(begun);
    } catch (error) {
      // The first error is the cause. Errors while cleaning up follow from it.
      await this.#end(begun).catch(() => {});
      throw error;
    } finally {
      this.#record.seconds = (this.#now() - this.#time.start) / 1000;
    }
    await this.#end(begun);
  }

  async #measure(begun: Begun): Promise<void> {
    const { scenario } = this.#record;
    for (const cell of scenario.cells) {
      this.#progress('prepare', begun.cells.length);
      if (await this.#stopped()) return;
      if (!begun.isOpen) {
        begun.isOpen = true;
        await scenario.open?.();
      }
      begun.cells.push(cell);
      await cell.prepare?.();
    }
    await this.#runRounds(scenario.cells);
  }

  /** Disposes of the cells, then closes the scenario, also where a cell fails to clean up. */
  async #end({ isOpen, cells }: Begun): Promise<void> {
    const { scenario } = this.#record;
    try {
      await endAll(cells.map(async (cell) => cell.dispose?.()));
    } finally {
      if (isOpen) await endAll([(async () => scenario.close?.())()]);
    }
  }

  async #runRounds(cells: readonly Cell[]): Promise<void> {
    if (cells.length === 0) return; // rounds of nothing would go on without a pause
    const { settings } = this.#recorder;
    const order = random(seedFor(settings.seed, this.#record.scenario.name));
    const next = async (phase: 'warm-up' | 'round') => {
      const began = this.#now();
      const isComplete = (await this.#runRound(shuffled(cells, order), phase)) === cells.length;
      this.#roundMs = this.#now() - began;
      return isComplete;
    };
    const record = this.#record;
    const roundMs = () => this.#roundMs ?? 0;
    while (!this.#warmUp.isSteady && wantsWarmUp(settings, this.#time, this.#now(), record.warmUpRounds, roundMs())) {
      if (!(await next('warm-up'))) return;
      record.warmUpRounds++;
      this.#warmUp.endRound();
    }
    while (wantsRound(settings, this.#time, this.#now(), record.rounds.length, roundMs())) {
      if (!(await next('round'))) return;
    }
  }

  /** Returns how many cells were sampled: fewer than all if the signal came. */
  async #runRound(cells: readonly Cell[], phase: 'warm-up' | 'round'): Promise<number> {
    const before = this.#readHost();
    let done = 0;
    for (const cell of cells) {
      this.#progress(phase, done);
      if ((await this.#stopped()) || !(await this.#sample(cell, phase))) break;
      done++;
    }
    if (phase === 'round' && done > 0) this.#record.addRound(done, hostDelta(before, this.#readHost()));
    return done;
  }

  /** Returns whether to stop. The event loop turns first, or signals would not arrive between cells that never wait. */
  async #stopped(): Promise<boolean> {
    await setImmediate();
    return this.#hooks.signal.aborted;
  }

  /** Returns false if the signal cut the sample short: what the cell then returns or throws is discarded. */
  async #sample(cell: Cell, phase: 'warm-up' | 'round'): Promise<boolean> {
    const { signal, sampleLimitMs = SAMPLE_LIMIT_MS } = this.#hooks;
    try {
      const sample = await withinTime(takeSample(cell, signal), sampleLimitMs, cell.id, whyEndless(cell));
      if (signal.aborted) return false;
      if (phase === 'round') this.#record.addSample(cell, sample);
      else this.#warmUp.add(cell, sample.value);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
  }

  #progress(phase: Progress['phase'], done: number): void {
    const { scenario, rounds } = this.#record;
    const { settings } = this.#recorder;
    const advance = { rounds: rounds.length, roundMs: this.#roundMs, weights: this.#weights };
    this.#hooks.onProgress?.({
      scenario: scenario.name,
      phase,
      rounds: rounds.length,
      done,
      cells: scenario.cells.length,
      leftMs: timeLeft(settings, this.#time, this.#now(), advance),
    });
  }
}

/** Returns why a sample may take for ever: its design is one of a program's own; '' for others. */
function whyEndless({ params: { design, calibrates } }: Cell): string {
  const own = ownDesigns().find(({ name }) => name === (design ?? calibrates));
  if (own === undefined) return '';
  return `the design '${own.name}' of ${fileNameOf(own.module)} may not come to an end`;
}

/** Waits until all `work` has ended, however it ended; then throws the first failure. */
async function endAll(work: readonly Promise<void>[]): Promise<void> {
  const ended = await withinTime(Promise.allSettled(work), DISPOSE_LIMIT_MS, 'cleaning up after a scenario');
  const failure = ended.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}

function refuseDuplicates(scenarios: readonly Scenario[]): void {
  const seen = new Set<string>();
  for (const { id } of scenarios.flatMap((scenario) => scenario.cells)) {
    if (seen.has(id)) throw new CopytaxError('ERR_SCENARIO', `two cells are called ${id}`, { id });
    seen.add(id);
  }
}

/**
 * Runs scenarios one after the other on the main thread. The recorder has what they measured, also after a failure.
 * Resolves when all have run or the signal has stopped them. Rejects with the first error of a cell.
 */
export async function runScenarios(scenarios: readonly Scenario[], recorder: Recorder, hooks: RunHooks): Promise<void> {
  refuseDuplicates(scenarios);
  for (const [index, scenario] of scenarios.entries()) {
    if (hooks.signal.aborted) return;
    const weights = scenarios.slice(index).map(({ weight }) => weight);
    const record = recorder.begin(scenario);
    try {
      await new ScenarioRun(recorder, record, hooks, weights).run();
    } finally {
      hooks.onScenario?.(record);
    }
  }
}
