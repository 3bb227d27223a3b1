/**
 * Explores schedules: plays machines whose CPUs take turns, one after the other, on threads that are kept.
 * Owner: the thread that made it; one machine at a time.
 */
import { Worker } from 'node:worker_threads';
import { CopytaxError } from '../../lib/errors.js';
import { Arena } from '../../lib/smp/arena.js';
import { Explored } from '../machine/explored.js';
import { type ExploredMachine, exploredMachine, type Fixed, threadsOf } from '../machine/explored-machine.js';
import { type Failure, failureOf, sameFailure } from '../machine/failure.js';
import type { Preemption, Schedule } from '../schedule/schedule.js';
import { shrunk } from '../schedule/shrink.js';
import type { StrategyConfig } from '../schedule/strategy.js';
import { Turns, type TurnsReport } from '../schedule/turns.js';
import { Crew } from './crew.js';
import type { ExploreRequest, ExploreThreadData } from './explore-worker.js';

const WORKER = new URL('./explore-worker.js', import.meta.url);
/** No point was passed for so many seconds: a CPU is in a loop without one. */
const MOST_LOOKS = 8;
/** How often a failed machine is searched again, and how often something is left out of what made it fail. */
const SEARCHES = 32;
const REMOVALS = 300;

/** What stands for an invariant where a CPU never comes to a point. */
const ENDLESS = 'endless';

export interface Run extends TurnsReport {
  readonly schedule: Schedule;
  readonly machine: ExploredMachine;
  readonly failure: Failure | null;
  /** How often it came to what small machines are for. */
  readonly ringStops: number;
  readonly mapFailures: number;
}

export class Explorer {
  readonly #fixed: Fixed;
  readonly #turns = Turns.buffer();
  readonly #crew: Crew<ExploreRequest>;
  /** For machines with points at plain accesses. */
  readonly #plainCrew: Crew<ExploreRequest>;

  /** `preload`: a module that the threads of CPUs import first. */
  constructor(fixed: Fixed = {}, preload: URL | null = null) {
    this.#fixed = fixed;
    const crewFor = (plain: boolean) =>
      new Crew<ExploreRequest>((cpu) => {
        const workerData: ExploreThreadData = { cpu, turns: this.#turns, plain, preload: preload?.href ?? null };
        return new Worker(WORKER, { execArgv: [], workerData });
      });
    this.#crew = crewFor(false);
    this.#plainCrew = crewFor(true);
  }

  /** Plays the machine of a seed, by the schedule of that seed or the one given. Rejects when a thread dies. */
  async run(schedule: Schedule): Promise<Run> {
    return this.#play(schedule, exploredMachine(schedule.seed, this.#fixed));
  }

  /**
   * The shortest list of preemptions that was found to make the machine of a failed run fail in the same way: by
   * searching it again with strategies that preempt seldom, and by leaving out what is not needed. Null when no list,
   * not even the run's own, does.
   */
  async shrink(failed: Run): Promise<readonly Preemption[] | null> {
    const { seed } = failed.schedule;
    const fails = async (preemptions: readonly Preemption[]) =>
      sameFailure((await this.run({ seed, preemptions })).failure, failed.failure);
    let shortest = failed.preemptions;
    if (failed.failure?.invariant === ENDLESS) return shortest; // each attempt would take seconds
    for (let attempt = 0; attempt < SEARCHES; attempt++) {
      const strategy = seldom(failed.machine, attempt);
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
    const crew = machine.plain ? this.#plainCrew : this.#crew;
    const ram = crew.memoryFor(machine.config);
    const arena = Arena.for((counting) => new Explored(counting, machine));
    const explored = new Explored(arena, machine);
    explored.reset();
    const turns = new Turns(this.#turns);
    const request: ExploreRequest = {
      machine,
      turns: { strategy, preemptions: schedule.preemptions, threads, pointNs, waitNs },
      arena: arena.buffer!,
      ram: ram.id,
    };
    turns.reset(request.turns);
    const { failures, isSilent } = await crew.play(request, threads, () => turns.steps, MOST_LOOKS);
    const { queues } = explored.system;
    const count = (name: 'stops' | 'mapFailures') => queues.reduce((sum, queue) => sum + queue.counter(name), 0);
    const counts = { ringStops: count('stops'), mapFailures: count('mapFailures') };
    const failure = isSilent ? endless(turns.running) : (failures[0] ?? null);
    return { schedule, machine, failure, ...counts, ...turns.report() };
  }

  /** Ends the threads and unmaps the memory. Idempotent. */
  async close(): Promise<void> {
    await Promise.all([this.#crew.close(), this.#plainCrew.close()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function endless(cpu: number): Failure {
  const message = `CPU ${cpu} goes on and on without passing a point`;
  return failureOf(cpu, new CopytaxError('ERR_STALLED', message, { invariant: ENDLESS }));
}

/** Strategies that preempt less and less often. */
function seldom({ strategy }: ExploredMachine, attempt: number): StrategyConfig {
  const kind = attempt % 2 === 0 ? 'priorities' : 'walk';
  return { ...strategy, kind, seed: attempt + 1, meanGap: 2 ** (5 + Math.floor((attempt * 8) / SEARCHES)) };
}
