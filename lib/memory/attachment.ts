/**
 * What the Regions of one id have in common in this thread: one buffer, and the uses that keep the memory. A Region is
 * one use until it is closed and its leases are given back. The last use to go closes the memory.
 */

import { addon } from '../addon/addon.js';
import { CopytaxError } from '../errors.js';

/** By buffer, and not by id: a buffer that is collected takes the uses of Regions that were never closed with it. */
const attachments = new WeakMap<ArrayBuffer, Attachment>();

/** Owner: one thread. */
export class Attachment {
  readonly #id: number;
  #uses = 0;
  /** Each says how many references packets have to the region. */
  readonly #holds = new Set<() => number>();
  #waiting: (() => void)[] = [];

  private constructor(id: number) {
    this.#id = id;
  }

  static of(id: number, buffer: ArrayBuffer): Attachment {
    const known = attachments.get(buffer) ?? new Attachment(id);
    attachments.set(buffer, known);
    return known;
  }

  enter(): void {
    this.#uses++;
  }

  leave(): void {
    if (--this.#uses === 0) addon().regionClose(this.#id);
  }

  hold(inFlight: () => number): () => void {
    this.#holds.add(inFlight);
    return () => {
      this.#holds.delete(inFlight);
      if (this.#holds.size > 0) return;
      for (const resume of this.#waiting) resume();
      this.#waiting = [];
    };
  }

  /** Resolves when nothing holds the region. */
  async unheld(): Promise<void> {
    while (this.#holds.size > 0) await new Promise<void>((resume) => this.#waiting.push(resume));
  }

  /** @throws ERR_IN_FLIGHT while the region is held */
  requireUnheld(): void {
    if (this.#holds.size === 0) return;
    const references = [...this.#holds].reduce((sum, inFlight) => sum + inFlight(), 0);
    const why = `it is registered, and packets have ${references} references to it`;
    const message = `region ${this.#id} cannot be closed: ${why}; close its machine first, or unregister it`;
    throw new CopytaxError('ERR_IN_FLIGHT', message, { region: this.#id, references });
  }
}
