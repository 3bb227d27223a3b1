/**
 * Notices that a machine stands still although its CPUs are busy: they try again and again what cannot succeed. A CPU
 * without work notices that itself, see `Trial`.
 * Threads: reads are plain, so what a look finds may be a moment old, see docs/design/0004-stale-reads.md.
 */
import { stoppedMachine } from './stalls.js';

/** A machine that moves nothing for so long has stopped. Not shorter: a host may not run its threads for a while. */
export const NO_PROGRESS_MS = 2000;
/** What the time between two looks counts at most: a process that was paused says nothing about its machine. */
const LONGEST_GAP_MS = 200;

export class ProgressWatch {
  readonly #bytesMoved: () => number;
  readonly #mapFailures: () => number;
  #bytes = Number.NaN;
  /** Map failures until anything moved last. */
  #failuresBefore = 0;
  #lookedAtMs = 0;
  #stillMs = 0;

  /** `bytesMoved` and `mapFailures`: see the methods of `System`. */
  constructor(bytesMoved: () => number, mapFailures: () => number) {
    this.#bytesMoved = bytesMoved;
    this.#mapFailures = mapFailures;
  }

  /** True once the machine has moved nothing for `NO_PROGRESS_MS`. */
  get hasStopped(): boolean {
    return this.#stillMs >= NO_PROGRESS_MS;
  }

  /** Looks once, at a time of the clock. A machine that has stopped is not looked at again. */
  look(nowMs: number): void {
    if (this.hasStopped) return;
    const bytes = this.#bytesMoved();
    const gapMs = Math.min(nowMs - this.#lookedAtMs, LONGEST_GAP_MS);
    this.#stillMs = bytes === this.#bytes ? this.#stillMs + gapMs : 0;
    if (this.#stillMs === 0) this.#failuresBefore = this.#mapFailures();
    this.#bytes = bytes;
    this.#lookedAtMs = nowMs;
  }

  /**
   * Does nothing unless the machine has stopped.
   * @throws ERR_STALLED if packets found no slots meanwhile, or else ERR_NEVER_ARRIVES
   */
  assertProgress(design: string): void {
    if (!this.hasStopped) return;
    const what = `a machine with design ${design} made no progress for ${NO_PROGRESS_MS / 1000} s`;
    const failures = this.#mapFailures() - this.#failuresBefore;
    throw stoppedMachine(`${what}, although data are still in flight`, failures, { design });
  }
}
