/**
 * Notices that the process stood still: it was stopped and continued, the host was suspended, or the guest was moved to
 * another machine. A sample in which that happened measured the pause. Linux tells of a stop by SIGCONT, and of a
 * suspension by a clock that counts it; a guest that was moved, or starved, shows in wall time without CPU time.
 */
import { uptime } from 'node:os';
import { setImmediate } from 'node:timers/promises';

/** Time without CPU time that no load of a host explains, milliseconds. */
const LOST_MS = 500;
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
}

const OF_PROCESS: StandstillSources = {
  wallMs: () => performance.now(),
  cpuMs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  uptimeMs: () => uptime() * 1000,
  process,
};

interface Reading {
  readonly wall: number;
  readonly cpu: number;
  readonly uptime: number;
}

/** Main thread only. Listens to SIGCONT until it is closed. */
export class StandstillWatch {
  readonly #sources: StandstillSources;
  #continued = false;
  #began: Reading;

  constructor(sources: StandstillSources = OF_PROCESS) {
    this.#sources = sources;
    this.#began = this.#reading();
    sources.process.on('SIGCONT', this.#onContinue);
  }

  /** Begins to watch, for instance before a sample. */
  begin(): void {
    this.#continued = false;
    this.#began = this.#reading();
  }

  /** Resolves to whether the process has stood still since `begin`. */
  async stoodStill(): Promise<boolean> {
    const { wall, cpu, uptime: up } = this.#reading();
    const wallMs = wall - this.#began.wall;
    const isStarved = wallMs - (cpu - this.#began.cpu) > LOST_MS;
    const isSuspended = Math.abs(up - this.#began.uptime - wallMs) > SUSPENDED_MS;
    // A signal is heard when the event loop turns; the turn that ended the sample may not have seen it yet.
    await setImmediate();
    await setImmediate();
    return this.#continued || isStarved || isSuspended;
  }

  close(): void {
    this.#sources.process.off('SIGCONT', this.#onContinue);
  }

  readonly #onContinue = (): void => {
    this.#continued = true;
  };

  #reading(): Reading {
    const { wallMs, cpuMs, uptimeMs } = this.#sources;
    return { wall: wallMs(), cpu: cpuMs(), uptime: uptimeMs() };
  }
}
