/**
 * The threads that play machines, one machine at a time, and the memory that these have: both are kept from one machine
 * to the next. Owner: the thread that made it.
 */
import type { Worker } from 'node:worker_threads';
import { CopytaxError } from '../../lib/errors.js';
import type { MachineConfig } from '../../lib/machine/build/config.js';
import { fillUsers, ramLayout } from '../../lib/machine/build/ram.js';
import { Region } from '../../lib/memory/region.js';
import type { Failure } from '../machine/failure.js';

const REGION_ALIGN = 1 << 18;
/** From one look at whether the threads get on to the next. */
const LOOK_MS = 1000;
/** A host that gives this process less of its time since the last look may be why: then the look counts for little. */
const BUSY_MS = LOOK_MS / 2;
const IDLE_LOOK = 0.05;
/** So many looks before anything was heard at all: threads have to be started, and their code loaded. */
const MOST_LOOKS_AT_START = 60;

/** Null: this thread has not failed, though another one may have. */
export type CrewReply = { readonly failure: Failure | null };

export interface Outcome {
  /** In the order of the threads. */
  readonly failures: readonly Failure[];
  /** Nothing was heard of some any more: all threads were ended. */
  readonly isSilent: boolean;
}

export class Crew<Request> {
  readonly #start: (thread: number) => Worker;
  #threads: Worker[] = [];
  #ram: Region | null = null;
  #filledFor = '';

  /** `start` makes a thread that answers every `Request` with a `CrewReply`. */
  constructor(start: (thread: number) => Worker) {
    this.#start = start;
  }

  /** Memory for a machine, as every machine finds it. */
  memoryFor(config: MachineConfig): Region {
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

  /**
   * Lets the first `count` threads play. They are given up when `pulse` has answered the same for `mostLooks` seconds
   * in which the process ran.
   * @throws ERR_WORKER_DIED
   */
  async play(request: Request, count: number, pulse: () => number, mostLooks: number): Promise<Outcome> {
    while (this.#threads.length < count) this.#threads.push(this.#start(this.#threads.length));
    const replies: (CrewReply | null)[] = new Array(count).fill(null);
    let watch: NodeJS.Timeout | undefined;
    const silence = new Promise<'silence'>((resolve) => {
      const first = pulse();
      let last = first;
      let looks = 0;
      let usage = process.cpuUsage();
      watch = setInterval(() => {
        const now = pulse();
        const { user, system } = process.cpuUsage(usage);
        usage = process.cpuUsage();
        if (now !== last) looks = 0;
        else looks += (user + system) / 1000 > BUSY_MS ? 1 : IDLE_LOOK;
        last = now;
        if (looks >= (now === first ? MOST_LOOKS_AT_START : mostLooks)) resolve('silence');
      }, LOOK_MS);
    });
    try {
      const all = this.#threads.slice(0, count).map(async (thread, index) => {
        replies[index] = await replyOf(thread, request);
      });
      const isSilent = (await Promise.race([Promise.all(all), silence])) === 'silence';
      if (isSilent) await this.endThreads();
      return { failures: replies.flatMap((reply) => reply?.failure ?? []), isSilent };
    } catch (error) {
      await this.endThreads();
      throw error;
    } finally {
      clearInterval(watch);
    }
  }

  /** Whatever they are at; the next machine has others. */
  async endThreads(): Promise<void> {
    const threads = this.#threads;
    this.#threads = [];
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  /** Ends the threads and unmaps the memory. Idempotent. */
  async close(): Promise<void> {
    await this.endThreads();
    this.#ram?.close();
    this.#ram = null;
  }
}

function replyOf(thread: Worker, request: unknown): Promise<CrewReply> {
  return new Promise((resolve, reject) => {
    const died = (why: string, cause?: unknown) => {
      settle(() => reject(new CopytaxError('ERR_WORKER_DIED', `the thread of a CPU ${why}`, {}, cause)));
    };
    const onMessage = (reply: CrewReply) => settle(() => resolve(reply));
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
