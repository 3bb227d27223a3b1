/**
 * Stopping on request: the first signal asks the run to end, and if it has not ended soon, or at the second signal,
 * the process ends anyway with what there is.
 */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Within the second that a stopped command may take, with room for the report. */
const PATIENCE_MS = 500;

export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
}

export class Interrupt {
  readonly #abort = new AbortController();
  readonly #source: SignalSource;
  readonly #giveUp: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** Listens until `close`. `giveUp` must not return to the run: it reports and exits. */
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
    this.#timer = setTimeout(this.#giveUp, PATIENCE_MS);
    this.#abort.abort();
  };

  close(): void {
    clearTimeout(this.#timer);
    for (const signal of SIGNALS) this.#source.off(signal, this.#stop);
  }
}
