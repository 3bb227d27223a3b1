/**
 * The meaning of a seed: a small machine, whose rings and slot pools fill up soon, and a strategy of searching
 * schedules.
 */

import { FREE_DISPATCHES } from '../../lib/designs/design.js';
import { DESIGN_NAMES, type DesignName, designOf } from '../../lib/designs/designs.js';
import { COMPLETION_MODES } from '../../lib/dma/completion-modes.js';
import type { Flavour } from '../../lib/flavour.js';
import { GROWTH_MODES, type GrowthMode, LENDERS, type QdiscName, TRAFFICS } from '../../lib/machine/build/choices.js';
import { type MachineConfig, type MachineOptions, machineConfig } from '../../lib/machine/build/config.js';
import { cpuThreads, hasWorker } from '../../lib/machine/build/sizing.js';
import { copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { MAX_DATAGRAM } from '../../lib/net/datagram-path.js';
import { type Random, random, randomInt, seedFor } from '../../lib/random.js';
import type { StrategyConfig } from '../schedule/strategy.js';

/** Returns the number of threads: those of the CPUs, the background worker and the disturber. */
export function threadsOf({ config, disturbance }: ExploredMachine): number {
  return cpuThreads(config) + (hasWorker(config) ? 1 : 0) + (disturbance === null ? 0 : 1);
}

/** What the caller decides instead of the seed. */
export interface FixedChoices {
  readonly design?: DesignName;
  readonly cpus?: number;
  /** `hardened` by default. */
  readonly flavour?: Flavour;
}

/** What happens to a machine while it sends: see `Disturber`. */
export interface Disturbance {
  readonly seed: number;
  /** The number of changes. */
  readonly times: number;
  /**
   * No device is removed, and no socket is taught a device by another one: the `faithful` flavour breaks under both.
   */
  readonly sparesDevices?: boolean;
}

export interface ExploredMachine {
  readonly config: MachineConfig;
  readonly strategy: StrategyConfig;
  /** Virtual time that a point and a wait take, nanoseconds. */
  readonly pointNs: number;
  readonly waitNs: number;
  /** What changes while the machine sends, or null for nothing. */
  readonly disturbance: Disturbance | null;
  /** True if calls of shared tables are scheduling points, too. */
  readonly tablePoints: boolean;
  /** True if plain accesses of shared columns are scheduling points, too: several times as many points. */
  readonly columnPoints: boolean;
  /** Points from one check of the invariants that hold at any instant to the next. */
  readonly checkEvery: number;
}

/** One machine of COLUMN_POINT_ODDS has points at plain accesses, too. */
const COLUMN_POINT_ODDS = 8;

const LOADS = ['any', 'any', 'any', 'full ring', 'full pool'] as const;
/** Enough data in flight to fill what is small. */
const FULL = {
  sockets: {
    senders: 4,
    sendBufferBytes: 1 << 20,
    smallQueueBytes: 1 << 20,
    messagesPerSender: 6,
    congestionWindowBytes: Infinity,
    skbBytes: 65_536,
  },
  devices: { byteQueueLimits: false, queues: 1, count: 1, direct: 0 },
} as const;
const AT_LOAD = {
  'full ring': { slotPool: { bytes: 4 << 20 } },
  'full pool': { slotPool: { growth: 'none' } },
} as const;

/** Returns the machine of a seed, always the same one. */
export function exploredMachine(seed: number, fixed: FixedChoices = {}): ExploredMachine {
  const next = random(seed);
  const pick = <Value>(values: readonly Value[]): Value => values[randomInt(next, values.length)]!;
  const between = (low: number, high: number) => low + randomInt(next, high - low + 1);
  const drawn = { design: pick(DESIGN_NAMES), cpus: between(2, 3), flavour: 'hardened' } as const;
  const { design, cpus, flavour } = { ...drawn, ...fixed };
  const load = pick(LOADS);
  const traffic = load === 'any' ? pick(['stream', 'stream', ...TRAFFICS] as const) : 'stream';
  const anyMessage = pick([between(1, 300), between(300, 5000), between(5000, 40_000), 100_000]);
  const message = load === 'any' ? Math.min(anyMessage, traffic === 'datagram' ? MAX_DATAGRAM : 100_000) : 65_536;
  const userOffset = between(0, 64);
  const senders = between(1, 4);
  const queues = between(1, 2);
  const chances = random(seedFor(seed, 'losses')); // its own numbers, so that seeds keep their other values
  const rarely = (value: number) => (randomInt(chances, 4) === 0 ? value : 0);
  // Drawn in this order, which decides what a seed stands for.
  const losses = { lossShare: rarely(0.1), ackLossShare: rarely(0.3) };
  const singleBouncePages = rarely(1) === 1;
  const interruptIntervalNs = rarely(5000);
  const ofDesign = optionsOf(seed, design);
  const limits = {
    sendBufferBytes: pick([4096, between(4096, 100_000), between(100_000, 2 << 20)]),
    smallQueueBytes: pick([1, between(1000, 200_000), 1 << 20]),
    messagesPerSender: Math.max(2, Math.min(20, Math.floor(2 ** between(15, 19) / message))),
  };
  const pagePercent = pick([0, 10, 50, 90]);
  const device = {
    qdisc: pick<QdiscName>(['fifo', 'fifo', 'none']),
    completion: pick(COMPLETION_MODES),
    lineBitsPerSecond: pick([1e9, 10e9, 100e9]),
    interruptFrames: pick([1, 2, 8, 64]),
    byteQueueLimits: pick([false, false, true]),
  } as const;
  const ackDelayNs = pick([0, 0, 5000, 50_000]);
  const congestionWindowBytes = pick([Infinity, Infinity, 1, 200_000]);
  const linkBitsPerSecond = pick([Infinity, Infinity, 50e9]);
  const skbs = { sendBitsPerSecond: pick([20e9, 100e9]), skbBytes: pick([65_536, 65_536, 1448]) };
  const growth = { growth: pick<GrowthMode>(['none', 'none', ...GROWTH_MODES]), growthBytes: pick([1 << 20, 8 << 20]) };
  const freeDispatch = pick([null, ...FREE_DISPATCHES]);
  const learning = { learn: pick(['transmit', 'told'] as const), ttlMs: pick([0, 1, 1000]) };
  const devices = { count: between(1, queues), direct: pick([0, 0, 0, 1]), stacked: pick([0, 0, 2]) };
  const kinds = { zeroCopySenders: pick([0, 0, 1]), privateSenders: pick([0, 0, 1]) };
  const messages = { messageBytes: message, userOffsetBytes: userOffset, userBufferBytes: message + userOffset + 4096 };
  const any = {
    design,
    flavour,
    freeDispatch,
    cpus: { count: cpus, copyKernel: copyKernelIndex('libc') },
    sockets: { senders, traffic, congestionWindowBytes, ...messages, ...limits, ...skbs, ...learning, ...kinds },
    network: { ...losses, ackDelayNs, linkBitsPerSecond },
    slotPool: { bytes: 1 << 20, pagePercent, singleBouncePages, ...growth },
    devices: { queues, ringDescriptors: 64, interruptIntervalNs, ...device, ...devices },
    checking: { everyByte: true },
  };
  const config = load === 'any' ? machineConfig(any, ofDesign) : machineConfig(any, ofDesign, FULL, AT_LOAD[load]);
  return {
    config,
    strategy: strategyOf(next, cpus + 3),
    pointNs: pick([10, 30, 100]),
    waitNs: pick([100, 1000, 5000]),
    disturbance: randomInt(next, 2) === 0 ? { seed: randomInt(next, 2 ** 32), times: between(1, 12) } : null,
    tablePoints: randomInt(next, 2) === 0,
    checkEvery: between(200, 2000),
    columnPoints: randomInt(next, COLUMN_POINT_ODDS) === 0,
  };
}

/** Returns the options that only this design and some others have; each seed has its own. */
function optionsOf(seed: number, design: DesignName): MachineOptions {
  const next = random(seedFor(seed, 'user memory'));
  const pick = <Value>(values: readonly Value[]): Value => values[randomInt(next, values.length)]!;
  const all = {
    userMemory: { pageBytes: pick([4096, 4096, 16_384, 65_536]) },
    pins: { limitBytes: pick([0, 65_536, 1 << 20, 8 << 20, 8 << 20]) },
    lending: { lender: pick(LENDERS) },
    owners: { buffers: pick([1, 2, 4, 16]), freesEarly: pick([true, true, true, false]) },
    pagePool: { ringSlots: pick([0, 0, 1, 2, 5]), cachePages: pick([0, 0, 1, 2, 4]) },
  };
  const options: readonly string[] = designOf(design).options ?? [];
  return Object.fromEntries(Object.entries(all).filter(([group]) => options.includes(group)));
}

function strategyOf(next: Random, threads: number): StrategyConfig {
  const kind = randomInt(next, 3) === 0 ? 'priorities' : 'walk';
  const meanGap = 2 ** (1 + randomInt(next, kind === 'walk' ? 8 : 10));
  const weights = Array.from({ length: threads }, () => 2 ** randomInt(next, 5));
  const prefersRare = randomInt(next, 2) === 0;
  return { kind, seed: randomInt(next, 0x7fffffff) + 1, meanGap, weights, prefersRare };
}
