/**
 * In which order the records of a table of owners are used: those of a socket form a ring, as its skbs do
 * (docs/design/0003-records-and-rings.md).
 * Threads: the caller holds the socket lock.
 */
import { CopytaxError } from '../errors.js';
import type { Arena } from '../smp/arena.js';
import { isPowerOfTwo } from '../units.js';

const STRIDE = 32; // a line for each socket
// Ordinals:
const OLDEST = 0; // of an owner that may be live
const NEXT = 1; // of the next new one

/** What knows which records are in use. */
export interface OwnerRecords {
  isLive(id: number): boolean;
}

export class OwnerRings {
  /** Records of a socket. */
  readonly perSocket: number;
  readonly #words: Int32Array;

  /** `perSocket` is a power of two. @throws ERR_NOT_POWER_OF_TWO */
  constructor(arena: Arena, sockets: number, perSocket: number) {
    if (!isPowerOfTwo(perSocket)) {
      throw new CopytaxError('ERR_NOT_POWER_OF_TWO', `a socket cannot have a ring of ${perSocket} owners`);
    }
    this.perSocket = perSocket;
    this.#words = arena.int32(sockets * STRIDE);
  }

  reset(): void {
    this.#words.fill(0);
  }

  /** The record that is to be used next, if it is free. */
  next(socket: number): number {
    return this.#at(socket, this.#words[socket * STRIDE + NEXT]!);
  }

  /** Notes that the next record is used. */
  advance(socket: number): void {
    const at = socket * STRIDE + NEXT;
    this.#words[at] = (this.#words[at]! + 1) | 0;
  }

  /** Records from the oldest one in use, or the next one if there is none, up to the next one. */
  span(socket: number, records: OwnerRecords): number {
    const next = this.#words[socket * STRIDE + NEXT]!;
    let oldest = this.#words[socket * STRIDE + OLDEST]!;
    // Where the ring has come round, what was there before was freed.
    if (((next - oldest) | 0) > this.perSocket) oldest = (next - this.perSocket) | 0;
    while (oldest !== next && !records.isLive(this.#at(socket, oldest))) oldest = (oldest + 1) | 0;
    this.#words[socket * STRIDE + OLDEST] = oldest;
    return (next - oldest) | 0;
  }

  /** The record `distance` before the next one. */
  before(socket: number, distance: number): number {
    return this.#at(socket, (this.#words[socket * STRIDE + NEXT]! - distance) | 0);
  }

  #at(socket: number, ordinal: number): number {
    return socket * this.perSocket + (ordinal & (this.perSocket - 1));
  }
}
