/**
 * The threads that play machines, one machine at a time, and the memory of these machines: both are kept from one
 * machine to the next. Owner: the thread that made it.
 */
import type { Worker } from 'node:worker_threads';
import type { MachineConfig } from '../../lib/machine/build/config.js';
import { ramLayout } from '../../lib/machine/build/ram.js';
import { RamHolder } from '../../lib/machine/run/ram-holder.js';
import type { Region } from '../../lib/memory/region.js';
import { request } from '../../lib/smp/thread-reply.js';
import type { Failure } from '../machine/failure.js';

const REGION_ALIGN = 1 << 18;
/** Interval of checks of the heartbeat. */
const CHECK_MS = 1000;
/**
 * A second of silence counts in full only if this process has run for BUSY_MS of it, else as a fraction: the host may
 * have stopped the process.
 */
const BUSY_MS = CHECK_MS / 2;
const IDLE_SECONDS = 0.05;
/** Seconds of silence allowed before the first heartbeat: threads have to start and to load their code. */
const SILENCE_SECONDS_AT_START = 60;

/** What a thread sends back. Null if it has not failed, though another thread may have. */
export type CrewReply = { readonly failure: Failure | null };

/** What became of one machine. */
export interface CrewReport {
  /** In the order of the threads. */
  readonly failures: readonly Failure[];
  /** True if the heartbeat has stopped, and all threads were ended therefore. */
  readonly isSilent: boolean;
}

export class Crew<Request> {
  readonly #start: (thread: number) => Worker;
  #threads: Worker[] = [];
  readonly #ram = new RamHolder({ align: REGION_ALIGN, lock: 'no', hugePages: 'never' });

  /** `start` makes a thread that replies to every `Request` with a `CrewReply`. */
  constructor(start: (thread: number) => Worker) {
    this.#start = start;
  }

  /** Returns memory for a machine, with the same contents whatever machines had it before. */
  memoryFor(config: MachineConfig): Region {
    const ram = this.#ram.memoryFor(config);
    const { headers, headerBytes } = ramLayout(config);
    new Uint8Array(ram.buffer, headers, headerBytes).fill(0); // skbs write only a part of them
    return ram;
  }

  /**
   * Lets the first `count` threads play. Gives up, and ends all threads, when `heartbeat` has not changed for
   * `silenceSeconds` of this process's own running time.
   * @throws ERR_WORKER_DIED
   */
  async play(message: Request, count: number, heartbeat: () => number, silenceSeconds: number): Promise<CrewReport> {
    while (this.#threads.length < count) this.#threads.push(this.#start(this.#threads.length));
    const replies: (CrewReply | null)[] = new Array(count).fill(null);
    let watch: NodeJS.Timeout | undefined;
    const silence = new Promise<'silence'>((resolve) => {
      const first = heartbeat();
      let last = first;
      let silentSeconds = 0;
      let usage = process.cpuUsage();
      watch = setInterval(() => {
        const now = heartbeat();
        const { user, system } = process.cpuUsage(usage);
        usage = process.cpuUsage();
        if (now !== last) silentSeconds = 0;
        else silentSeconds += (user + system) / 1000 > BUSY_MS ? 1 : IDLE_SECONDS;
        last = now;
        if (silentSeconds >= (now === first ? SILENCE_SECONDS_AT_START : silenceSeconds)) resolve('silence');
      }, CHECK_MS);
    });
    try {
      const all = this.#threads.slice(0, count).map(async (thread, index) => {
        replies[index] = await request<CrewReply>(thread, message, 'a CPU');
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

  /** Ends the threads, whatever they are doing. The next machine starts new ones. */
  async endThreads(): Promise<void> {
    const threads = this.#threads;
    this.#threads = [];
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  /** Ends the threads and unmaps the memory. Idempotent. */
  async close(): Promise<void> {
    await this.endThreads();
    this.#ram.close();
  }
}
