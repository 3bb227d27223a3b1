/**
 * Divides the time of a run. Each scenario gets its part of the time that is left when it starts, so that the next one
 * has what it does not use. A run should end within its budget. It may exceed the budget, up to its limit, to complete
 * the minimum of rounds.
 */
import type { BenchSettings } from '../plan/settings.js';

/** Share of a scenario's time that its warm-up may take. */
const WARM_UP_SHARE = 1 / 3;

/** More rounds than these would not make an interval noticeably narrower. */
const MAX_ROUNDS = 100;

/** Time of one scenario, milliseconds since the start of the process. */
export interface ScenarioTime {
  readonly start: number;
  /** When the last warm-up round has to end. */
  readonly warmUpEnd: number;
  readonly deadline: number;
  readonly limit: number;
  readonly maxRounds: number;
}

/** Returns the time of the next scenario. `weights` are those of the scenarios that have not run, this one first. */
export function scenarioTime(
  settings: BenchSettings,
  now: number,
  weights: readonly number[],
  maxRounds = MAX_ROUNDS,
): ScenarioTime {
  const part = weights[0]! / weights.reduce((total, weight) => total + weight, 0);
  const budget = Math.max(0, settings.budgetMs - now) * part;
  return {
    start: now,
    warmUpEnd: now + budget * WARM_UP_SHARE,
    deadline: now + budget,
    limit: now + Math.max(0, settings.limitMs - now) * part,
    maxRounds,
  };
}

/**
 * Returns whether another warm-up round should begin. The first one always does. If the number of rounds is fixed, at
 * most as many are discarded as are measured. `roundMs` is the time that a round is expected to take.
 */
export function wantsWarmUp(
  settings: BenchSettings,
  time: ScenarioTime,
  now: number,
  warmUpRounds: number,
  roundMs: number,
): boolean {
  if (warmUpRounds === 0) return true;
  if (settings.rounds !== null && warmUpRounds >= settings.rounds) return false;
  return now + roundMs <= time.warmUpEnd;
}

/** Returns whether another round should begin. The first one always does. */
export function wantsRound(
  settings: BenchSettings,
  time: ScenarioTime,
  now: number,
  rounds: number,
  roundMs: number,
): boolean {
  if (settings.rounds !== null) return rounds < settings.rounds;
  if (rounds === 0) return true;
  const end = rounds < settings.minRounds ? time.limit : time.deadline;
  return rounds < time.maxRounds && now + roundMs <= end;
}

/** How far the run has come. */
export interface Advance {
  /** Rounds that the scenario has completed. */
  readonly rounds: number;
  /** Time of the last round; null before the first one. */
  readonly roundMs: number | null;
  /** Weights of the scenarios that have not ended, this one first. */
  readonly weights: readonly number[];
}

/**
 * Estimates how many milliseconds are left until the run ends: from the rounds if their number is fixed, from the
 * budget otherwise. Null if that is not known yet.
 */
export function timeLeft(
  settings: BenchSettings,
  time: ScenarioTime,
  now: number,
  { rounds, roundMs, weights }: Advance,
): number | null {
  if (settings.rounds === null) return Math.max(0, settings.budgetMs - now);
  if (roundMs === null) return null;
  const rest = Math.max(0, settings.rounds - rounds) * roundMs;
  const later = weights.slice(1).reduce((total, weight) => total + weight, 0) / weights[0]!;
  return rest + later * (now - time.start + rest);
}
