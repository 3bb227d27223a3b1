/**
 * Which share of the bounce copies do softirqs make? A cell is a machine whose senders are limited by one thing; beside
 * it stand the counts of Linux with senders that were limited by the same thing. No option says what the share is: it
 * results from the qdisc, the rings and the acknowledgements.
 */
import { pinnableCpus } from '../../lib/bench/host/pinning.js';
import type { Cell, Params, Sample, Scenario } from '../../lib/bench/plan/scenario.js';
import { cellId } from '../../lib/bench/plan/scenario.js';
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import type { TableSpec } from '../../lib/bench/plan/table-spec.js';
import type { Warning } from '../../lib/bench/plan/warning.js';
import { noHugePages, unlockedMemory } from '../../lib/bench/result/warning-rules.js';
import { ThreadedMachine } from '../../lib/machine/run/threaded-machine.js';
import type { TxTrial } from '../../lib/machine/run/tx-trial.js';
import { MAX_SKB_BYTES } from '../../lib/model-limits.js';
import { PROCESS, SOFTIRQ } from '../../lib/smp/copy-ledger.js';
import { copyKernelFor } from '../shared/copy-kernel.js';
import { type LinuxRun, linuxRuns, paceOf, REGIMES, type Regime, regimeConfig } from './softirq-regimes.js';

const NAME = 'softirq-share';
/** Warm-up per time of a sample: send buffers fill, limits adapt. */
const WARMUP_SHARE = 0.5;
/** Runs until the rate of a regime counts for others: during the first ones the engine compiles. */
const CALIBRATION_RUNS = 3;

/** Beside each cell stand the lowest and the highest share that Linux showed. */
const TABLE: TableSpec = {
  kind: 'columns',
  columns: [
    { head: 'senders', param: 'regime' },
    { head: 'CPUs', param: 'cpus' },
    { head: 'Gbit/s', ledger: 'gbps' },
    { head: 'packets', ledger: 'packetShare' },
    { head: 'bytes', value: 'median' },
    { head: 'Linux packets', param: 'kernelMapsLow', to: 'kernelMapsHigh', unit: 'share' },
    { head: 'Linux bytes', param: 'kernelBytesLow', to: 'kernelBytesHigh', unit: 'share' },
    { head: 'runs', param: 'kernelRuns' },
  ],
  legend: [
    'packets, bytes: share of the packets that softirqs mapped, and of the bytes that they copied, %',
    'Linux: lowest and highest share, %, in runs of Linux whose senders were limited by the same thing; runs: how many',
  ],
};

/** The machines of all cells, which share threads and memory, and what streams reach on those that set the pace. */
class Machines {
  readonly #settings: BenchSettings;
  readonly #copyKernel: number;
  readonly #rates = new Map<string, number>();
  #machine: ThreadedMachine | undefined;
  warnings: readonly Warning[] = [];

  constructor(settings: BenchSettings) {
    this.#settings = settings;
    this.#copyKernel = copyKernelFor(settings, MAX_SKB_BYTES);
  }

  async open(signal?: AbortSignal): Promise<void> {
    const { cpus } = this.#settings;
    this.#machine = new ThreadedMachine(pinnableCpus(cpus));
    const counts = cpuCounts(cpus.length);
    await this.#machine.prepareAsync(
      counts.flatMap((count) => REGIMES.map((one) => regimeConfig(one, count, this.#copyKernel, 1e12))),
      { signal },
    );
    const ram = this.#machine.ram!;
    this.warnings = [unlockedMemory(ram), noHugePages(ram.info())].filter((warning) => warning !== null);
  }

  async close(): Promise<void> {
    await this.#machine?.close();
  }

  async run(regime: Regime, cpus: number, signal: AbortSignal): Promise<TxTrial> {
    const pace = paceOf(regime);
    if (pace !== null && !this.#rates.has(keyOf(pace, cpus))) {
      for (let run = 0; run < CALIBRATION_RUNS && !signal.aborted; run++) await this.run(pace, cpus, signal);
    }
    const { sampleMs } = this.#settings;
    const rate = (pace && this.#rates.get(keyOf(pace, cpus))) ?? 1e12;
    const config = regimeConfig(regime, cpus, this.#copyKernel, rate);
    const plan = { warmupMs: sampleMs * WARMUP_SHARE, measureMs: sampleMs };
    const trial = await this.#machine!.run(config, plan, signal);
    if (pace === null && trial.gbps > 0) this.#rates.set(keyOf(regime, cpus), trial.gbps * 1e9);
    return trial;
  }
}

const keyOf = ({ name, senders }: Regime, cpus: number) => `${name} ${senders} ${cpus}`;

/** Returns one CPU, which senders and softirqs share, and two if there are two: one may then copy for both. */
function cpuCounts(available: number): number[] {
  return available > 1 ? [1, 2] : [1];
}

/**
 * Returns the lowest and highest shares of Linux in this regime, with as many streams and CPUs if there are such runs.
 */
export function linuxParams(regime: Regime, cpus: number, runs: readonly LinuxRun[]): Params {
  const ofRegime = runs.filter((run) => run.regime === regime.linuxRegime);
  const ofStreams = someOrAll(ofRegime, ({ streams }) => streams === regime.senders);
  const alike = someOrAll(ofStreams, (run) => run.cpus === cpus);
  const range = (of: (run: LinuxRun) => number) => [Math.min(...alike.map(of)), Math.max(...alike.map(of))] as const;
  const [kernelMapsLow, kernelMapsHigh] = range(({ mapShare }) => mapShare);
  const [kernelBytesLow, kernelBytesHigh] = range(({ byteShare }) => byteShare);
  return { kernelRuns: alike.length, kernelMapsLow, kernelMapsHigh, kernelBytesLow, kernelBytesHigh };
}

function someOrAll(runs: readonly LinuxRun[], wanted: (run: LinuxRun) => boolean): readonly LinuxRun[] {
  const some = runs.filter(wanted);
  return some.length > 0 ? some : runs;
}

function sampleOf(trial: TxTrial, warnings: readonly Warning[]): Sample {
  const { copyLedger } = trial;
  const of = (context: typeof PROCESS | typeof SOFTIRQ) => {
    const [header, bounce] = [copyLedger.sum('header', { context }), copyLedger.sum('bounce', { context })];
    return { packets: header.copies, bytes: header.bytes + bounce.bytes };
  };
  const [process, softirq] = [of(PROCESS), of(SOFTIRQ)];
  const share = (part: number, rest: number) => (part + rest === 0 ? 0 : part / (part + rest));
  return {
    value: 100 * share(softirq.bytes, process.bytes),
    durationMs: trial.seconds * 1e3,
    pulseNs: trial.pulseNs,
    ledger: {
      gbps: trial.gbps,
      packetShare: share(softirq.packets, process.packets),
      byteShare: share(softirq.bytes, process.bytes),
      packets: softirq.packets + process.packets,
      bytes: softirq.bytes + process.bytes,
      ringStops: trial.ringStops,
      byteStops: trial.byteStops,
    },
    warnings,
  };
}

function cell(regime: Regime, cpus: number, machines: Machines, runs: readonly LinuxRun[]): Cell {
  const { name, senders } = regime;
  return {
    id: cellId([NAME, name.replace(/,? /g, '-')], { cpus }),
    params: { regime: name, cpus, senders, ...linuxParams(regime, cpus, runs) },
    unit: '%',
    higherIsBetter: false,
    batch: 1,
    sample: async (signal) => sampleOf(await machines.run(regime, cpus, signal), machines.warnings),
  };
}

export async function softirqShare(settings: BenchSettings): Promise<Scenario> {
  const machines = new Machines(settings);
  const runs = linuxRuns();
  const counts = cpuCounts(settings.cpus.length);
  return {
    name: NAME,
    question: 'which share of the bounce copies do softirqs make, here and in Linux?',
    cells: REGIMES.flatMap((regime) => counts.map((cpus) => cell(regime, cpus, machines, runs))),
    ratios: [],
    tables: [TABLE],
    weight: 0.5,
    open: (signal) => machines.open(signal),
    close: () => machines.close(),
  };
}
