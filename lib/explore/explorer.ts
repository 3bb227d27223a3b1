/**
 * Explores schedules: plays machines whose CPUs take turns, one after the other, on threads that are kept.
 * Owner: the thread that made it; one machine at a time.
 */
import { Worker } from 'node:worker_threads';
import { CopytaxError } from '../errors.js';
import { fillUsers, ramLayout } from '../host/ram.js';
import { Region } from '../memory/region.js';
import { Arena } from '../smp/arena.js';
import type { ExploreReply, ExploreRequest, ExploreThreadData, Failure } from './explore-worker.js';
import { type ExploredMachine, exploredMachine, type Fixed, threadsOf } from './explored-machine.js';
import { Explored } from './player.js';
import type { Preemption, Schedule } from './schedule.js';
import { shrunk } from './shrink.js';
import type { StrategyConfig } from './strategy.js';
import { Turns, type TurnsReport } from './turns.js';

const WORKER = new URL('./explore-worker.js', import.meta.url);
const REGION_ALIGN = 1 << 18;
/** So often it is looked whether a point was passed; so often none, and a CPU is in a loop without one. */
const LOOK_MS = 1000;
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
  readonly #preload: string | null;
  readonly #turns = Turns.buffer();
  #threads: Worker[] = [];
  #ram: Region | null = null;
  #filledFor = '';

  /** `preload`: a module that the threads of CPUs import first. */
  constructor(fixed: Fixed = {}, preload: URL | null = null) {
    this.#fixed = fixed;
    this.#preload = preload?.href ?? null;
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
    const ram = this.#memoryFor(machine);
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
    this.#ensureThreads(threads);
    try {
      const { queues } = explored.system;
      const failure = await this.#failureOf(request, turns);
      const count = (name: 'stops' | 'mapFailures') => queues.reduce((sum, queue) => sum + queue.counter(name), 0);
      const counts = { ringStops: count('stops'), mapFailures: count('mapFailures') };
      return { schedule, machine, failure, ...counts, ...turns.report() };
    } catch (error) {
      await this.#endThreads();
      throw error;
    }
  }

  /** Ends the threads and unmaps the memory. Idempotent. */
  async close(): Promise<void> {
    await this.#endThreads();
    this.#ram?.close();
    this.#ram = null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Lets the threads play; ends them when one of them is in a loop that nothing gets it out of. */
  async #failureOf(request: ExploreRequest, turns: Turns): Promise<Failure | null> {
    const threads = this.#threads.slice(0, request.turns.threads);
    let watch: NodeJS.Timeout | undefined;
    const silence = new Promise<null>((resolve) => {
      let looks = 0;
      let steps = 0;
      watch = setInterval(() => {
        looks = turns.steps === steps ? looks + 1 : 0;
        steps = turns.steps;
        if (looks === MOST_LOOKS) resolve(null);
      }, LOOK_MS);
    });
    try {
      const replies = await Promise.race([Promise.all(threads.map((thread) => replyOf(thread, request))), silence]);
      if (replies !== null) return replies.find((reply) => reply.failure !== null)?.failure ?? null;
      const message = `CPU ${turns.running} goes on and on without passing a point`;
      await this.#endThreads();
      return { cpu: turns.running, code: 'ERR_STALLED', message, stack: '', invariant: ENDLESS };
    } finally {
      clearInterval(watch);
    }
  }

  #memoryFor({ config }: ExploredMachine): Region {
    const layout = ramLayout(config);
    if (this.#ram === null || this.#ram.bytes < layout.bytes) {
      this.#ram?.close();
      this.#filledFor = '';
      this.#ram = Region.create({ bytes: layout.bytes, align: REGION_ALIGN, lock: 'no', hugePages: 'never' });
    }
    const filledFor = `${layout.users}-${layout.system}`;
    if (this.#filledFor !== filledFor) fillUsers(this.#ram.buffer, layout);
    this.#filledFor = filledFor;
    new Uint8Array(this.#ram.buffer, layout.headers, layout.headerBytes).fill(0); // of which skbs write a part only
    return this.#ram;
  }

  #ensureThreads(count: number): void {
    while (this.#threads.length < count) {
      const workerData: ExploreThreadData = { cpu: this.#threads.length, turns: this.#turns, preload: this.#preload };
      this.#threads.push(new Worker(WORKER, { execArgv: [], workerData }));
    }
  }

  async #endThreads(): Promise<void> {
    const threads = this.#threads;
    this.#threads = [];
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

/** Strategies that preempt less and less often. */
function seldom({ strategy }: ExploredMachine, attempt: number): StrategyConfig {
  const kind = attempt % 2 === 0 ? 'priorities' : 'walk';
  return { ...strategy, kind, seed: attempt + 1, meanGap: 2 ** (5 + Math.floor((attempt * 8) / SEARCHES)) };
}

function replyOf(thread: Worker, request: ExploreRequest): Promise<ExploreReply> {
  return new Promise((resolve, reject) => {
    const died = (why: string, cause?: unknown) => {
      settle(() => reject(new CopytaxError('ERR_WORKER_DIED', `the thread of a CPU ${why}`, {}, cause)));
    };
    const onMessage = (reply: ExploreReply) => settle(() => resolve(reply));
    const onError = (error: Error) => died(`failed: ${error.message}`, error);
    const onExit = (code: number) => died(`exited with code ${code}`);
    const settle = (finish: () => void) => {
      thread.off('message', onMessage);
      thread.off('error', onError);
      thread.off('exit', onExit);
      finish();
    };
    thread.on('message', onMessage);
    thread.on('error', onError);
    thread.on('exit', onExit);
    thread.postMessage(request);
  });
}

/** The same bug, as far as can be told: the code, and the invariant if it is one. */
export function sameFailure(a: Failure | null, b: Failure | null): boolean {
  return a !== null && b !== null && a.code === b.code && a.invariant === b.invariant;
}
