/**
 * What a seed stands for: a small machine, in which rings and pools are full soon, and a way of searching schedules.
 */
import { type Random, random, randomInt } from '../bench/random.js';
import { DEVICE_MODES } from '../dma/device-engine.js';
import { type MachineConfig, machineConfig } from '../host/config.js';
import { kernelIndex } from '../memory/kernels.js';
import { DESIGN_NAMES, type DesignName } from '../net/designs.js';
import type { StrategyConfig } from './strategy.js';

/** What the seed does not decide. */
export interface Fixed {
  readonly design?: DesignName;
  readonly cpus?: number;
}

export interface ExploredMachine {
  readonly config: MachineConfig;
  readonly strategy: StrategyConfig;
  readonly pointNs: number;
  readonly waitNs: number;
  /** Calls of shared tables are points, too. */
  readonly fine: boolean;
  /** Points from one look at what holds at any instant to the next. */
  readonly lookEvery: number;
}

const LOADS = ['any', 'any', 'any', 'full ring', 'full pool'] as const;
/** Enough in flight for whatever is small. */
const FULL = {
  senders: 4,
  window: 1 << 20,
  smallQueue: 1 << 20,
  messagesPerSender: 6,
  queues: 1,
  byteLimit: false,
} as const;

export function exploredMachine(seed: number, fixed: Fixed = {}): ExploredMachine {
  const next = random(seed);
  const pick = <Value>(values: readonly Value[]): Value => values[randomInt(next, values.length)]!;
  const between = (low: number, high: number) => low + randomInt(next, high - low + 1);
  const drawn = { design: pick(DESIGN_NAMES), cpus: between(2, 3) };
  const { design, cpus } = { ...drawn, ...fixed };
  const load = pick(LOADS);
  const message = load === 'any' ? pick([between(1, 300), between(300, 5000), between(5000, 40_000), 100_000]) : 65_536;
  const userOffset = between(0, 64);
  const small = { pool: 1 << 20, ring: 64, userBytes: message + userOffset + 4096 };
  const drawnLoad = {
    senders: between(1, 4),
    window: pick([4096, between(4096, 100_000), between(100_000, 2 << 20)]),
    smallQueue: pick([1, between(1000, 200_000), 1 << 20]),
    messagesPerSender: Math.max(2, Math.min(20, Math.floor(2 ** between(15, 19) / message))),
  };
  const config = machineConfig({
    ...{ design, cpus, message, userOffset, ...small, ...drawnLoad },
    queues: between(1, 2),
    percent: pick([0, 10, 50, 90]),
    ackDelayNs: pick([0, 0, 5000, 50_000]),
    qdisc: pick(['fifo', 'fifo', 'none']),
    device: pick(DEVICE_MODES),
    interruptFrames: pick([1, 2, 8, 64]),
    byteLimit: pick([false, false, true]),
    lineRate: pick([1e9, 10e9, 100e9]),
    kernel: kernelIndex('libc'),
    check: true,
    ...(load === 'full ring' ? { ...FULL, pool: 4 << 20 } : load === 'full pool' ? FULL : {}),
  });
  return {
    config,
    strategy: strategyOf(next, cpus + 1),
    pointNs: pick([1, 10, 100]),
    waitNs: pick([100, 1000, 5000]),
    fine: randomInt(next, 2) === 0,
    lookEvery: between(200, 2000),
  };
}

function strategyOf(next: Random, threads: number): StrategyConfig {
  const kind = randomInt(next, 3) === 0 ? 'priorities' : 'walk';
  const meanGap = 2 ** (1 + randomInt(next, kind === 'walk' ? 8 : 10));
  const weights = Array.from({ length: threads }, () => 2 ** randomInt(next, 5));
  const prefersRare = randomInt(next, 2) === 0;
  return { kind, seed: randomInt(next, 0x7fffffff) + 1, meanGap, weights, prefersRare };
}
