/**
 * Hangs the memory of send calls on skbs, which an owner keeps as it is: one owner for each call, or for several that
 * filled the same skb. An skb has one owner, so it is sealed when its owner cannot take the next call.
 * Models: tcp_sendmsg with MSG_ZEROCOPY or MSG_SPLICE_PAGES, msg_zerocopy_realloc (net/ipv4/tcp.c, net/core/skbuff.c):
 * docs/spec/tx-path.md#the-owner-object. Deviation: where Linux refuses a call whose memory may not be pinned
 * (ENOBUFS), it is copied as any other, and its notification says so.
 * Owner: the thread of its CPU; process context, under the socket lock.
 */
import type { Filler } from '../../net/filler.js';
import type { SkbTable } from '../../net/skb.js';
import type { SocketTable } from '../../net/socket.js';
import { NO_TX_BUF } from '../../owner/tx-buf.js';
import type { PageFrag } from '../../page/page-frag.js';
import type { Cpu } from '../../smp/cpu.js';
import type { Meter } from '../../smp/meter.js';
import type { MemoryRanges } from './memory-ranges.js';
import type { ZeroCopySends } from './zero-copy-sends.js';

/** Bytes up to which an owner takes another send call ("a few TSO"). */
const EXTENSIBLE_BYTES = 1 << 19;
/** Send calls of one owner. */
const MAX_SENDS = 65534;

export interface ZeroCopyFillerParts {
  readonly skbs: SkbTable;
  readonly sockets: SocketTable;
  readonly sends: ZeroCopySends;
  readonly ranges: MemoryRanges;
  /** Copies what may not be hung on skbs. */
  readonly copying: Filler;
  /** Times what it costs to keep memory as it is. */
  readonly takeTime: Meter;
  /** True if each skb is a datagram, which takes a whole call. */
  readonly isDatagram: boolean;
}

export class ZeroCopyFiller implements Filler {
  readonly #cpu: Cpu;
  readonly #parts: ZeroCopyFillerParts;
  /** Of the send call that is under way: its owner, once it has one, and whether it is copied after all. */
  #owner = NO_TX_BUF;
  #isOpen = false;
  #isCopied = false;

  constructor(cpu: Cpu, parts: ZeroCopyFillerParts) {
    this.#cpu = cpu;
    this.#parts = parts;
  }

  fill(skb: number, pfrag: PageFrag, userOffset: number, bytes: number): number {
    if (!this.#isOpen) this.#begin(this.#parts.skbs.socket(skb));
    if (!this.#isCopied) {
      const hung = this.#hang(skb, userOffset, bytes);
      if (!this.#isCopied || hung > 0) return hung;
    }
    return this.#copy(skb, pfrag, userOffset, bytes);
  }

  endSend(socket: number): void {
    this.#parts.copying.endSend(socket);
    this.#owner = NO_TX_BUF;
    this.#isOpen = false;
  }

  /** Begins a call: the sender reads what it is told of earlier ones. */
  #begin(socket: number): void {
    this.#isOpen = true;
    this.#isCopied = false;
    const { completions } = this.#parts.sends;
    if (completions === null) return;
    while (completions.take(this.#cpu, socket));
  }

  /** Hangs what fits on the skb. Returns 0 and sets `#isCopied` if the call has to be copied. */
  #hang(skb: number, from: number, bytes: number): number {
    const { skbs, sends, ranges, takeTime, isDatagram } = this.#parts;
    const length = ranges.fits(skb, from, bytes);
    if (length === 0 || (isDatagram && length < bytes)) return 0;
    const id = this.#ownerFor(skb, from, length);
    if (id === NO_TX_BUF) return 0;
    const isNew = id !== this.#owner && skbs.mark(skb) === 0;
    takeTime.begin();
    const isTaken = sends.take(id, from, length);
    takeTime.end();
    if (!isTaken) {
      if (isNew) sends.discard(this.#cpu, id);
      this.#isCopied = this.#owner === NO_TX_BUF; // otherwise the call ends here, and the next one is copied
      return 0;
    }
    this.#bind(skb, id, isNew);
    ranges.hang(skb, from, length);
    ranges.note(skb, from, length);
    return length;
  }

  #copy(skb: number, pfrag: PageFrag, from: number, bytes: number): number {
    const { skbs, sends, copying, isDatagram } = this.#parts;
    const id = this.#ownerFor(skb, from, bytes);
    if (id === NO_TX_BUF) return 0;
    const isNew = id !== this.#owner && skbs.mark(skb) === 0;
    const copied = copying.fill(skb, pfrag, from, bytes);
    if (copied === 0 || (isDatagram && copied < bytes)) {
      if (isNew) sends.discard(this.#cpu, id);
      return copied;
    }
    if (isNew) sends.entries.noteCopied(id);
    sends.owners.setEnd(id, sends.owners.end(id) + copied);
    this.#bind(skb, id, isNew);
    return copied;
  }

  /**
   * The owner of the call that is under way, or one that may become it: that of the skb, or a new one. `NO_TX_BUF`, if
   * there is none or the skb has one that cannot take the call; then the skb is sealed.
   */
  #ownerFor(skb: number, from: number, bytes: number): number {
    const { skbs, sockets, sends } = this.#parts;
    const ofSkb = skbs.mark(skb) - 1;
    if (ofSkb >= 0) {
      if (ofSkb === this.#owner || (this.#owner === NO_TX_BUF && this.#mayJoin(ofSkb, from, bytes))) return ofSkb;
      skbs.seal(skb);
      return NO_TX_BUF;
    }
    if (this.#owner !== NO_TX_BUF) return this.#owner;
    const socket = skbs.socket(skb);
    return sends.create(socket, sockets.sentBytes(socket));
  }

  /** True if a new call may join the calls of an owner. */
  #mayJoin(id: number, from: number, bytes: number): boolean {
    const { sends } = this.#parts;
    const { owners, entries } = sends;
    if (entries.wasCopied(id) !== this.#isCopied) return false;
    if (owners.end(id) - owners.start(id) + bytes > EXTENSIBLE_BYTES || sends.sends(id) >= MAX_SENDS) return false;
    return this.#isCopied || sends.hasRoomFor(id, from);
  }

  /** Gives the skb its owner, which the bytes that are added now belong to. */
  #bind(skb: number, id: number, isNew: boolean): void {
    const { skbs, sends } = this.#parts;
    const { owners } = sends;
    if (skbs.mark(skb) === 0) {
      if (!isNew) owners.get(id); // a new owner comes with the reference of its first skb
      skbs.setMark(skb, id + 1);
    }
    if (this.#owner === NO_TX_BUF) sends.number(id, isNew);
    this.#owner = id;
  }
}
