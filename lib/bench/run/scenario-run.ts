/**
 * One scenario of a run: opens it and prepares every cell, discards warm-up rounds until they get no better, measures a
 * round when it is told to, in which each cell is sampled once, and cleans up. The order of the cells is drawn anew for
 * each round, so that drift of the host affects all cells alike.
 */
import { setImmediate } from 'node:timers/promises';
import { fileNameOf, ownDesigns } from '../../designs/own-designs.js';
import { random, seedFor, shuffled } from '../../random.js';
import { type HostReading, hostDelta } from '../host/host-reading.js';
import type { Cell } from '../plan/scenario.js';
import type { BenchSettings } from '../plan/settings.js';
import type { ScenarioRecord } from '../result/scenario-record.js';
import type { Sampler } from './sampler.js';
import { type Measuring, wantsWarmUp } from './time-budget.js';
import { WarmUp } from './warm-up.js';
import { withinTime } from './within-time.js';

/** What a scenario is doing: preparing its cells, discarding rounds, or measuring them. */
export type Phase = 'prepare' | 'warm-up' | 'round';

/** What all scenarios of a run share. */
export interface RunParts {
  readonly settings: BenchSettings;
  readonly signal: AbortSignal;
  /** Milliseconds since the run was called for, without those in which the process stood still. */
  readonly now: () => number;
  readonly readHost: () => HostReading;
  readonly sampler: Sampler;
  /** Called between measurements: `done` cells of this phase or round are done. */
  readonly onProgress: (run: ScenarioRun, phase: Phase, done: number) => void;
}

/** Time for all cells of a scenario to free their memory and to end their threads. */
const DISPOSE_LIMIT_MS = 1000;
/** Fresh memory is given to the cells when this many times as long was measured as it took the last time. */
const RENEWAL_FACTOR = 8;
/** Gigabytes, and as many to be elsewhere, take half a minute where the host is busy. */
const RENEWAL_LIMIT_MS = 120_000;

export class ScenarioRun implements Measuring {
  readonly record: ScenarioRecord;
  readonly #parts: RunParts;
  readonly #order;
  readonly #warmUp = new WarmUp();
  /** Cells whose preparation has begun. */
  readonly #begun: Cell[] = [];
  #isOpen = false;
  #roundMs = 0;
  #renewalMs = 0;
  /** Time that was measured since the cells got their memory. */
  #measuredMs = 0;

  constructor(record: ScenarioRecord, parts: RunParts) {
    this.record = record;
    this.#parts = parts;
    this.#order = random(seedFor(parts.settings.seed, record.scenario.name));
  }

  get weight(): number {
    return this.record.scenario.weight;
  }

  get rounds(): number {
    return this.record.rounds.length;
  }

  /** Time of the last round, with that for fresh memory; 0 before the first one. */
  get roundMs(): number {
    return this.#roundMs;
  }

  get maxRounds(): number | undefined {
    return this.record.scenario.maxRounds;
  }

  /** Opens the scenario, prepares its cells and warms them up for at most `warmUpMs`. */
  async begin(warmUpMs: number): Promise<void> {
    await this.#timed(async () => {
      const { scenario } = this.record;
      for (const cell of scenario.cells) {
        this.#parts.onProgress(this, 'prepare', this.#begun.length);
        if (await this.#stopped()) return;
        if (!this.#isOpen) {
          this.#isOpen = true;
          await scenario.open?.(this.#parts.signal);
        }
        this.#begun.push(cell);
        await cell.prepare?.(this.#parts.signal);
      }
      if (scenario.cells.length === 0) return;
      await this.#renewNow(); // what it takes the first time, when a guest gets pages from its host, is no measure
      await this.#warm(warmUpMs);
    });
  }

  /** Measures one round, now and then in fresh memory. The signal may cut it short. */
  async round(): Promise<void> {
    await this.#timed(async () => {
      const began = this.#parts.now();
      await this.#renew();
      const { now, readHost } = this.#parts;
      const [measured, before] = [now(), readHost()];
      const { done, repeats } = await this.#sampleAll('round');
      this.#measuredMs += now() - measured;
      if (done > 0) this.record.addRound(done, repeats, hostDelta(before, readHost()));
      this.#roundMs = now() - began;
    });
  }

  /** Disposes of the cells, then closes the scenario, also where a cell fails to clean up. */
  async end(): Promise<void> {
    const { scenario } = this.record;
    try {
      await endAll(this.#begun.splice(0).map(async (cell) => cell.dispose?.()));
    } finally {
      const wasOpen = this.#isOpen;
      this.#isOpen = false;
      if (wasOpen) await endAll([(async () => scenario.close?.())()]);
    }
  }

  async #timed(work: () => Promise<void>): Promise<void> {
    const { now, sampler } = this.#parts;
    const began = now();
    sampler.pause();
    try {
      await work();
    } finally {
      this.record.seconds += (now() - began) / 1000;
    }
  }

  async #warm(warmUpMs: number): Promise<void> {
    const { settings, now } = this.#parts;
    const end = now() + warmUpMs;
    const { record } = this;
    while (!this.#warmUp.isSteady && wantsWarmUp(settings, record.warmUpRounds, end - now(), this.#roundMs)) {
      const began = now();
      const { done } = await this.#sampleAll('warm-up');
      if (done < record.scenario.cells.length) return;
      this.#roundMs = now() - began;
      record.warmUpRounds++;
      this.#warmUp.endRound();
    }
  }

  /** Gives the cells fresh memory where that takes little of the time. On a host that has none left it rejects. */
  async #renew(): Promise<void> {
    if (this.record.scenario.renew === undefined || this.#measuredMs === 0) return;
    if (this.#measuredMs < RENEWAL_FACTOR * this.#renewalMs) return;
    const began = this.#parts.now();
    await this.#renewNow();
    this.#renewalMs = this.#parts.now() - began;
    this.#measuredMs = 0;
    this.record.placement++;
  }

  async #renewNow(): Promise<void> {
    const { renew } = this.record.scenario;
    if (renew === undefined) return;
    await withinTime(renew(this.#parts.signal), RENEWAL_LIMIT_MS, `fresh memory for ${this.record.scenario.name}`);
  }

  /** Samples each cell. Returns how many were sampled: fewer than all if the signal came. */
  async #sampleAll(phase: Phase): Promise<{ done: number; repeats: number }> {
    const { sampler, onProgress } = this.#parts;
    let [done, repeats] = [0, 0];
    for (const cell of shuffled(this.record.scenario.cells, this.#order)) {
      onProgress(this, phase, done);
      if (await this.#stopped()) break;
      const taken = await sampler.take(cell, whyEndless(cell));
      if (taken === null) break;
      const { value } = taken.sample;
      if (phase === 'round') this.record.addSample(cell, taken);
      else if (value !== null) this.#warmUp.add(cell, value);
      repeats += taken.repeats;
      done++;
    }
    return { done, repeats };
  }

  /** Returns whether to stop. The event loop turns first, or signals would not arrive between cells that never wait. */
  async #stopped(): Promise<boolean> {
    await setImmediate();
    return this.#parts.signal.aborted;
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
