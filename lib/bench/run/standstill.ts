/**
 * Notices that the process stood still: it was stopped and continued, the host was suspended, or the guest was moved to
 * another machine. A sample in which that happened measured the pause. Linux tells of a stop by SIGCONT, and of a
 * suspension by a clock that counts it; a guest that was moved shows in wall time in which no thread had a CPU. A
 * loaded host is another thing: there threads get their CPUs again and again.
 */
import { uptime } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { processUsage } from '../host/process-usage.js';

/** How often the watch looks, where the main thread waits for others. */
const TICK_MS = 100;
/** Time between two looks in which the process stood still if it hardly had CPU time, milliseconds. */
const PAUSE_MS = 500;
/** Less CPU time than this part of the wall time is what an end of a sample takes, before or after a pause. */
const CPU_SHARE = 0.2;
/** Linux counts the time since its start in hundredths of a second. */
const SUSPENDED_MS = 100;

/** Where a watch reads time, and hears of SIGCONT. */
export interface StandstillSources {
  /** A clock that goes on while the process does not run, milliseconds. */
  readonly wallMs: () => number;
  /** CPU time of all threads of the process, milliseconds. */
  readonly cpuMs: () => number;
  /** Time since the host was started, with the time that it was suspended, milliseconds. */
  readonly uptimeMs: () => number;
  readonly process: Pick<NodeJS.EventEmitter, 'on' | 'off'>;
  /** Calls back every `ms`, as far as the main thread is free, until the returned function is called. */
  readonly every: (ms: number, callback: () => void) => () => void;
}

const OF_PROCESS: StandstillSources = {
  wallMs: () => performance.now(),
  cpuMs: () => processUsage().cpuMs, // NaN looks like no pause: then a signal and the uptime have to tell
  uptimeMs: () => uptime() * 1000,
  process,
  every: (ms, callback) => {
    const timer = setInterval(callback, ms);
    return () => clearInterval(timer);
  },
};

interface Reading {
  readonly wall: number;
  readonly cpu: number;
}

/** Main thread only. Listens to SIGCONT until it is closed. */
export class StandstillWatch {
  readonly #sources: StandstillSources;
  #hasStood = false;
  #stoodMs = 0;
  #isInSample = false;
  /** The last gap between samples that may have been a pause: a signal has to tell. */
  #gapMs = 0;
  #last: Reading;
  /** Wall time that the host was suspended before the watch began, and some constant. */
  #suspended: number;
  readonly #endTicks: () => void;

  constructor(sources: StandstillSources = OF_PROCESS) {
    this.#sources = sources;
    this.#last = this.#reading();
    this.#suspended = this.#suspendedMs();
    sources.process.on('SIGCONT', this.#onContinue);
    this.#endTicks = sources.every(TICK_MS, () => this.#look());
  }

  /**
   * Wall time of the pauses that the watch has seen so far, milliseconds, without short ones that a signal told of.
   * Between samples, where the process may wait for others without CPU time, those count of which a signal told.
   */
  get stoodMs(): number {
    return this.#stoodMs;
  }

  /** Begins to watch, for instance before a sample. */
  begin(): void {
    this.#look();
    this.#hasStood = false;
    this.#isInSample = true;
    this.#suspended = this.#suspendedMs();
  }

  /** Ends the sample, and resolves to whether the process has stood still since `begin`. */
  async stoodStill(): Promise<boolean> {
    this.#look();
    this.#isInSample = false;
    if (Math.abs(this.#suspendedMs() - this.#suspended) > SUSPENDED_MS) this.#hasStood = true;
    // A signal is heard when the event loop turns; the turn that ended the sample may not have seen it yet.
    await setImmediate();
    await setImmediate();
    return this.#hasStood;
  }

  /** Ends the watch. */
  close(): void {
    this.#endTicks();
    this.#sources.process.off('SIGCONT', this.#onContinue);
  }

  readonly #onContinue = (): void => {
    this.#look();
    this.#hasStood = true;
    this.#stoodMs += this.#gapMs;
    this.#gapMs = 0;
  };

  #look(): void {
    const now = this.#reading();
    const wallMs = now.wall - this.#last.wall;
    const isPause = wallMs >= PAUSE_MS && now.cpu - this.#last.cpu < CPU_SHARE * wallMs;
    this.#last = now;
    if (!isPause) return;
    if (!this.#isInSample) {
      this.#gapMs = wallMs;
      return;
    }
    this.#hasStood = true;
    this.#stoodMs += wallMs;
  }

  #reading(): Reading {
    return { wall: this.#sources.wallMs(), cpu: this.#sources.cpuMs() };
  }

  #suspendedMs(): number {
    return this.#sources.uptimeMs() - this.#sources.wallMs();
  }
}
