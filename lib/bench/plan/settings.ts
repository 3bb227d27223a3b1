/**
 * What a run measures and for how long, all decided: a scenario reads these settings and nothing else. The command line
 * parses into them; a program may start from `defaultSettings`.
 */
import type { DesignName } from '../../designs/design-table.js';
import { BENCH_OPTIONS, type OptionSettings } from './bench-option-table.js';
import type { Plan, RunBasis, ScenarioListing } from './option-row.js';
import { type LeftOut, sweptPools, UNKNOWN_MEMORY } from './swept-pools.js';

export type { DesignName, ScenarioListing };

/** How much a run measures: built-in scenarios choose their cells by it. */
export type Effort = 'quick' | 'default' | 'full';
export const EFFORTS = ['quick', 'default', 'full'] as const satisfies readonly Effort[];

/** Settings that follow from --quick, --full or --sweep. */
export interface PlanSettings {
  /** How much is measured. */
  readonly effort: Effort;
  /** Rounds that a run makes also when the budget is used up. */
  readonly minRounds: number;
  /** For the whole run, all scenarios and their preparation, milliseconds. */
  readonly budgetMs: number;
  /** What no run of this effort may exceed, milliseconds: beyond the budget only to complete `minRounds`. */
  readonly limitMs: number;
  /**
   * How long one sample of a throughput cell sends, milliseconds; `DELAYS_PER_SAMPLE` times the delay of
   * acknowledgements where that is longer. Short, so that a run has many rounds: where a host
   * disturbs a part of them, the median is of the others.
   */
  readonly sampleMs: number;
  /**
   * Whether cells are a grid of senders, queues and messages with one arm each for the other lists, and the model of
   * docs/model.md is calibrated; or else every combination of all lists, and no model.
   */
  readonly sweep: boolean;
  /** Slot pools that a sweep would have on a larger host, and why it has not. */
  readonly poolsLeftOut: readonly LeftOut[];
}

/** All settings. The table of options has a row for each of the others. */
export interface BenchSettings extends PlanSettings, OptionSettings {
  /** Set if the run names its designs: then no scenario adds others, also if they are the usual ones. */
  readonly designsNamed?: boolean;
}

type Times = Pick<PlanSettings, 'minRounds' | 'budgetMs' | 'limitMs' | 'sampleMs'>;

const FULL_TIMES = { minRounds: 10, budgetMs: 480_000, limitMs: 600_000, sampleMs: 100 };
const TIMES: Readonly<Record<Plan, Times>> = {
  quick: { minRounds: 5, budgetMs: 11_000, limitMs: 14_000, sampleMs: 40 },
  default: { minRounds: 10, budgetMs: 50_000, limitMs: 58_000, sampleMs: 60 },
  full: FULL_TIMES,
  sweep: FULL_TIMES,
};

function settingsOf(basis: RunBasis): BenchSettings {
  const { plan, memory } = basis;
  const chosen = Object.entries(BENCH_OPTIONS).map(([key, row]) => [key, row.default(basis)]);
  return {
    ...(Object.fromEntries(chosen) as OptionSettings),
    ...TIMES[plan],
    effort: plan === 'sweep' ? 'full' : plan,
    sweep: plan === 'sweep',
    poolsLeftOut: plan === 'sweep' ? sweptPools(memory).leftOut : [],
  };
}

/** Delays of an acknowledgement that a sample lasts at least: with fewer it would be of one burst, or of nothing. */
export const DELAYS_PER_SAMPLE = 10;
/** Part of the time of a round, as a run plans them, that such a sample may take: a round has other cells, too. */
const SHARE_OF_ROUND = 1 / 10;

/** Returns the longest delay of acknowledgements, in nanoseconds, that leaves a run time for its rounds. */
export function longestAckDelayNs({ budgetMs, minRounds }: Pick<PlanSettings, 'budgetMs' | 'minRounds'>): number {
  return Math.floor((budgetMs / minRounds) * (SHARE_OF_ROUND / DELAYS_PER_SAMPLE)) * 1e6;
}

/** Returns the settings of an effort on these CPUs. `entries`: the scenarios that there are to choose from. */
export function defaultSettings(
  effort: Effort,
  cpus: readonly number[],
  seed: number,
  entries: readonly ScenarioListing[] = [],
): BenchSettings {
  return settingsOf({ plan: effort, cpus, seed, entries, memory: UNKNOWN_MEMORY });
}

/**
 * Returns the settings of a sweep of the transmit designs over senders, queues, messages of all sizes, delays of
 * acknowledgements, sizes of the slot pool and percentages of it that pages may take, as far as `memory` has room.
 */
export function sweepSettings(
  cpus: readonly number[],
  seed: number,
  memory = UNKNOWN_MEMORY,
  entries: readonly ScenarioListing[] = [],
): BenchSettings {
  return settingsOf({ plan: 'sweep', cpus, seed, entries, memory });
}
