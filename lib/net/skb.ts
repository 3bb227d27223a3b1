/**
 * Socket buffers: a header and up to 17 fragments of pages.
 * Models: struct sk_buff with its shared info (include/linux/skbuff.h): docs/spec/tx-path.md#from-sendmsg-to-a-clone.
 * Deviations: an skb and its clone are one record with two references (dataref), since a clone shares the fragments and
 * at most one with the device; the skbs of a socket form a ring, since a stream queues and acknowledges them in order.
 * The fields of a record lie side by side, not in columns: a record travels between CPUs as a few cache lines
 * (docs/design/0003-records-and-rings.md).
 * Owner: the socket, until the skb is queued; then the transmit path and the acknowledgement together, by `dataref`.
 */
import { MAX_SKB_BYTES } from '../model-limits.js';
import { Arena } from '../smp/arena.js';
import { PAGE_SIZE } from '../units.js';

/** Highest number of fragments of an skb (MAX_SKB_FRAGS). */
export const MAX_FRAGS = 17;
/** Ethernet, IPv4 and TCP headers plus a virtio-net header, bytes. */
export const HEADER_BYTES = 66;
/** Room of the linear part of an skb, bytes. */
export const HEADER_ROOM = 256;
/** Bytes that an skb is charged for besides its payload: the structures themselves. */
export const SKB_OVERHEAD = 896;

const FRAG_WORDS = 3; // pfn, offset, bytes
/** The bit of `mark` that says that no bytes may be appended. */
const SEALED = 1 << 30;
/** Highest mark that a lifetime may set. */
export const MAX_MARK = SEALED - 1;
// With up to three fragments, all that the path of a packet reads and writes is in one cache line.
const RECORD = Arena.recordOfLines({
  dataref: 'i32',
  socket: 'i32',
  bytes: 'i32',
  frags: 'i32', // how many there are
  crc: 'i32',
  inUse: 'i32',
  mark: 'i32', // of the lifetime of the fragments, and whether bytes may be appended
  firstFrag: MAX_FRAGS * FRAG_WORDS,
  arrivesAt: 'f64',
  wireCrc: 'i32',
});
const { stride: STRIDE, doubleStride: DOUBLE_STRIDE } = RECORD;
const { dataref: DATAREF, socket: SOCKET, bytes: BYTES, frags: FRAGS, crc: CRC, inUse: IN_USE } = RECORD.at;
const { mark: MARK, firstFrag: FIRST_FRAG, arrivesAt: ARRIVES_AT, wireCrc: WIRE_CRC } = RECORD.at;

/** How the bytes of all skbs are copied. */
export interface CopyPolicy {
  /** Index of the copy kernel. */
  readonly copyKernel: number;
  /** Region whose offsets are physical addresses. */
  readonly ramRegion: number;
  /** Keep a CRC of what each skb was given, for a checking device. */
  readonly check: boolean;
}

/** The skbs of a machine, by number. Who may call what follows from who owns the skb: see the reference count. */
export class SkbTable {
  /** Number of skbs. */
  readonly count: number;
  /** Payload bytes at which an skb is full. */
  readonly maxBytes: number;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  /** Physical address of the first linear part. */
  readonly #headers: number;

  /** `headers`: physical address of `count` * 256 bytes for linear parts. */
  constructor(arena: Arena, count: number, headers: number, maxBytes = MAX_SKB_BYTES) {
    this.count = count;
    this.maxBytes = maxBytes;
    const { words, doubles } = arena.records(RECORD, count);
    this.#words = words;
    this.#doubles = doubles;
    this.#headers = headers;
  }

  /** Frees all skbs. One thread, before any other uses them. */
  reset(): void {
    this.#words.fill(0);
  }

  /** Makes a free record into an empty skb that its socket holds. */
  init(skb: number, socket: number): void {
    const words = this.#words;
    const at = skb * STRIDE;
    words[at + SOCKET] = socket;
    words[at + BYTES] = 0;
    words[at + FRAGS] = 0;
    words[at + CRC] = 0;
    words[at + MARK] = 0;
    words[at + DATAREF] = 1;
    words[at + IN_USE] = 1;
  }

  /**
   * Plain read: permits only writes, which no CPU makes before a read that they depend on
   * (docs/design/0004-stale-reads.md).
   */
  isFree(skb: number): boolean {
    return this.#words[skb * STRIDE + IN_USE] === 0;
  }

  /** References to the data: the socket holds one, and the clone that is being transmitted another. */
  dataref(skb: number): number {
    return Atomics.load(this.#words, skb * STRIDE + DATAREF);
  }

  /** Takes a reference to the data for the clone that is about to be queued. Only the caller knows of the clone yet. */
  clone(skb: number): void {
    const at = skb * STRIDE + DATAREF;
    this.#words[at] = this.#words[at]! + 1;
  }

  /** Drops a reference to the data. True for the last: the caller releases the fragments and then calls `recycle`. */
  putDataref(skb: number): boolean {
    return Atomics.sub(this.#words, skb * STRIDE + DATAREF, 1) === 1;
  }

  /** Frees the record: the socket may use it again. */
  recycle(skb: number): void {
    Atomics.store(this.#words, skb * STRIDE + IN_USE, 0);
  }

  /** The socket that it belongs to. */
  socket(skb: number): number {
    return this.#words[skb * STRIDE + SOCKET]!;
  }

  /** Payload bytes. */
  bytes(skb: number): number {
    return this.#words[skb * STRIDE + BYTES]!;
  }

  /** Notes that payload was appended. */
  addBytes(skb: number, bytes: number): void {
    const at = skb * STRIDE + BYTES;
    this.#words[at] = this.#words[at]! + bytes;
  }

  /** True if bytes may be appended. */
  hasRoom(skb: number): boolean {
    return this.bytes(skb) < this.maxBytes && this.frags(skb) < MAX_FRAGS && this.#words[skb * STRIDE + MARK]! < SEALED;
  }

  /** Lets nothing be appended any more, although there is room. */
  seal(skb: number): void {
    const at = skb * STRIDE + MARK;
    this.#words[at] = this.#words[at]! | SEALED;
  }

  /** What the lifetime of the fragments has noted, 0..`MAX_MARK`; 0 for a new skb. */
  mark(skb: number): number {
    return this.#words[skb * STRIDE + MARK]! & MAX_MARK;
  }

  /** Notes something for the lifetime of the fragments. The owner of the skb only. */
  setMark(skb: number, mark: number): void {
    const at = skb * STRIDE + MARK;
    this.#words[at] = (this.#words[at]! & SEALED) | mark;
  }

  /** Bytes that the socket is charged for the skb. */
  charge(skb: number): number {
    return this.bytes(skb) + SKB_OVERHEAD;
  }

  /** CRC-32C of the payload. */
  crc(skb: number): number {
    return this.#words[skb * STRIDE + CRC]! >>> 0;
  }

  /** Sets what `crc` returns. */
  setCrc(skb: number, crc: number): void {
    this.#words[skb * STRIDE + CRC] = crc;
  }

  /** CRC-32C of the payload and then the header, as they were transmitted last. */
  wireCrc(skb: number): number {
    return this.#words[skb * STRIDE + WIRE_CRC]! >>> 0;
  }

  /** Sets what `wireCrc` returns. */
  setWireCrc(skb: number, crc: number): void {
    this.#words[skb * STRIDE + WIRE_CRC] = crc;
  }

  /** Number of fragments, 0..`MAX_FRAGS`. */
  frags(skb: number): number {
    return this.#words[skb * STRIDE + FRAGS]!;
  }

  /** Page frame number of the first page of a fragment. */
  fragPfn(skb: number, frag: number): number {
    return this.#words[skb * STRIDE + FIRST_FRAG + frag * FRAG_WORDS]!;
  }

  /** Where a fragment begins in its page, bytes. */
  fragOffset(skb: number, frag: number): number {
    return this.#words[skb * STRIDE + FIRST_FRAG + frag * FRAG_WORDS + 1]!;
  }

  /** Physical address of a fragment. */
  fragAddress(skb: number, frag: number): number {
    return this.fragPfn(skb, frag) * PAGE_SIZE + this.fragOffset(skb, frag);
  }

  /** Length of a fragment, bytes. */
  fragBytes(skb: number, frag: number): number {
    return this.#words[skb * STRIDE + FIRST_FRAG + frag * FRAG_WORDS + 2]!;
  }

  /** Extends the last fragment if `pfn` + `offset` is where it ends; false when a new fragment is needed. */
  coalesce(skb: number, pfn: number, offset: number, bytes: number): boolean {
    const words = this.#words;
    const frags = words[skb * STRIDE + FRAGS]!;
    if (frags === 0) return false;
    const at = skb * STRIDE + FIRST_FRAG + (frags - 1) * FRAG_WORDS;
    if (words[at] !== pfn || words[at + 1]! + words[at + 2]! !== offset) return false;
    words[at + 2] = words[at + 2]! + bytes;
    return true;
  }

  /** Appends a fragment. The caller has checked that there is room, and holds a page reference for it. */
  addFrag(skb: number, pfn: number, offset: number, bytes: number): void {
    const words = this.#words;
    const frags = words[skb * STRIDE + FRAGS]!;
    const at = skb * STRIDE + FIRST_FRAG + frags * FRAG_WORDS;
    words[at] = pfn;
    words[at + 1] = offset;
    words[at + 2] = bytes;
    words[skb * STRIDE + FRAGS] = frags + 1;
  }

  /** Cuts an skb down to its first `frags` fragments, `lastBytes` of the last of them, and `bytes` of payload. */
  cut(skb: number, frags: number, lastBytes: number, bytes: number): void {
    const words = this.#words;
    const at = skb * STRIDE;
    if (frags > 0) words[at + FIRST_FRAG + (frags - 1) * FRAG_WORDS + 2] = lastBytes;
    words[at + FRAGS] = frags;
    words[at + BYTES] = bytes;
  }

  /** Physical address of the linear part. */
  header(skb: number): number {
    return this.#headers + skb * HEADER_ROOM;
  }

  /** Time at which the skb arrives at the peer, nanoseconds. */
  arrivesAt(skb: number): number {
    return this.#doubles[skb * DOUBLE_STRIDE + ARRIVES_AT]!;
  }

  /** Sets what `arrivesAt` returns. */
  setArrivesAt(skb: number, ns: number): void {
    this.#doubles[skb * DOUBLE_STRIDE + ARRIVES_AT] = ns;
  }
}
