/**
 * What components mean for a run: by how much its mean varies from run to run, and by how much its samples say that it
 * does. The mean of a run differs from that of another as far as their samples differ more than samples of one run do:
 * its variance is the semivariance between runs less that within a run, over all pairs. Pure.
 */
import type { Components } from './components.js';
import { LAG_STEPS, type Relation, stepsWithin } from './pairs.js';

/** How a run takes its rounds. */
export interface RunPlan {
  readonly rounds: number;
  /** From the first round to the last. */
  readonly seconds: number;
  /** Processes that share the rounds, one after the other. */
  readonly processes: number;
  /** Rounds before memory, and before threads, are renewed; `Infinity`: they never are. */
  readonly roundsPerMemory: number;
  readonly roundsPerThreads: number;
}

export interface Outlook {
  /** Standard deviation of the mean from run to run, of logarithms. */
  readonly has: number;
  /** What the samples of one run say it is, as if they were independent; NaN for one round. */
  readonly claims: number;
}

const WEATHER = ['seconds', 'minute', 'minutes'] as const;

function between(components: Components, relation: Relation, steps: number): number {
  const weather = WEATHER.slice(0, steps).reduce((sum, name) => sum + components[name], 0);
  const places = (['memory', 'threads', 'process'] as const).filter((name) => relation[name]);
  return components.noise + weather + places.reduce((sum, name) => sum + components[name], 0);
}

export function outlook(components: Components, plan: RunPlan): Outlook {
  const { rounds, seconds, processes, roundsPerMemory, roundsPerThreads } = plan;
  const perProcess = rounds / processes;
  const placeOf = (round: number) => {
    const process = Math.floor(round / perProcess);
    const within = round - process * perProcess;
    return { process, memory: Math.floor(within / roundsPerMemory), threads: Math.floor(within / roundsPerThreads) };
  };
  let sum = 0;
  for (let a = 0; a < rounds; a++) {
    for (let b = 0; b < a; b++) {
      const [one, other] = [placeOf(a), placeOf(b)];
      const process = one.process !== other.process;
      const relation = {
        process,
        memory: process || one.memory !== other.memory,
        threads: process || one.threads !== other.threads,
      };
      const lagMs = ((a - b) / Math.max(1, rounds - 1)) * seconds * 1000;
      sum += 2 * between(components, relation, stepsWithin(lagMs));
    }
  }
  const apart = between(components, { process: true, memory: true, threads: true }, LAG_STEPS.length);
  return {
    has: Math.sqrt(Math.max(0, apart - sum / rounds ** 2)),
    claims: Math.sqrt(sum / (rounds * (rounds - 1)) / rounds),
  };
}
