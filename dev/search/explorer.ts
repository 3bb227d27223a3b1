/**
 * Explores schedules: plays machines whose CPUs take turns, one machine after the other, and makes failing schedules
 * shorter. Owner: the thread that made it; one machine at a time.
 */

import { designModules } from '../../lib/designs/own-designs.js';
import { CopytaxError } from '../../lib/errors.js';
import { Arena } from '../../lib/smp/arena.js';
import { startThread } from '../../lib/threads.js';
import { type ExploredMachine, exploredMachine, type FixedChoices, threadsOf } from '../machine/explored-machine.js';
import { ExploredState } from '../machine/explored-state.js';
import { type Failure, failureOf, sameFailure } from '../machine/failure.js';
import type { Preemption, Schedule } from '../schedule/schedule.js';
import { shrunk } from '../schedule/shrink.js';
import type { StrategyConfig } from '../schedule/strategy.js';
import { Turns, type TurnsReport } from '../schedule/turns.js';
import { Crew } from './crew.js';
import type { ExploreRequest, ExploreThreadData } from './explore-worker.js';

const WORKER = new URL('./explore-worker.js', import.meta.url);
/** Seconds without a scheduling point after which a CPU is assumed to loop without reaching one. */
const SILENCE_SECONDS = 8;
/** Attempts to make a failing schedule shorter: searches with other strategies, and removals of preemptions. */
const SEARCHES = 32;
const REMOVALS = 300;

/** Stands for a broken invariant in the failure of a machine with a CPU that never comes to a scheduling point. */
const LIVELOCK = 'livelock';

export interface Run extends TurnsReport {
  readonly schedule: Schedule;
  readonly machine: ExploredMachine;
  readonly failure: Failure | null;
  /** How often a ring was full, and how often an skb found no bounce memory: small machines are made for both. */
  readonly ringStops: number;
  readonly mapFailures: number;
}

export class Explorer {
  readonly #fixed: FixedChoices;
  readonly #turnsBuffer = Turns.buffer();
  readonly #crew: Crew<ExploreRequest>;
  /** Threads for machines with points at plain accesses. */
  readonly #columnCrew: Crew<ExploreRequest>;

  /** `preload` is a module that the threads import first. */
  constructor(fixed: FixedChoices = {}, preload: URL | null = null) {
    this.#fixed = fixed;
    const crewFor = (columnPoints: boolean) =>
      new Crew<ExploreRequest>((cpu) => {
        const workerData: ExploreThreadData = {
          cpu,
          turnsBuffer: this.#turnsBuffer,
          columnPoints,
          preload: preload?.href ?? null,
          designModules: designModules(),
        };
        return startThread(WORKER, { workerData });
      });
    this.#crew = crewFor(false);
    this.#columnCrew = crewFor(true);
  }

  /** Plays the machine of a seed, by the seed's strategy or by the given preemptions. Rejects when a thread dies. */
  async run(schedule: Schedule): Promise<Run> {
    return this.#play(schedule, exploredMachine(schedule.seed, this.#fixed));
  }

  /**
   * Returns the shortest list of preemptions found with which the machine of a failed run fails in the same way:
   * searches it again with strategies that rarely switch, and leaves out what is not needed. Returns null if no list
   * makes it fail, not even the run's own.
   */
  async shrink(failed: Run): Promise<readonly Preemption[] | null> {
    const { seed } = failed.schedule;
    const fails = async (preemptions: readonly Preemption[]) =>
      sameFailure((await this.run({ seed, preemptions })).failure, failed.failure);
    let shortest = failed.preemptions;
    if (failed.failure?.invariant === LIVELOCK) return shortest; // each attempt would take seconds
    for (let attempt = 0; attempt < SEARCHES; attempt++) {
      const strategy = rarelySwitching(failed.machine, attempt);
      const { failure, preemptions } = await this.#play({ seed, preemptions: null }, { ...failed.machine, strategy });
      if (!sameFailure(failure, failed.failure) || preemptions === null) continue;
      if (shortest === null || preemptions.length < shortest.length) shortest = preemptions;
    }
    if (shortest === null || !(await fails(shortest))) return null;
    return shrunk(shortest, fails, REMOVALS);
  }

  async #play(schedule: Schedule, machine: ExploredMachine): Promise<Run> {
    const { strategy, pointNs, waitNs } = machine;
    const threads = threadsOf(machine);
    const crew = machine.columnPoints ? this.#columnCrew : this.#crew;
    const ram = crew.memoryFor(machine.config);
    const arena = Arena.for((counting) => new ExploredState(counting, machine));
    const explored = new ExploredState(arena, machine);
    explored.reset();
    const turns = new Turns(this.#turnsBuffer);
    const request: ExploreRequest = {
      machine,
      turnsConfig: { strategy, preemptions: schedule.preemptions, threads, pointNs, waitNs },
      arena: arena.buffer!,
      ram: ram.id,
    };
    turns.reset(request.turnsConfig);
    const { failures, isSilent } = await crew.play(request, threads, () => turns.steps, SILENCE_SECONDS);
    const { queues } = explored.system;
    const count = (name: 'stops' | 'mapFailures') => queues.reduce((sum, queue) => sum + queue.counter(name), 0);
    const counts = { ringStops: count('stops'), mapFailures: count('mapFailures') };
    const failure = isSilent ? livelock(turns.running) : (failures[0] ?? null);
    return { schedule, machine, failure, ...counts, ...turns.report() };
  }

  /** Ends the threads and unmaps the memory. Idempotent. */
  async close(): Promise<void> {
    await Promise.all([this.#crew.close(), this.#columnCrew.close()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function livelock(cpu: number): Failure {
  const message = `CPU ${cpu} ran for ${SILENCE_SECONDS} s without reaching a scheduling point`;
  return failureOf(cpu, new CopytaxError('ERR_NO_PROGRESS', message, { invariant: LIVELOCK }));
}

/** Returns the strategy of an attempt. It switches less often, the higher `attempt` is. */
function rarelySwitching({ strategy }: ExploredMachine, attempt: number): StrategyConfig {
  const kind = attempt % 2 === 0 ? 'priorities' : 'walk';
  return { ...strategy, kind, seed: attempt + 1, meanGap: 2 ** (5 + Math.floor((attempt * 8) / SEARCHES)) };
}
