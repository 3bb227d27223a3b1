/**
 * What a run measures and for how long, all decided: a scenario reads these and asks nobody else.
 * The command line parses into this; a program may start from `defaultSettings`.
 */
import type { DeviceMode } from '../../dma/device-engine.js';
import type { Flavour } from '../../flavour.js';
import type { GrowthMode } from '../../machine/build/choices.js';
import { DESIGN_NAMES, type DesignName, FREE_DISPATCHES } from '../../net/designs.js';
import { type LeftOut, shareOf, sweptPools, UNKNOWN_MEMORY } from './swept-pools.js';

export type { DesignName };

export const EFFORTS = ['quick', 'default', 'full'] as const;
export type Effort = (typeof EFFORTS)[number];

/** How pages are freed: as each design has it, or all in one way. */
export const FREE_DISPATCH_CHOICES = ['design', ...FREE_DISPATCHES] as const;
export type FreeDispatchChoice = (typeof FREE_DISPATCH_CHOICES)[number];

/** When a scenario runs. */
export interface ScenarioListing {
  readonly name: string;
  /** Runs only in a full run, or when it is named. */
  readonly onRequest?: true;
  /** Measures the transmit designs: reads the settings that describe a machine, and is what a sweep runs. */
  readonly measuresDesigns?: true;
}

export interface BenchSettings {
  readonly effort: Effort;
  /** Unsigned 32 bits: order of the cells in each round, relative offsets, bootstrap. */
  readonly seed: number;
  /** Exactly so many rounds, or null: as many as the time budget allows, at least `minRounds`. */
  readonly rounds: number | null;
  readonly minRounds: number;
  /** For the whole run, all scenarios and their preparation, milliseconds. */
  readonly budgetMs: number;
  /** What no run of this effort may exceed, milliseconds: beyond the budget only to complete `minRounds`. */
  readonly limitMs: number;
  /** How long one sample of a throughput cell sends, milliseconds. */
  readonly sampleMs: number;
  /** Names of the scenarios that were asked for, in the order in which they run. */
  readonly scenarios: readonly string[];
  readonly designs: readonly DesignName[];
  /** Numbers of sending threads. */
  readonly senders: readonly number[];
  /** Numbers of transmit queues. */
  readonly queues: readonly number[];
  /** Bytes per send call. */
  readonly messages: readonly number[];
  /** Send buffer of each sender, bytes: what it may have in flight, queued and not yet acknowledged. */
  readonly windows: readonly number[];
  /**
   * Whether cells are a grid of senders, queues and messages with one arm each for the other lists, and the model of the
   * specification's section 8.2 is calibrated; or else every combination of all lists, and no model.
   */
  readonly sweep: boolean;
  /** Bytes of the slot pool, powers of two. Scenarios that have one pool take the first. */
  readonly pools: readonly number[];
  /** Pools that a sweep would have had on another host, and why not here. */
  readonly poolsLeftOut: readonly LeftOut[];
  /** How bounce memory grows where the slot pool is full. */
  readonly growths: readonly GrowthMode[];
  /** As a design was posted, or with the rules that were recommended since. */
  readonly flavours: readonly Flavour[];
  readonly freeDispatches: readonly FreeDispatchChoice[];
  /** How long acknowledgements take, nanoseconds: how long memory stays in use. */
  readonly ackDelaysNs: readonly number[];
  /** Occupancy of the slot pool from which on no pages are taken from it, percent. */
  readonly percents: readonly number[];
  /** CPUs that logical CPUs may be pinned to, in order of use. At least one. */
  readonly cpus: readonly number[];
  /** Copy kernel of both copies: a name of the list of kernels, `auto` or `kernel-like`. */
  readonly kernel: string;
  readonly device: DeviceMode;
}

const KIB = 1024;
const MIB = 1024 * KIB;

/** What every effort shares: the pool that Linux boots with, and a window larger than common L2 caches. */
const COMMON = {
  rounds: null,
  designs: DESIGN_NAMES,
  queues: [1],
  sweep: false,
  pools: [64 * MIB],
  poolsLeftOut: [],
  growths: ['none'],
  flavours: ['hardened'],
  freeDispatches: ['design'],
  ackDelaysNs: [0],
  percents: [90],
  kernel: 'kernel-like',
  device: 'retire',
} as const;

const BY_EFFORT = {
  quick: { minRounds: 5, budgetMs: 11_000, limitMs: 14_000, sampleMs: 60, messages: [64 * KIB], windows: [4 * MIB] },
  default: {
    minRounds: 10,
    budgetMs: 50_000,
    limitMs: 58_000,
    sampleMs: 120,
    messages: [16 * KIB, 64 * KIB],
    windows: [4 * MIB],
  },
  full: {
    minRounds: 10,
    budgetMs: 480_000,
    limitMs: 600_000,
    sampleMs: 150,
    messages: [1500, 16 * KIB, 64 * KIB],
    windows: [256 * KIB, 4 * MIB, 32 * MIB],
  },
} as const;

/**
 * Settings of an effort on these CPUs: as many senders as CPUs (at most eight), also a single one unless it is quick,
 * and in a full run as many queues as senders besides the one queue that they share. `entries`: the scenarios that there
 * are to choose from.
 */
export function defaultSettings(
  effort: Effort,
  cpus: readonly number[],
  seed: number,
  entries: readonly ScenarioListing[] = [],
): BenchSettings {
  const most = Math.max(1, Math.min(cpus.length, 8));
  const oneAndMost = [...new Set([1, most])];
  const senders = effort === 'quick' ? [most] : oneAndMost;
  const queues = effort === 'full' ? oneAndMost : COMMON.queues;
  const scenarios = entries.filter(({ onRequest }) => effort === 'full' || !onRequest).map(({ name }) => name);
  return { ...COMMON, ...BY_EFFORT[effort], effort, seed, scenarios, cpus, senders, queues };
}

/** Message sizes of a sweep: from those that calls and headers dominate to those that are many skbs. */
const SWEPT_MESSAGES = [64, KIB, 4 * KIB, 16 * KIB, 64 * KIB, MIB] as const;

/** Acknowledgements from at once to an intercontinental way; of the pool, none of it to all that pages may ever have. */
const SWEPT_ACK_DELAYS_NS = [0, 50_000, 1e6, 10e6] as const;
const SWEPT_PERCENTS = [0, 10, 50, 90] as const;
/** What a sender has in flight: less than an L2, less than most L3, more than any. */
const SWEPT_WINDOWS = [256 * KIB, 4 * MIB, 64 * MIB] as const;
const SWEEP_SAMPLE_MS = 100;

/**
 * Settings of a sweep of the transmit designs: senders and queues in powers of two up to as many as CPUs, at most eight,
 * messages of all sizes, and delays of acknowledgements, sizes of the pool, and percentages of it that pages may take.
 */
export function sweepSettings(
  cpus: readonly number[],
  seed: number,
  memory = UNKNOWN_MEMORY,
  entries: readonly ScenarioListing[] = [],
): BenchSettings {
  const counts = [1, 2, 4, 8].filter((count) => count <= Math.max(1, cpus.length));
  const { pools, leftOut } = sweptPools(memory);
  const mostInFlight = (window: number) => counts.at(-1)! * window;
  return {
    ...defaultSettings('full', cpus, seed),
    scenarios: entries.filter(({ measuresDesigns }) => measuresDesigns).map(({ name }) => name),
    ...{ sweep: true, sampleMs: SWEEP_SAMPLE_MS },
    ...{ senders: counts, queues: counts, messages: SWEPT_MESSAGES },
    ...{ ackDelaysNs: SWEPT_ACK_DELAYS_NS, percents: SWEPT_PERCENTS, pools, poolsLeftOut: leftOut },
    windows: SWEPT_WINDOWS.filter((window) => mostInFlight(window) <= shareOf(memory)),
  };
}
