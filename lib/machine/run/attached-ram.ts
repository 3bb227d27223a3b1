/**
 * The region that is a machine's memory, as a worker thread has it: attached when a message names it, and kept until a
 * message names another one.
 * Owner: the thread that attaches it.
 */
import { Region } from '../../memory/region.js';

export class AttachedRam {
  #region: Region | null = null;

  /** Returns the region with this id. Throws what `Region.attach` throws. */
  attach(id: number): Region {
    if (this.#region?.id === id) return this.#region;
    this.release();
    this.#region = Region.attach(id);
    return this.#region;
  }

  /** Lets go of the region, so that its memory is free once its owner has closed it. Idempotent. */
  release(): void {
    this.#region?.close();
    this.#region = null;
  }
}
