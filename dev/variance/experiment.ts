/**
 * The experiment: several processes are alive at the same time, and one after the other is asked for a turn of samples,
 * in random order. So neither processes nor what is renewed in them go with the weather of the host.
 */
import type { CopytaxError } from '../../lib/errors.js';
import { packageVersion } from '../../lib/package-facts.js';
import { random, seedFor } from '../../lib/random.js';
import { type Draw, Draws } from './draws.js';
import { CELLS, type RigSettings } from './rig.js';
import { SampledProcess } from './sampled-process.js';
import { COLUMNS, type Turn, VARIANCE_SCHEMA, type VarianceData, type VarianceSettings } from './turn.js';

/** A process of the experiment: what it needs of a `SampledProcess`. */
export type Sampled = Pick<SampledProcess, 'number' | 'turn' | 'end'>;

export interface ExperimentHooks {
  readonly signal: AbortSignal;
  /** Called after each turn and each start, between measurements. */
  onStep(data: VarianceData, leftMs: number): void;
  /** Milliseconds since the epoch, as the processes have it. */
  readonly now?: () => number;
  readonly start?: (number: number, settings: RigSettings) => Promise<Sampled>;
}

/** Failures one after the other, without a turn between them, after which the experiment ends. */
const MOST_FAILURES = 5;

const epochMs = () => performance.timeOrigin + performance.now();

export class Experiment {
  readonly data: VarianceData;
  readonly #cpus: readonly number[];
  readonly #hooks: ExperimentHooks;
  readonly #now: () => number;
  readonly #slots: (Sampled | null)[];
  #began = 0;
  #started = 0;
  #failuresInARow = 0;

  constructor(settings: VarianceSettings, host: VarianceData['host'], cpus: readonly number[], hooks: ExperimentHooks) {
    this.#cpus = cpus;
    this.#hooks = hooks;
    this.#now = hooks.now ?? epochMs;
    this.#slots = new Array<Sampled | null>(settings.processes).fill(null);
    this.data = {
      schema: VARIANCE_SCHEMA,
      created: new Date().toISOString(),
      version: packageVersion(),
      node: process.versions.node,
      host,
      settings,
      columns: [...COLUMNS],
      cells: [...CELLS],
      turns: [],
      failures: [],
    };
  }

  /**
   * Resolves when the time is over or the signal has aborted. Rejects with the last failure if the processes do nothing
   * but fail. All processes have ended then.
   */
  async run(): Promise<void> {
    const { processes, seed } = this.data.settings;
    const kinds = this.data.cells.map(({ kind }) => kind);
    const draws = new Draws(random(seedFor(seed, 'turns')), processes, kinds);
    this.#began = this.#now();
    try {
      for (let slot = 0; slot < processes && !this.#isOver(); slot++) await this.#guarded(slot, () => this.#fill(slot));
      while (!this.#isOver()) {
        const draw = draws.draw();
        await this.#guarded(draw.slot, () => this.#turn(draw));
      }
    } finally {
      await Promise.all(this.#slots.map((one) => one?.end()));
    }
  }

  #leftMs(): number {
    return this.data.settings.minutes * 60_000 - (this.#now() - this.#began);
  }

  #isOver(): boolean {
    return this.#hooks.signal.aborted || this.#leftMs() <= 0;
  }

  /** Does something with the process of a slot. A failure is recorded, and the next use starts another process. */
  async #guarded(slot: number, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      this.#failuresInARow = 0;
    } catch (error) {
      if (this.#hooks.signal.aborted) return;
      const { code, message } = error as CopytaxError;
      if (code === undefined) throw error;
      this.data.failures.push({ atMs: this.#at(this.#now()), process: this.#started - 1, code, message });
      await this.#slots[slot]?.end();
      this.#slots[slot] = null;
      if (++this.#failuresInARow >= MOST_FAILURES) throw error;
    }
    this.#hooks.onStep(this.data, this.#leftMs());
  }

  async #fill(slot: number): Promise<Sampled> {
    await this.#slots[slot]?.end();
    this.#slots[slot] = null;
    const number = this.#started++;
    const { sampleMs, seed } = this.data.settings;
    const settings = { cpus: this.#cpus, sampleMs, seed: seedFor(seed, `process ${number}`) };
    const start = this.#hooks.start ?? SampledProcess.start;
    const filled = await start(number, settings);
    this.#slots[slot] = filled;
    return filled;
  }

  async #turn({ slot, renewsProcess, renewsMemory, renewsThreads, cells }: Draw): Promise<void> {
    const living = this.#slots[slot];
    const asked = living == null || renewsProcess ? await this.#fill(slot) : living;
    const turn = await asked.turn({ renewsMemory, renewsThreads, cells });
    this.data.turns.push({ ...turn, samples: turn.samples.map((row) => this.#rounded(row)) });
  }

  #at(epoch: number): number {
    return Math.round(epoch - this.#began);
  }

  /** A row with times since the start of the experiment, and figures with as many digits as they are worth. */
  #rounded([cell, atMs, value, onCpuShare, tripNs, pulseNs]: Turn['samples'][number]): Turn['samples'][number] {
    const digits = (given: number | null, count: number) => (given === null ? null : Number(given.toPrecision(count)));
    return [cell, this.#at(atMs), digits(value, 5), digits(onCpuShare, 3), digits(tripNs, 3), digits(pulseNs, 4)];
  }
}
