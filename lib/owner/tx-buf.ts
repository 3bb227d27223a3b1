/**
 * Owners of payload: one reference count for memory that many fragments of several skbs lie in.
 * Models: net_txbuf as argued for on the list: docs/spec/tx-path.md#the-owner-object. An skb holds one reference on the
 * owner in which its first byte lies, and an owner holds one on its successor in the stream, so that an skb which spans
 * several owners is safe. Fragments hold none. Deviation: the owners of a socket are a ring, like its skbs
 * (docs/design/0003-records-and-rings.md), so that there is no allocator of owners and no lock for one.
 * Threads: the caller holds the socket lock, unless a method says otherwise.
 */
import { CopytaxError } from '../errors.js';
import { MAX_BUFFERS } from '../model-limits.js';
import { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { OwnerRings } from './owner-rings.js';
import { isBefore } from './stream-position.js';

/** What an owner owns: buffers that it was filled in, pinned memory of a user, or memory with a destructor. */
export const TX_BUF_TYPE = { buffered: 1, zcopyUser: 2, zcopyKernel: 3 } as const;
export type TxBufType = (typeof TX_BUF_TYPE)[keyof typeof TX_BUF_TYPE];

/** No owner: returned when the ring is full, and by `next` for the last one of a chain. */
export const NO_TX_BUF = -1;

/** Highest number of entries of an owner of a type that is not `buffered`. */
export const MAX_ENTRIES = 12;

/** Words of a part: of a buffer, or of an entry. */
export const PART_WORDS = 3;
/** The layout of a record, which `ZeroCopyEntries` and the buffers of type `buffered` use too. */
export const TX_BUF = Arena.recordOfLines(
  {
    // Written by all, atomically:
    refs: 'i32',
    inUse: 'i32',
    copied: 'i32',
    sharers: 'i32', // skbs that begin here and are not of the socket's ring
  },
  {
    // Written under the socket lock, and read by all that hold a reference:
    type: 'i32',
    socket: 'i32',
    device: 'i32',
    next: 'i32', // id + 1
    parts: 'i32', // how many there are
    current: 'i32', // number of the buffer that is being filled
    freed: 'i32', // how many buffers at the front were freed early
    charged: 'i32',
    low: 'i32',
    high: 'i32',
    start: 'i32',
    end: 'i32',
    firstPart: MAX_BUFFERS * PART_WORDS,
  },
);
const { stride: STRIDE } = TX_BUF;
const { refs: REFS, inUse: IN_USE, copied: COPIED, type: TYPE, socket: SOCKET, device: DEVICE } = TX_BUF.at;
const { next: NEXT, parts: PARTS, current: CURRENT, freed: FREED, charged: CHARGED, sharers: SHARERS } = TX_BUF.at;
const { low: LOW, high: HIGH, start: START, end: END } = TX_BUF.at;
/** Fields that are 0 in a new owner. */
const CLEARED = [COPIED, SHARERS, DEVICE, NEXT, PARTS, CURRENT, FREED, CHARGED, LOW, HIGH];

/** Called when the last reference to an owner is gone. */
export interface TxBufDestructor {
  /** Returns what the owner held. Any CPU; must not sleep, and drops no reference to the successor. */
  destroy(cpu: Cpu, id: number): void;
}

export class TxBufTable {
  readonly sockets: number;
  /** Owners of one socket that may be live at the same time. */
  readonly perSocket: number;
  /** Of all records, for the classes that keep the parts of an owner. */
  readonly words: Int32Array;
  readonly #rings: OwnerRings;

  /** `perSocket` is a power of two. @throws ERR_NOT_POWER_OF_TWO */
  constructor(arena: Arena, sockets: number, perSocket: number) {
    this.sockets = sockets;
    this.perSocket = perSocket;
    this.#rings = new OwnerRings(arena, sockets, perSocket);
    this.words = arena.records(TX_BUF, sockets * perSocket).words;
  }

  reset(): void {
    this.words.fill(0);
    this.#rings.reset();
  }

  /**
   * Makes an owner of bytes of the stream from `start` on, without any yet. The caller holds its one reference. Returns
   * `NO_TX_BUF` while the next record of the ring is in use.
   */
  alloc(socket: number, type: TxBufType, start: number): number {
    const { words } = this;
    const id = this.#rings.next(socket);
    const at = id * STRIDE;
    if (Atomics.load(words, at + IN_USE) !== 0) return NO_TX_BUF;
    this.#rings.advance(socket);
    words[at + TYPE] = type;
    words[at + SOCKET] = socket;
    for (let field = 0; field < CLEARED.length; field++) words[at + CLEARED[field]!] = 0;
    words[at + START] = start;
    words[at + END] = start;
    words[at + IN_USE] = 1;
    Atomics.store(words, at + REFS, 1);
    return id;
  }

  /** The oldest owner of a socket that is not freed, or `NO_TX_BUF`. It may be freed at any time, unless referenced. */
  oldest(socket: number): number {
    const span = this.#rings.span(socket, this);
    return span === 0 ? NO_TX_BUF : this.#rings.before(socket, span);
  }

  /** Owners of a socket from the oldest one that is not freed to the newest. */
  span(socket: number): number {
    return this.#rings.span(socket, this);
  }

  /** True until everything that the owner held is returned. Any thread. */
  isLive(id: number): boolean {
    return Atomics.load(this.words, id * STRIDE + IN_USE) !== 0;
  }

  /** References to the owner. Any thread. */
  refs(id: number): number {
    return Atomics.load(this.words, id * STRIDE + REFS);
  }

  /** True if only the caller has a reference: what others did with the memory is done. */
  isSoleHolder(id: number): boolean {
    // A plain read first: being stale costs a missed reuse at most, and most owners have other references.
    return this.words[id * STRIDE + REFS] === 1 && this.refs(id) === 1;
  }

  /** Takes a reference beside one that the caller relies on. Any thread. @throws ERR_DOUBLE_FREE for a freed owner */
  get(id: number): void {
    this.#count('get', id, 1);
  }

  /** Takes a reference unless the owner is being freed. */
  tryGet(id: number): boolean {
    for (let refs = this.refs(id); refs > 0; refs = this.refs(id)) {
      if (Atomics.compareExchange(this.words, id * STRIDE + REFS, refs, refs + 1) === refs) return true;
    }
    return false;
  }

  /** Drops a reference. True for the last: see `release`. Any thread. @throws ERR_DOUBLE_FREE when there is none */
  put(id: number): boolean {
    return this.#count('put', id, -1) === 1;
  }

  /**
   * Drops a reference, and destroys what is not referenced any more: the owner, and those after it that only their
   * predecessor held. Any thread.
   */
  release(cpu: Cpu, id: number, destructor: TxBufDestructor): void {
    let at = id;
    while (at !== NO_TX_BUF && this.put(at)) {
      const next = this.next(at);
      destructor.destroy(cpu, at);
      Atomics.store(this.words, at * STRIDE + IN_USE, 0);
      at = next;
    }
  }

  type(id: number): TxBufType {
    return this.words[id * STRIDE + TYPE] as TxBufType;
  }

  socket(id: number): number {
    return this.words[id * STRIDE + SOCKET]!;
  }

  /** The device whose bounce memory the owner holds, with one reference; `NO_DEVICE` for none. */
  device(id: number): number {
    return this.words[id * STRIDE + DEVICE]!;
  }

  setDevice(id: number, device: number): void {
    this.words[id * STRIDE + DEVICE] = device;
  }

  /** The owner of the bytes that follow, or `NO_TX_BUF`. For a thread that holds a reference. */
  next(id: number): number {
    return this.words[id * STRIDE + NEXT]! - 1;
  }

  /** Makes `next` the successor, which is referenced from now on. */
  link(id: number, next: number): void {
    this.get(next);
    this.words[id * STRIDE + NEXT] = next + 1;
  }

  /**
   * Takes a reference on the owner in which byte `position` of the stream lies, from `id` on: that of the second skb
   * where one that begins in `id` is split. Returns it. @throws ERR_OUT_OF_RANGE for a byte of no owner
   */
  split(id: number, position: number): number {
    let at = id;
    while (at !== NO_TX_BUF && !isBefore(position, this.end(at))) at = this.next(at);
    if (at === NO_TX_BUF || isBefore(position, this.start(at))) {
      const message = `byte ${position} lies in no owner from ${id} on, where the stream is at ${this.start(id)}`;
      throw new CopytaxError('ERR_OUT_OF_RANGE', message, { owner: id, position });
    }
    this.get(at);
    return at;
  }

  /** Position of the first byte: see `isBefore`. For a thread that holds a reference, as for `end`. */
  start(id: number): number {
    return this.words[id * STRIDE + START]!;
  }

  /** Position behind the last byte. */
  end(id: number): number {
    return this.words[id * STRIDE + END]!;
  }

  setStart(id: number, position: number): void {
    this.words[id * STRIDE + START] = position;
  }

  setEnd(id: number, position: number): void {
    this.words[id * STRIDE + END] = position;
  }

  /** Adds to the count of references. Returns what it was. */
  #count(verb: string, id: number, by: number): number {
    const before = Atomics.add(this.words, id * STRIDE + REFS, by);
    if (before > 0) return before;
    Atomics.sub(this.words, id * STRIDE + REFS, by);
    throw new CopytaxError('ERR_DOUBLE_FREE', `${verb} of owner ${id}, to which there is no reference`, { owner: id });
  }
}
