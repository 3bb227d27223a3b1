/**
 * Stops a run on request. The first signal asks the run to end. If it has not ended soon, or at the second signal, the
 * process reports what it has and exits.
 */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * How long the run may take to end. A stopped command should be gone within a second, and the report takes time, too.
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
  #timer: NodeJS.Timeout | undefined;

  /** Listens to signals until `close`. `giveUp` has to report and to exit: it must not return to the run. */
  constructor(giveUp: () => void, source: SignalSource = process) {
    this.#giveUp = giveUp;
    this.#source = source;
    for (const signal of SIGNALS) source.on(signal, this.#stop);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  readonly #stop = (): void => {
    if (this.signal.aborted) {
      this.#giveUp();
      return;
    }
    this.#timer = setTimeout(this.#giveUp, GRACE_MS);
    this.#abort.abort();
  };

  close(): void {
    clearTimeout(this.#timer);
    for (const signal of SIGNALS) this.#source.off(signal, this.#stop);
  }
}
