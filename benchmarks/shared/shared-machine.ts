/**
 * The threads and memory that all cells of a scenario share, and all scenarios on the same CPUs: code is compiled once
 * for all of them. `open` and `close` are those of the scenario.
 */
import { pinnableCpus } from '../../lib/bench/host/pinning.js';
import type { Sample } from '../../lib/bench/plan/scenario.js';
import { DELAYS_PER_SAMPLE } from '../../lib/bench/plan/settings.js';
import type { Warning } from '../../lib/bench/plan/warning.js';
import { noHugePages, unlockedMemory } from '../../lib/bench/result/warning-rules.js';
import type { MachineConfig } from '../../lib/machine/build/config.js';
import { ThreadedMachine } from '../../lib/machine/run/threaded-machine.js';
import type { TxTrial } from '../../lib/machine/run/tx-trial.js';
import { type Random, randomInt } from '../../lib/random.js';

/** Part of a sample that comes before it, in which caches and branch predictors adapt to the design. */
const WARMUP_SHARE = 0.2;

/** A machine that is open, for as many scenarios as have opened it. */
interface OpenMachine {
  machine: ThreadedMachine;
  scenarios: number;
}

/** The open machines of this process, by their CPUs. */
const OPEN = new Map<string, OpenMachine>();

export class SharedMachine {
  readonly #configs: readonly MachineConfig[];
  readonly #cpus: readonly number[];
  readonly #warmupShare: number;
  #open: OpenMachine | undefined;
  #inFlight = 0;
  #warnings: readonly Warning[] = [];

  /**
   * `configs`: machines that will run; `cpus`: CPUs to pin logical CPUs to; `warmupShare`: warm-up per time of a
   * sample.
   */
  constructor(configs: readonly MachineConfig[], cpus: readonly number[], warmupShare = WARMUP_SHARE) {
    this.#configs = configs;
    this.#cpus = cpus;
    this.#warmupShare = warmupShare;
  }

  /** Rejects with what `prepareAsync` of a machine rejects with. */
  async open(signal?: AbortSignal): Promise<void> {
    const key = this.#cpus.join(',');
    const open = OPEN.get(key) ?? { machine: new ThreadedMachine(pinnableCpus(this.#cpus)), scenarios: 0 };
    OPEN.set(key, open);
    open.scenarios++;
    this.#open = open;
    await open.machine.prepareAsync(this.#configs, { signal });
    const ram = open.machine.ram!;
    this.#warnings = [unlockedMemory(ram), noHugePages(ram.info())].filter((warning) => warning !== null);
  }

  /** Closes the machine after its last scenario. Idempotent. */
  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return;
    const { machine } = open;
    if (--open.scenarios === 0) OPEN.delete(this.#cpus.join(','));
    // A sample that was given up may still run: the others go on with a machine of their own.
    else if (this.#inFlight > 0) open.machine = new ThreadedMachine(pinnableCpus(this.#cpus));
    if (open.scenarios === 0 || open.machine !== machine) await machine.close();
  }

  /**
   * Gives the machines fresh memory: none of its pages were those of the old one, and which they are is left to chance.
   * `next`: of the scenario. Rejects with the reason of `signal` when that aborts it.
   */
  async renew(next: Random, signal?: AbortSignal): Promise<void> {
    const bytes = this.#open?.machine.ram?.bytes ?? 0;
    await this.#open?.machine.renewMemory(bytes + randomInt(next, bytes), { signal });
  }

  /**
   * Runs a machine for `sampleMs`, or longer where acknowledgements take long; `of` returns the value and ledger that
   * the scenario takes from the trial. `lookEveryMs`: how often to look at the memory that the machine holds; absent:
   * never.
   */
  async sample(
    config: MachineConfig,
    sampleMs: number,
    signal: AbortSignal,
    of: (trial: TxTrial) => Pick<Sample, 'value' | 'ledger'>,
    lookEveryMs?: number,
  ): Promise<Sample> {
    const looks = lookEveryMs === undefined ? {} : { lookEveryMs };
    const measureMs = Math.max(sampleMs, (DELAYS_PER_SAMPLE * config.network.ackDelayNs) / 1e6);
    const plan = { warmupMs: measureMs * this.#warmupShare, measureMs, ...looks };
    this.#inFlight++;
    const trial = await this.#open!.machine.run(config, plan, signal).finally(() => this.#inFlight--);
    return { ...of(trial), durationMs: trial.seconds * 1e3, warnings: this.#warnings, pulseNs: trial.pulseNs };
  }
}
