/**
 * The lock of each socket, held by a sender in process context or by a softirq: see
 * docs/spec/tx-path.md#backlog-of-an-owned-socket.
 * Models: socket_lock_t (include/net/sock.h): lock_sock and release_sock of a sender that owns the socket, bh_lock_sock
 * of a softirq, which leaves its work in the backlog of an owned socket. Deviation: acknowledgements are cumulative, so
 * the backlog is one bit.
 * Threads: any.
 */
import { CopytaxError } from '../errors.js';
import type { Cpu } from '../smp/cpu.js';

const PAUSES = 8;

const FREE = 0;
const OWNED = 1; // by a sender
const BH_LOCKED = 2; // by a softirq
const BACKLOG = 4; // with OWNED: a softirq left work

/** The locks of all sockets, by number of the socket. Threads: any. */
export class SocketLocks {
  readonly #words: Int32Array;
  readonly #stride: number;
  readonly #at: number;

  /** The lock of socket i is word `at` + i * `stride`. */
  constructor(words: Int32Array, stride: number, at: number) {
    this.#words = words;
    this.#stride = stride;
    this.#at = at;
  }

  /** A sender locks the socket; process context. Waits while a softirq of another CPU holds the lock. */
  lockSock(cpu: Cpu, socket: number): void {
    const at = socket * this.#stride + this.#at;
    while (Atomics.compareExchange(this.#words, at, FREE, OWNED) !== FREE) wait(cpu, socket);
  }

  /**
   * Releases an owned socket. When a softirq left work in the backlog, clears the backlog, keeps the lock, returns
   * false.
   */
  releaseSock(socket: number): boolean {
    const at = socket * this.#stride + this.#at;
    if (Atomics.compareExchange(this.#words, at, OWNED, FREE) === OWNED) return true;
    Atomics.store(this.#words, at, OWNED);
    return false;
  }

  /** A softirq locks the socket; when a sender owns it, leaves the work in its backlog and returns false. */
  bhLockOrBacklog(cpu: Cpu, socket: number): boolean {
    const at = socket * this.#stride + this.#at;
    for (;;) {
      const state = Atomics.compareExchange(this.#words, at, FREE, BH_LOCKED);
      if (state === FREE) return true;
      if (state & BACKLOG) return false;
      if (state === OWNED && Atomics.compareExchange(this.#words, at, OWNED, OWNED | BACKLOG) === OWNED) return false;
      wait(cpu, socket);
    }
  }

  /** A softirq releases the socket. */
  bhUnlock(socket: number): void {
    Atomics.store(this.#words, socket * this.#stride + this.#at, FREE);
  }
}

/** A softirq of another CPU holds the lock for as long as it takes to transmit what may be transmitted. */
function wait(cpu: Cpu, socket: number): void {
  cpu.list.relax(PAUSES);
  if (!cpu.table.isAborted()) return;
  throw new CopytaxError('ERR_ABORTED', `CPU ${cpu.id} waited for socket ${socket} when another thread gave up`);
}
