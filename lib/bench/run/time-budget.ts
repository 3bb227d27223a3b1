/**
 * Divides the time of a run. Each scenario warms up in its part of the time; after that the rounds of all scenarios are
 * interleaved until the end, so that each of them is measured over the whole run. A run should end within its budget.
 * It may exceed the budget, up to its limit, to complete the minimum of rounds.
 */
import type { BenchSettings } from '../plan/settings.js';

/** More rounds than these would not make an interval noticeably narrower. */
const MAX_ROUNDS = 100;

/** What the plan needs of a scenario that measures. */
export interface Measuring {
  readonly weight: number;
  /** Rounds that are complete. */
  readonly rounds: number;
  /** Time that a round is expected to take, milliseconds. */
  readonly roundMs: number;
  readonly maxRounds?: number | undefined;
}

/**
 * Returns whether another warm-up round should begin. The first one always does. If the number of rounds is fixed, at
 * most as many are discarded as are measured. `leftMs`: time left for warming up; `roundMs`: that of a round.
 */
export function wantsWarmUp(settings: BenchSettings, warmUpRounds: number, leftMs: number, roundMs: number): boolean {
  if (warmUpRounds === 0) return true;
  if (settings.rounds !== null && warmUpRounds >= settings.rounds) return false;
  return roundMs <= leftMs;
}

/**
 * Returns whether another round should begin. The first one always does. `now`: milliseconds since the run was called
 * for.
 */
export function wantsRound(settings: BenchSettings, { rounds, roundMs, maxRounds }: Measuring, now: number): boolean {
  if (settings.rounds !== null) return rounds < settings.rounds;
  if (rounds === 0) return true;
  const end = rounds < settings.minRounds ? settings.limitMs : settings.budgetMs;
  return rounds < (maxRounds ?? MAX_ROUNDS) && now + roundMs <= end;
}

/**
 * Returns how many rounds each scenario should have when `totalMs` are over, not always whole numbers: its part of the
 * time by weight, and what scenarios with a limit of rounds leave over goes to the others.
 */
export function plannedRounds(all: readonly Measuring[], totalMs: number): number[] {
  const planned = all.map(({ maxRounds = MAX_ROUNDS }) => maxRounds);
  let open = [...all.keys()];
  let leftMs = totalMs;
  while (open.length > 0) {
    const weight = open.reduce((sum, at) => sum + all[at]!.weight, 0);
    for (const at of open) planned[at] = (leftMs * all[at]!.weight) / weight / all[at]!.roundMs;
    const full = open.filter((at) => planned[at]! > (all[at]!.maxRounds ?? MAX_ROUNDS));
    if (full.length === 0) break;
    for (const at of full) {
      planned[at] = all[at]!.maxRounds ?? MAX_ROUNDS;
      leftMs -= planned[at]! * all[at]!.roundMs;
    }
    open = open.filter((at) => !full.includes(at));
  }
  return planned;
}

/**
 * Returns the scenario whose turn it is: the one that is furthest behind its plan, by index. `jitter`: a number in [0,
 * 1) for each, drawn anew for each round, so that scenarios do not follow each other in a fixed order.
 */
export function nextTurn(all: readonly Measuring[], planned: readonly number[], jitter: readonly number[]): number {
  const place = (at: number) => (all[at]!.rounds + jitter[at]!) / planned[at]!;
  return [...all.keys()].reduce((best, at) => (place(at) < place(best) ? at : best));
}

/**
 * Estimates how many milliseconds are left until the run ends: from the rounds if their number is fixed, from the
 * budget otherwise. Null if that is not known yet.
 */
export function timeLeft(settings: BenchSettings, all: readonly Measuring[], now: number): number | null {
  const { rounds, budgetMs } = settings;
  if (rounds === null) return Math.max(0, budgetMs - now);
  if (all.length === 0 || all.some(({ roundMs }) => roundMs === 0)) return null;
  return all.reduce((sum, one) => sum + Math.max(0, rounds - one.rounds) * one.roundMs, 0);
}
