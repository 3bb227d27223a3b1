/**
 * Completions of sends whose memory belongs to the user: the numbers of the sends whose memory may be used again.
 * Models: the notifications of MSG_ZEROCOPY in the error queue of a socket (net/core/skbuff.c):
 * docs/spec/tx-path.md#the-owner-object. Sends are numbered, and an owner of consecutive sends completes them together.
 * What completes is merged with the newest notification that waits, if it follows it and was copied or not copied as
 * that was. Room for a notification is taken before a send, so none is ever lost.
 * Threads: `begin`, `extend`, `undo` and `take` by the sender, which owns the socket; `complete` on any CPU.
 */
import { CopytaxError } from '../errors.js';
import { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { LOCK_WORDS, lock, unlock } from '../smp/spin-lock.js';
import { isPowerOfTwo } from '../units.js';

const RECORD = Arena.recordOfLines(
  {
    lock: LOCK_WORDS,
    // Under the lock:
    head: 'i32', // ordinal of the oldest notification that waits
    tail: 'i32', // ordinal of the next one
    completed: 'i32', // sends, modulo 2^32
    room: 'i32', // notifications that merging has made superfluous since the sender last looked
  },
  {
    // Of the sender:
    next: 'i32', // number of the next send, modulo 2^32
    reserved: 'i32', // notifications that wait or may still come
    taken: 'i32', // sends whose completion the sender has read, modulo 2^32
    sum: 'i32', // of their numbers, modulo 2^32
  },
);
const { stride: STRIDE } = RECORD;
const { lock: LOCK, head: HEAD, tail: TAIL, completed: COMPLETED, room: ROOM } = RECORD.at;
const { next: NEXT, reserved: RESERVED, taken: TAKEN, sum: SUM } = RECORD.at;

const NOTE = 3; // first send, last send, whether they were copied

/** Sends in one notification, at most. */
const MAX_SENDS = 2 ** 31 - 1;

export class CompletionTable {
  readonly sockets: number;
  /** Notifications of a socket that may wait or be outstanding at the same time. */
  readonly perSocket: number;
  readonly #words: Int32Array;
  readonly #notes: Int32Array;

  /** The first and the last send of the notification that `take` has read: 0 to 2^32 - 1; the last may be the lower. */
  lo = 0;
  hi = 0;
  /** True if the payload of these sends was copied after all. */
  wasCopied = false;

  /** `perSocket` is a power of two. @throws ERR_NOT_POWER_OF_TWO */
  constructor(arena: Arena, sockets: number, perSocket: number) {
    if (!isPowerOfTwo(perSocket)) {
      throw new CopytaxError('ERR_NOT_POWER_OF_TWO', `a socket cannot have room for ${perSocket} notifications`);
    }
    this.sockets = sockets;
    this.perSocket = perSocket;
    this.#words = arena.records(RECORD, sockets).words;
    this.#notes = arena.int32(sockets * perSocket * NOTE);
  }

  reset(): void {
    this.#words.fill(0);
    this.#notes.fill(0);
  }

  /** True if there is room for the notification of one more owner. The sender. */
  hasRoom(socket: number): boolean {
    const at = socket * STRIDE;
    if (this.#words[at + RESERVED]! < this.perSocket) return true;
    this.#words[at + RESERVED] = this.#words[at + RESERVED]! - Atomics.exchange(this.#words, at + ROOM, 0);
    return this.#words[at + RESERVED]! < this.perSocket;
  }

  /** Numbers a send whose owner is new, and takes room for its notification. Returns the number. The sender. */
  begin(socket: number): number {
    if (!this.hasRoom(socket)) {
      const message = `socket ${socket} has no room for more than ${this.perSocket} notifications`;
      throw new CopytaxError('ERR_OUT_OF_RANGE', message, { socket });
    }
    this.#words[socket * STRIDE + RESERVED]!++;
    return this.extend(socket);
  }

  /** Numbers a send that completes together with the one before it. Returns the number. The sender. */
  extend(socket: number): number {
    const at = socket * STRIDE + NEXT;
    const number = this.#words[at]!;
    this.#words[at] = (number + 1) | 0;
    return number >>> 0;
  }

  /** Takes the last number back: the send did not take place. `began`: it came from `begin`. The sender. */
  undo(socket: number, began: boolean): void {
    const at = socket * STRIDE;
    this.#words[at + NEXT] = (this.#words[at + NEXT]! - 1) | 0;
    if (began) this.#words[at + RESERVED]!--;
  }

  /** Completes an owner of `sends` consecutive sends, the first of which has the number `lo`. Any CPU, any context. */
  complete(cpu: Cpu, socket: number, lo: number, sends: number, copied: boolean): void {
    const words = this.#words;
    const at = socket * STRIDE;
    lock(cpu, words, at + LOCK);
    words[at + COMPLETED] = (words[at + COMPLETED]! + sends) | 0;
    const isMerged = this.#extendNewest(socket, lo | 0, sends, copied);
    if (isMerged) Atomics.add(words, at + ROOM, 1);
    const isKept = isMerged || this.#append(socket, lo | 0, sends, copied);
    unlock(words, at + LOCK);
    if (!isKept) throw unannounced(socket);
  }

  /** Reads the oldest notification into `lo`, `hi` and `wasCopied`. False when none waits. The sender. */
  take(cpu: Cpu, socket: number): boolean {
    const words = this.#words;
    const at = socket * STRIDE;
    // Plain reads, may be stale: the sender looks again.
    if (words[at + HEAD] === words[at + TAIL]) return false;
    lock(cpu, words, at + LOCK);
    const note = this.#noteAt(socket, words[at + HEAD]!);
    this.lo = this.#notes[note]! >>> 0;
    this.hi = this.#notes[note + 1]! >>> 0;
    this.wasCopied = this.#notes[note + 2] !== 0;
    words[at + HEAD] = (words[at + HEAD]! + 1) | 0;
    unlock(words, at + LOCK);
    words[at + RESERVED] = words[at + RESERVED]! - 1;
    const sends = (this.hi - this.lo + 1) >>> 0;
    words[at + TAKEN] = (words[at + TAKEN]! + sends) | 0;
    words[at + SUM] = (words[at + SUM]! + sumOf(this.lo, sends)) | 0;
    return true;
  }

  /** Sends that are not complete. Exact when no CPU is at work. */
  outstanding(socket: number): number {
    const at = socket * STRIDE;
    return (this.#words[at + NEXT]! - Atomics.load(this.#words, at + COMPLETED)) | 0;
  }

  /** Sends that are complete, and whose notification the sender has not read. Exact when no CPU is at work. */
  unread(socket: number): number {
    const at = socket * STRIDE;
    return (Atomics.load(this.#words, at + COMPLETED) - this.#words[at + TAKEN]!) | 0;
  }

  /** True if the numbers that the sender has read add up to those of all sends: it was told of each once. */
  isToldOfAll(socket: number): boolean {
    const at = socket * STRIDE;
    if (this.unread(socket) !== 0 || this.outstanding(socket) !== 0) return false;
    return this.#words[at + SUM] === sumOf(0, this.sends(socket));
  }

  /** Number of sends, modulo 2^32. */
  sends(socket: number): number {
    return this.#words[socket * STRIDE + NEXT]! >>> 0;
  }

  /** Notifications that wait. Exact when no CPU is at work. */
  waiting(socket: number): number {
    const at = socket * STRIDE;
    return (this.#words[at + TAIL]! - this.#words[at + HEAD]!) | 0;
  }

  #extendNewest(socket: number, lo: number, sends: number, copied: boolean): boolean {
    const at = socket * STRIDE;
    const tail = this.#words[at + TAIL]!;
    if (tail === this.#words[at + HEAD]) return false;
    const note = this.#noteAt(socket, (tail - 1) | 0);
    const [first, last] = [this.#notes[note]!, this.#notes[note + 1]!];
    if (((last + 1) | 0) !== lo || (this.#notes[note + 2] !== 0) !== copied) return false;
    if (((last - first) >>> 0) + 1 + sends > MAX_SENDS) return false;
    this.#notes[note + 1] = (last + sends) | 0;
    return true;
  }

  #append(socket: number, lo: number, sends: number, copied: boolean): boolean {
    const at = socket * STRIDE;
    const tail = this.#words[at + TAIL]!;
    if (((tail - this.#words[at + HEAD]!) | 0) >= this.perSocket) return false;
    const note = this.#noteAt(socket, tail);
    this.#notes[note] = lo;
    this.#notes[note + 1] = (lo + sends - 1) | 0;
    this.#notes[note + 2] = copied ? 1 : 0;
    this.#words[at + TAIL] = (tail + 1) | 0;
    return true;
  }

  #noteAt(socket: number, ordinal: number): number {
    return (socket * this.perSocket + (ordinal & (this.perSocket - 1))) * NOTE;
  }
}

/** Adds `count` numbers from `lo` on up, modulo 2^32. */
function sumOf(lo: number, count: number): number {
  const ends = lo + (lo + count - 1); // of the first and the last one; even for an odd count
  return count % 2 === 0 ? Math.imul(count / 2, ends) : Math.imul(count, ends / 2);
}

function unannounced(socket: number): CopytaxError {
  return new CopytaxError('ERR_INVARIANT', `socket ${socket} was notified of a send that had not begun`, { socket });
}
