/**
 * How large a slot pool do N flows need? Pages that sockets take from the slot pool are held from the send call to the
 * acknowledgement, so bytes in flight compete for the size of the slot pool and for the percentage of it that pages may
 * have. When that is used up, ordinary pages are taken and copied twice, without any message. Here this is counted, in
 * both flavours, beside arithmetic, and beside the conventional path, which holds slots only while a packet is mapped.
 *
 * Sockets are told which device bounces, and the peak of used slots is counted exactly: neither learning nor the cost
 * of counting is part of the question.
 */

import type { Cell, Scenario } from '../../lib/bench/plan/scenario.js';
import { cellId } from '../../lib/bench/plan/scenario.js';
import type { BenchSettings, Effort } from '../../lib/bench/plan/settings.js';
import type { Ledger } from '../../lib/bench/types/ledger-keys.js';
import type { DesignName } from '../../lib/designs/designs.js';
import type { Flavour } from '../../lib/flavour.js';
import { type MachineConfig, machineConfig } from '../../lib/machine/build/config.js';
import type { TxTrial } from '../../lib/machine/run/tx-trial.js';
import { MAX_SKB_BYTES } from '../../lib/model-limits.js';
import { FRAG_BYTES } from '../../lib/page/page-source.js';
import { MIB, SLOT_SIZE } from '../../lib/units.js';
import { copyKernelFor } from '../shared/copy-kernel.js';
import { SharedMachine } from '../shared/shared-machine.js';

const NAME = 'pool-exhaustion';
const WINDOWS = [MIB, 4 * MIB];
const POOLS = [4 * MIB, 16 * MIB, 64 * MIB];
const PERCENT = 90;
const MESSAGE = MAX_SKB_BYTES;
/** Size of the buffer that each sender sends from. */
const USER_BYTES = 4 * MESSAGE;

/**
 * Send buffers have to fill, and be sent twice; where that takes longer, the sample is taken again in twice the time.
 */
const SAMPLE_MS = 15;
const LONGEST_MS = 2 * SAMPLE_MS;
const TURNOVERS = 2;

interface Extent {
  readonly flows: readonly number[];
  readonly windows: readonly number[];
  readonly maxRounds: number;
}

const BY_EFFORT: Readonly<Record<Effort, Extent>> = {
  quick: { flows: [4, 16], windows: WINDOWS.slice(-1), maxRounds: 2 },
  default: { flows: [4, 16, 32], windows: WINDOWS, maxRounds: 2 },
  full: { flows: [1, 2, 4, 8, 16, 32], windows: WINDOWS, maxRounds: 10 },
};

/** A design in one of its flavours. */
interface Way {
  readonly design: DesignName;
  /** Null for a design whose flavours do not differ. */
  readonly flavour: Flavour | null;
}

const WAYS: readonly Way[] = [
  { design: 'bounce', flavour: null },
  { design: 'bounce-pages', flavour: 'hardened' },
  { design: 'bounce-pages', flavour: 'faithful' },
];

export interface Demand {
  readonly flows: number;
  readonly window: number;
  readonly pool: number;
}

/**
 * Returns how many flows fit into what pages may have of the slot pool: their windows, and the page each task fills.
 */
export function flowsThatFit({ window, pool }: Omit<Demand, 'flows'>, percent: number): number {
  return Math.floor((percent * pool) / 100 / (window + FRAG_BYTES));
}

function configOf({ design, flavour }: Way, { flows, window, pool }: Demand, settings: BenchSettings): MachineConfig {
  const { cpus } = settings;
  return machineConfig({
    design,
    flavour: flavour ?? 'hardened',
    cpus: {
      count: Math.min(cpus.length, flows + 1),
      copyKernel: copyKernelFor(settings, MESSAGE),
    },
    sockets: {
      learn: 'told',
      senders: flows,
      sendBufferBytes: window,
      messageBytes: MESSAGE,
      userBufferBytes: USER_BYTES,
    },
    slotPool: { pagePercent: PERCENT, exactCounters: true, bytes: pool },
    devices: { completion: settings.device },
  });
}

/**
 * Returns counts of the whole trial, so that no fall-back is missed; only the rate is that of the measured part, and
 * there is none where nothing arrived in it. The value is null if nothing was sent at all.
 */
export function exhaustionOf(trial: TxTrial, demand: Demand): { value: number | null; ledger: Ledger } {
  const { userBytesTotal, bounceBytesTotal, mapFailures, packets } = trial;
  const { pagesTaken, pagesOverLimit, pagesWithoutBlock, gbps } = trial;
  return {
    value: userBytesTotal > 0 ? (100 * bounceBytesTotal) / userBytesTotal : null,
    ledger: {
      userBytes: userBytesTotal,
      bounceBytes: bounceBytesTotal,
      gbps: gbps > 0 ? gbps : Number.NaN,
      mapFailures,
      packets,
      pagesTaken,
      pagesOverLimit,
      pagesWithoutBlock,
      failedShare: mapFailures / Math.max(1, mapFailures + packets),
      mostUsedShare: (trial.slotsPeak * SLOT_SIZE) / demand.pool,
      turnovers: turnovers(trial, demand),
    },
  };
}

/** Returns how often all that may be in flight was sent. */
function turnovers({ userBytesTotal }: TxTrial, { flows, window }: Demand): number {
  return userBytesTotal / (flows * window);
}

async function sampleOf(demand: Demand, config: MachineConfig, machine: SharedMachine, signal: AbortSignal) {
  for (let sampleMs = SAMPLE_MS; ; sampleMs *= 2) {
    const sample = await machine.sample(config, sampleMs, signal, (trial) => exhaustionOf(trial, demand));
    if (signal.aborted || sampleMs >= LONGEST_MS || sample.ledger!.turnovers! >= TURNOVERS) return sample;
  }
}

function cell(way: Way, demand: Demand, settings: BenchSettings, machine: SharedMachine): Cell {
  const config = configOf(way, demand, settings);
  const { design, flavour } = way;
  const fits = flavour === null ? {} : { fits: flowsThatFit(demand, PERCENT) };
  return {
    id: cellId([NAME, design, ...(flavour === null ? [] : [flavour])], { ...demand }),
    params: {
      machine: flavour === null ? design : `${design} ${flavour}`,
      ...demand,
      ...fits,
      percent: PERCENT,
      device: config.devices.completion,
      cpus: config.cpus.count,
    },
    unit: '%',
    higherIsBetter: false,
    batch: 1,
    sample: (signal) => sampleOf(demand, config, machine, signal),
  };
}

export async function poolExhaustion(settings: BenchSettings): Promise<Scenario> {
  const { flows, windows, maxRounds } = BY_EFFORT[settings.effort];
  const demands = WAYS.flatMap((way) =>
    windows.flatMap((window) =>
      POOLS.flatMap((pool) => flows.map((count) => ({ way, demand: { flows: count, window, pool } }))),
    ),
  );
  const machine = new SharedMachine(
    demands.map(({ way, demand }) => configOf(way, demand, settings)),
    settings.cpus,
    1, // windows fill in as much time as is measured
  );
  return {
    name: NAME,
    question: 'how large a slot pool do N flows need, and what happens when it is smaller?',
    cells: demands.map(({ way, demand }) => cell(way, demand, settings, machine)),
    ratios: [],
    tables: [{ kind: 'pool-exhaustion' }],
    weight: 0.5,
    open: (signal) => machine.open(signal),
    close: () => machine.close(),
    maxRounds,
  };
}
