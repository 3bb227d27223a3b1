/**
 * What does bouncing cost on the transmit path, and what does each design give back? Every cell is a machine: a design
 * with so many senders and queues, a message size and an in-flight window. A sample lets the machine run for a while,
 * drains it, and fails if a byte was lost.
 */
import type { Cell, Ledger, RatioSpec, Sample, Scenario } from '../lib/bench/scenario.js';
import { cellId } from '../lib/bench/scenario.js';
import type { BenchSettings } from '../lib/bench/settings.js';
import { noHugePages, unlockedMemory, type Warning } from '../lib/bench/warnings.js';
import { type GrowthMode, type MachineConfig, machineConfig } from '../lib/host/config.js';
import { TxHost } from '../lib/host/tx-host.js';
import type { TxRound } from '../lib/host/tx-round.js';
import { chooseKernel } from '../lib/memory/kernel-choice.js';
import { type KernelChoice, kernelIndex } from '../lib/memory/kernels.js';
import type { DesignName } from '../lib/net/designs.js';
import { MAX_SKB_BYTES } from '../lib/net/skb.js';
import { nextPowerOfTwo } from '../lib/units.js';

const NAME = 'tx-designs';
const CONVENTIONAL: DesignName = 'bounce';
const USER_BYTES = 2 << 20;
/** Of a sample: caches and branch predictors get used to the design before it is measured. */
const WARMUP_SHARE = 0.2;

interface Shape extends Readonly<Record<'senders' | 'queues' | 'message' | 'window', number>> {
  readonly growth: GrowthMode;
}

function shapes({ senders, queues, messages, windows, growths }: BenchSettings): Shape[] {
  return growths.flatMap((growth) =>
    senders.flatMap((sending) =>
      queues
        .filter((count) => count <= sending)
        .flatMap((count) =>
          messages.flatMap((message) =>
            windows.map((window) => ({ senders: sending, queues: count, message, window, growth })),
          ),
        ),
    ),
  );
}

/** Without growth, which is how things were before it could be had: results go on to be joined by their ids. */
function idOf(design: string, { growth, ...numbers }: Shape): string {
  return cellId([NAME, design], growth === 'none' ? numbers : { ...numbers, growth });
}

function configOf(design: DesignName, shape: Shape, settings: BenchSettings): MachineConfig {
  const { cpus, poolBytes, device, kernel } = settings;
  const { senders, queues, message } = shape;
  return machineConfig({
    ...{ design, ...shape, device, pool: poolBytes },
    cpus: Math.min(cpus.length, senders + queues),
    kernel: kernel === 'auto' ? chooseKernel(Math.min(message, MAX_SKB_BYTES)) : kernelIndex(kernel as KernelChoice),
    userBytes: Math.max(USER_BYTES, nextPowerOfTwo(message)),
  });
}

/** The threads and memory that all cells share: made for the first, ended with the last. */
class SharedHost {
  readonly #configs: readonly MachineConfig[];
  readonly #cpus: readonly number[];
  #host: TxHost | undefined;
  #users = 0;
  #warnings: readonly Warning[] = [];

  constructor(configs: readonly MachineConfig[], cpus: readonly number[]) {
    this.#configs = configs;
    this.#cpus = cpus;
  }

  open(): void {
    if (this.#users++ > 0) return;
    this.#host = new TxHost(this.#cpus);
    this.#host.prepare(this.#configs);
    const ram = this.#host.ram!;
    this.#warnings = [unlockedMemory(ram), noHugePages(ram.info())].filter((warning) => warning !== null);
  }

  async close(): Promise<void> {
    if (--this.#users > 0) return;
    await this.#host?.close();
  }

  async sample(config: MachineConfig, sampleMs: number, signal: AbortSignal): Promise<Sample> {
    const plan = { warmupMs: sampleMs * WARMUP_SHARE, measureMs: sampleMs };
    const round = await this.#host!.run(config, plan, signal);
    return {
      value: round.gbps,
      durationMs: round.seconds * 1e3,
      ledger: config.growth === 'none' ? ledgerOf(round) : { ...ledgerOf(round), ...growthOf(round) },
      warnings: this.#warnings,
    };
  }
}

function ledgerOf(round: TxRound): Ledger {
  const { time, ledger, gbps } = round;
  const user = ledger.sum('user');
  const bounce = ledger.sum('bounce');
  const header = ledger.sum('header');
  const read = ledger.sum('deviceRead');
  const perGbps = gbps > 0 ? 100 / gbps : 0; // a starved host may move nothing in a whole sample
  const cores = (ns: number) => ((ns * round.onCpuShare) / (round.seconds * 1e9)) * perGbps;
  // Copies of a design whose pages are carved from the pool are made only for pages that the pool had no room for.
  const { bounceProcessBytes, bounceSoftirqBytes } = round;
  return {
    gbps,
    seconds: round.seconds,
    skbs: round.skbs,
    bytes: round.bytes,
    ...{ userBytes: user.bytes, userNs: user.ns, bounceBytes: bounce.bytes, bounceNs: bounce.ns },
    ...{ bounceProcessBytes, bounceSoftirqBytes, headerBytes: header.bytes, headerNs: header.ns },
    ...{ deviceReadBytes: read.bytes, deviceReadNs: read.ns },
    ...{ slotPageNs: time.slotPage, lockWaitNs: time.lockWait, restNs: time.rest, idleNs: time.idle },
    ...{ busyNs: round.cpuNs - time.idle, onCpuShare: round.onCpuShare },
    ...{ mapFailures: round.mapFailures, ringStops: round.ringStops, byteStops: round.byteStops },
    areaContention: round.areaContention,
    ...areaWaits(round.areas),
    coresUser: cores(time.userCopy),
    coresBounce: cores(time.bounceCopy + time.headerCopy),
    coresSlotPage: cores(time.slotPage),
    coresLockWait: cores(time.lockWait),
    coresRest: cores(time.rest),
    controlNsPerSkb: ((time.slotPage + time.rest) * round.onCpuShare) / Math.max(1, round.skbs),
  };
}

/** What growth did in a sample, of which all begin with the pool from start-up only. */
function growthOf({ poolsAdded, transientPools }: TxRound): Ledger {
  return { poolsAdded, transientPools };
}

/** Waits for the lock of each area of the pool from start-up, and how long they were: `area0Waits`, `area0WaitNs` and so on. */
function areaWaits(areas: TxRound['areas']): Ledger {
  return Object.fromEntries(
    areas.flatMap(({ waits, waitNs }, area) => [
      [`area${area}Waits`, waits],
      [`area${area}WaitNs`, waitNs],
    ]),
  );
}

function cell(design: DesignName, shape: Shape, settings: BenchSettings, host: SharedHost): Cell {
  const config = configOf(design, shape, settings);
  const { device, kernel, poolBytes, growths } = settings;
  const { growth, ...numbers } = shape;
  const isAsked = growths.some((mode) => mode !== 'none');
  return {
    id: idOf(design, shape),
    params: {
      ...{ design, ...numbers, ...(isAsked ? { growth } : {}) },
      ...{ device, pool: poolBytes, kernel, cpus: config.cpus },
    },
    unit: 'Gbit/s',
    higherIsBetter: true,
    batch: 1,
    prepare: async () => host.open(),
    sample: (signal) => host.sample(config, settings.sampleMs, signal),
    dispose: () => host.close(),
  };
}

/** Every other design against the conventional one, shape by shape. */
function comparisons(designs: readonly DesignName[], all: readonly Shape[]): RatioSpec[] {
  if (!designs.includes(CONVENTIONAL)) return [];
  return designs
    .filter((design) => design !== CONVENTIONAL)
    .flatMap((design) =>
      all.map((shape) => ({
        id: idOf(`${design}:${CONVENTIONAL}`, shape),
        of: idOf(design, shape),
        to: idOf(CONVENTIONAL, shape),
      })),
    );
}

export async function txDesigns(settings: BenchSettings): Promise<Scenario> {
  const all = shapes(settings);
  const { designs, cpus } = settings;
  const configs = designs.flatMap((design) => all.map((shape) => configOf(design, shape, settings)));
  const host = new SharedHost(configs, cpus);
  return {
    name: NAME,
    question: 'what does the second copy cost on the transmit path, and what does each design give back?',
    cells: designs.flatMap((design) => all.map((shape) => cell(design, shape, settings, host))),
    ratios: comparisons(designs, all),
    share: 3,
  };
}
