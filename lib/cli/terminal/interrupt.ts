/**
 * Stops a run on request. The first signal asks the run to end. If it has not ended soon, or at the second signal, the
 * process reports what it has and exits.
 */
import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
type StopSignal = (typeof SIGNALS)[number];

/** What shells add to the number of the signal that has ended a process. */
const SIGNALLED = 128;

/**
 * How long a run may take to end. A stopped command should be gone within a second, and the report takes time, too.
 */
const GRACE_MS = 500;

export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
}

/** Main thread only. */
export class Interrupt {
  readonly #abort = new AbortController();
  readonly #source: SignalSource;
  readonly #giveUp: () => void;
  readonly #graceMs: number | null;
  readonly #listeners: ReadonlyMap<StopSignal, () => void>;
  #received: StopSignal = 'SIGINT';
  #timer: NodeJS.Timeout | undefined;

  /**
   * Listens to signals until `close`. `giveUp` has to report and to exit: it must not return to the run. `graceMs`: how
   * long the run may take to end by itself; null for one that only a second signal gives up.
   */
  constructor(giveUp: () => void, source: SignalSource = process, graceMs: number | null = GRACE_MS) {
    this.#giveUp = giveUp;
    this.#graceMs = graceMs;
    this.#source = source;
    this.#listeners = new Map(SIGNALS.map((signal) => [signal, () => this.#stop(signal)]));
    for (const [signal, listener] of this.#listeners) source.on(signal, listener);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** What the process has to exit with when it was stopped, as shells do: 130, 143, 129 or 131, by the first signal. */
  get exitCode(): number {
    return SIGNALLED + constants.signals[this.#received];
  }

  #stop(signal: StopSignal): void {
    if (this.signal.aborted) {
      this.#giveUp();
      return;
    }
    this.#received = signal;
    if (this.#graceMs !== null) this.#timer = setTimeout(this.#giveUp, this.#graceMs);
    this.#abort.abort();
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const [signal, listener] of this.#listeners) this.#source.off(signal, listener);
  }
}
