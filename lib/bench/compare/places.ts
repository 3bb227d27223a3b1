/**
 * Rounds in which the measuring CPUs were at one distance from each other. A hypervisor that moves virtual CPUs makes
 * two machines of a guest, within a run and between runs; what several CPUs do together is then compared only over
 * rounds in which all runs were in the same of them. Pure.
 */
import { isOnePlace, SAME_PLACE } from '../result/cpu-distance.js';
import { type Samples, summarize } from '../statistics/statistics.js';
import type { Measured, Place, RunFacts } from './run-facts.js';
import { spreadOf } from './spread.js';

/** A median of fewer rounds says little of a run. */
const LEAST_ROUNDS = 3;

const isIn = (distance: Place | null, place: Place) =>
  distance !== null && distance.low >= place.low && distance.high <= place.high;

/** Returns the samples of the rounds in this place. */
function samplesIn({ rounds }: Measured, place: Place): Samples {
  return rounds === null ? [] : rounds.samples.filter((_, round) => isIn(rounds.distances[round] ?? null, place));
}

function roundsIn({ distances }: RunFacts, place: Place): number {
  return distances.filter((distance) => isIn(distance, place)).length;
}

/** Returns the number in this place; null if too few rounds have it there. */
function numberIn(number: Measured, place: Place): Measured | null {
  const there = samplesIn(number, place).filter((value) => value !== null && value > 0);
  if (there.length < LEAST_ROUNDS) return null;
  const summary = summarize(there);
  return { ...number, median: summary.median, spread: spreadOf(summary) };
}

/** Returns the run with what several CPUs do together only in this place. */
export function runIn(run: RunFacts, place: Place): RunFacts {
  const numbers = [...run.numbers].flatMap(([key, number]): [string, Measured][] => {
    const here = number.row.needsCpus ? numberIn(number, place) : number;
    return here === null ? [] : [[key, here]];
  });
  return { ...run, distance: { ...place }, numbers: new Map(numbers) };
}

/** True unless the measuring CPUs are known to have been near to each other in some runs and far apart in others. */
export function isOnePlaceOf(runs: readonly RunFacts[]): boolean {
  const distances = runs.flatMap(({ distance }) => distance ?? []);
  if (distances.length === 0) return true;
  return isOnePlace(Math.min(...distances.map(({ low }) => low)), Math.max(...distances.map(({ high }) => high)));
}

/**
 * Returns the place in which the most runs of the group that has fewer of them were for at least three rounds, and of
 * these the one with the most rounds; null if a group was nowhere where the other was.
 */
export function commonPlace(groups: readonly (readonly RunFacts[])[]): Place | null {
  const starts = new Set(
    groups.flat().flatMap(({ distances }) => distances.flatMap((distance) => distance?.low ?? [])),
  );
  let best: { place: Place; runs: number; rounds: number } | null = null;
  for (const low of starts) {
    const place = { low, high: SAME_PLACE * low };
    const counts = groups.map((runs) => runs.map((run) => roundsIn(run, place)));
    const runs = Math.min(...counts.map((all) => all.filter((rounds) => rounds >= LEAST_ROUNDS).length));
    const rounds = counts.flat().reduce((sum, count) => sum + count, 0);
    if (runs === 0 || (best !== null && (runs < best.runs || (runs === best.runs && rounds <= best.rounds)))) continue;
    best = { place, runs, rounds };
  }
  return best?.place ?? null;
}
