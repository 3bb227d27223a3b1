/** The threads and memory that all cells of a scenario share. */
import type { Sample } from '../../lib/bench/plan/scenario.js';
import { noHugePages, unlockedMemory, type Warning } from '../../lib/bench/plan/warnings.js';
import type { MachineConfig } from '../../lib/machine/build/config.js';
import { TxHost } from '../../lib/machine/run/threaded-machine.js';
import type { TxRound } from '../../lib/machine/run/tx-round.js';

/** Of a sample: caches and branch predictors get used to the design before it is measured. */
const WARMUP_SHARE = 0.2;

export class SharedHost {
  readonly #configs: readonly MachineConfig[];
  readonly #cpus: readonly number[];
  readonly #warmupShare: number;
  #host: TxHost | undefined;
  #warnings: readonly Warning[] = [];

  /** Machines that will run, the CPUs that their logical CPUs are pinned to, and how long they warm up, of a sample. */
  constructor(configs: readonly MachineConfig[], cpus: readonly number[], warmupShare = WARMUP_SHARE) {
    this.#configs = configs;
    this.#cpus = cpus;
    this.#warmupShare = warmupShare;
  }

  open(): void {
    this.#host = new TxHost(this.#cpus);
    this.#host.prepare(this.#configs);
    const ram = this.#host.ram!;
    this.#warnings = [unlockedMemory(ram), noHugePages(ram.info())].filter((warning) => warning !== null);
  }

  async close(): Promise<void> {
    await this.#host?.close();
  }

  /** Runs a machine for so long; `of` says what the round means to the scenario. */
  async sample(
    config: MachineConfig,
    sampleMs: number,
    signal: AbortSignal,
    of: (round: TxRound) => Pick<Sample, 'value' | 'ledger'>,
  ): Promise<Sample> {
    const plan = { warmupMs: sampleMs * this.#warmupShare, measureMs: sampleMs };
    const round = await this.#host!.run(config, plan, signal);
    return { ...of(round), durationMs: round.seconds * 1e3, warnings: this.#warnings };
  }
}
