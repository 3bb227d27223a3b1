/** What the host did during all rounds of a scenario in one run, as if they were one round. Pure. */
import type { RoundResult } from '../result/result.js';

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** The sum of what is known; null if nothing is. */
function sumOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : sum(known);
}

/** The mean over the time of the rounds that know it; null if none does. */
function meanOverTime(rounds: readonly RoundResult[], of: (round: RoundResult) => number | null): number | null {
  const known = rounds.filter((round) => of(round) !== null);
  const seconds = sum(known.map((round) => round.seconds));
  return seconds === 0 ? null : sum(known.map((round) => of(round)! * round.seconds)) / seconds;
}

/** The shortest and the longest round trip of a cache line; null if none was measured. */
function extremes(values: readonly number[]): number[] | null {
  return values.length === 0 ? null : [Math.min(...values), Math.max(...values)];
}

function cpusLostIn(rounds: readonly RoundResult[]): RoundResult['cpusLost'] {
  const known = rounds.flatMap(({ cpusLost }) => (Array.isArray(cpusLost) ? [cpusLost] : []));
  return known.length === 0 ? null : [...new Set(known.flat())].sort((a, b) => a - b);
}

/** Combines at least one round. `cells` is the number of the fullest round. */
export function combineRounds(rounds: readonly RoundResult[]): RoundResult {
  return {
    seconds: sum(rounds.map(({ seconds }) => seconds)),
    cells: Math.max(...rounds.map(({ cells }) => cells)),
    repeats: sum(rounds.map(({ repeats = 0 }) => repeats)),
    stealShare: meanOverTime(rounds, ({ stealShare }) => stealShare),
    othersCpus: meanOverTime(rounds, ({ othersCpus }) => othersCpus),
    involuntarySwitches: sum(rounds.map(({ involuntarySwitches }) => involuntarySwitches)),
    throttledMs: sumOfKnown(rounds.map(({ throttledMs }) => throttledMs)),
    cpusLost: cpusLostIn(rounds),
    lineRoundTripNs: extremes(rounds.flatMap(({ lineRoundTripNs }) => lineRoundTripNs ?? [])),
  };
}
