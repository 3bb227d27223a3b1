/** The threads and memory that all cells of a scenario share. */
import type { Sample } from '../../lib/bench/plan/scenario.js';
import { noHugePages, unlockedMemory, type Warning } from '../../lib/bench/plan/warnings.js';
import type { MachineConfig } from '../../lib/machine/build/config.js';
import { ThreadedMachine } from '../../lib/machine/run/threaded-machine.js';
import type { TxTrial } from '../../lib/machine/run/tx-trial.js';

/** Of a sample: caches and branch predictors get used to the design before it is measured. */
const WARMUP_SHARE = 0.2;

export class SharedMachine {
  readonly #configs: readonly MachineConfig[];
  readonly #cpus: readonly number[];
  readonly #warmupShare: number;
  #machine: ThreadedMachine | undefined;
  #warnings: readonly Warning[] = [];

  /** Machines that will run, the CPUs that their logical CPUs are pinned to, and how long they warm up, of a sample. */
  constructor(configs: readonly MachineConfig[], cpus: readonly number[], warmupShare = WARMUP_SHARE) {
    this.#configs = configs;
    this.#cpus = cpus;
    this.#warmupShare = warmupShare;
  }

  open(): void {
    this.#machine = new ThreadedMachine(this.#cpus);
    this.#machine.prepare(this.#configs);
    const ram = this.#machine.ram!;
    this.#warnings = [unlockedMemory(ram), noHugePages(ram.info())].filter((warning) => warning !== null);
  }

  async close(): Promise<void> {
    await this.#machine?.close();
  }

  /** Runs a machine for so long; `of` says what the trial means to the scenario. */
  async sample(
    config: MachineConfig,
    sampleMs: number,
    signal: AbortSignal,
    of: (trial: TxTrial) => Pick<Sample, 'value' | 'ledger'>,
  ): Promise<Sample> {
    const plan = { warmupMs: sampleMs * this.#warmupShare, measureMs: sampleMs };
    const trial = await this.#machine!.run(config, plan, signal);
    return { ...of(trial), durationMs: trial.seconds * 1e3, warnings: this.#warnings };
  }
}
