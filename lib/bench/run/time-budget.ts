/**
 * How a run divides its time. Each scenario gets its share of what is left when it starts, so that what one does not
 * use the next one has. The budget is what a run aims for, the limit what it does not pass to complete a minimum.
 */
import type { BenchSettings } from '../plan/settings.js';

/** Of a scenario's time, what its warm-up may take. */
const WARM_UP_SHARE = 1 / 3;

/** More rounds than this narrow an interval by nothing that matters. */
const MOST_ROUNDS = 100;

/** Time of one scenario, milliseconds since the start of the process. */
export interface ScenarioTime {
  readonly start: number;
  /** Until when more warm-up rounds may begin. */
  readonly warmUpEnd: number;
  readonly deadline: number;
  readonly limit: number;
  readonly mostRounds: number;
}

/** `weights` are those of the scenarios that have not run, this one first. */
export function scenarioTime(
  settings: BenchSettings,
  now: number,
  weights: readonly number[],
  mostRounds = MOST_ROUNDS,
): ScenarioTime {
  const part = weights[0]! / weights.reduce((total, weight) => total + weight, 0);
  const budget = Math.max(0, settings.budgetMs - now) * part;
  return {
    start: now,
    warmUpEnd: now + budget * WARM_UP_SHARE,
    deadline: now + budget,
    limit: now + Math.max(0, settings.limitMs - now) * part,
    mostRounds,
  };
}

/**
 * Whether there is time for another warm-up round; the first always begins. Where the number of rounds is fixed, no more
 * of them are discarded than measured.
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

/** Whether another round should begin. `roundMs` is what one is expected to take. The first always does. */
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
  return rounds < time.mostRounds && now + roundMs <= end;
}

/**
 * Milliseconds until the run ends, as far as can be told: from the rounds when their number is fixed, from the budget
 * otherwise. `roundMs` is null before the first round.
 */
export function timeLeft(
  settings: BenchSettings,
  time: ScenarioTime,
  now: number,
  rounds: number,
  roundMs: number | null,
  weights: readonly number[],
): number | null {
  if (settings.rounds === null) return Math.max(0, settings.budgetMs - now);
  if (roundMs === null) return null;
  const rest = Math.max(0, settings.rounds - rounds) * roundMs;
  const later = weights.slice(1).reduce((total, weight) => total + weight, 0) / weights[0]!;
  return rest + later * (now - time.start + rest);
}
