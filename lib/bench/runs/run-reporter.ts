/**
 * The end of a run that a series of runs has started: tells the process that started it how far it is, and hands it the
 * document. Should that process be gone, the run ends.
 */
import { CopytaxError } from '../../errors.js';
import type { ResultDocument } from '../result/result.js';
import type { Progress } from '../run/runner.js';

/** What goes through the channel, as JSON. */
export type RunMessage =
  | { readonly kind: 'progress'; readonly step: Progress }
  | { readonly kind: 'document'; readonly document: ResultDocument };

/** Sending takes CPU time, of which a run should have all. */
const PROGRESS_MS = 500;

/** Main thread only. */
export class RunReporter {
  readonly #send: (message: RunMessage, sent?: (error: Error | null) => void) => void;
  readonly #now: () => number;
  #last = Number.NEGATIVE_INFINITY;

  constructor(
    send: (message: RunMessage, sent?: (error: Error | null) => void) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#send = send;
    this.#now = now;
  }

  /** Opens the channel to the process that started this one. @throws ERR_USAGE if there is none */
  static open(): RunReporter {
    if (process.send === undefined) {
      throw new CopytaxError('ERR_USAGE', '--as-run is for runs that --runs has started: leave it out');
    }
    process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
    // Waiting for that must not keep the process alive.
    process.channel?.unref();
    return new RunReporter((message, sent) => {
      if (process.connected) process.send!(message, undefined, undefined, sent);
    });
  }

  /** Call it only between measurements. */
  progress(step: Progress): void {
    const now = this.#now();
    if (now - this.#last < PROGRESS_MS) return;
    this.#last = now;
    this.#send({ kind: 'progress', step });
  }

  /** Resolves when the document is on its way, so that the process may exit. */
  finish(document: ResultDocument): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#send({ kind: 'document', document }, (error) => (error === null ? resolve() : reject(error)));
    });
  }
}
