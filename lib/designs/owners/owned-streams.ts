/**
 * What sockets know of their owners of payload: which one is being filled, and where in the stream each skb begins.
 * Models: the tail of the list of net_txbufs of a socket, and its highest acknowledged byte:
 * docs/spec/tx-path.md#the-owner-object.
 * Threads: the caller holds the socket lock; an skb belongs to the thread that fills or splits it.
 */
import type { SkbTable } from '../../net/skb.js';
import type { SocketTable } from '../../net/socket.js';
import { NO_TX_BUF } from '../../owner/tx-buf.js';
import type { Arena } from '../../smp/arena.js';

const STRIDE = 32; // a line for each socket
const TAIL = 0; // id + 1
const DEVICE = 1;
const OLDEST = 2;

/** No skb of the socket is live. */
export const NO_SKB = -1;

export class OwnedStreams {
  readonly #skbs: SkbTable;
  readonly #sockets: SocketTable;
  readonly #words: Int32Array;
  readonly #starts: Int32Array;

  constructor(arena: Arena, skbs: SkbTable, sockets: SocketTable) {
    this.#skbs = skbs;
    this.#sockets = sockets;
    this.#words = arena.int32(sockets.limits.sockets * STRIDE);
    this.#starts = arena.int32(skbs.count);
  }

  reset(): void {
    this.#words.fill(0);
  }

  /** The owner that is being filled, to which the socket holds a reference; or `NO_TX_BUF`. */
  tail(socket: number): number {
    return this.#words[socket * STRIDE + TAIL]! - 1;
  }

  /** The device whose memory was asked for when the tail was made. */
  deviceOfTail(socket: number): number {
    return this.#words[socket * STRIDE + DEVICE]!;
  }

  setTail(socket: number, id: number, device: number): void {
    this.#words[socket * STRIDE + TAIL] = id + 1;
    this.#words[socket * STRIDE + DEVICE] = device;
  }

  /** Gives up the tail. Returns what it was; the caller drops the socket's reference. */
  takeTail(socket: number): number {
    const tail = this.tail(socket);
    this.#words[socket * STRIDE + TAIL] = NO_TX_BUF + 1;
    return tail;
  }

  /** Position of the first byte of an skb in its stream. */
  start(skb: number): number {
    return this.#starts[skb]!;
  }

  setStart(skb: number, position: number): void {
    this.#starts[skb] = position;
  }

  /**
   * The skb with the oldest bytes of the stream, or `NO_SKB`. An skb that is acknowledged has its bytes until the
   * device is done with it. No skb of the socket is being filled.
   */
  oldestSkb(socket: number): number {
    const skbs = this.#skbs;
    const sockets = this.#sockets;
    const { skbsPerSocket } = sockets.limits;
    const at = socket * STRIDE + OLDEST;
    const end = sockets.end(socket);
    let oldest = this.#words[at]!;
    // A record is used again only when the skb before was freed.
    if (((end - oldest) | 0) > skbsPerSocket) oldest = (end - skbsPerSocket) | 0;
    while (oldest !== end && skbs.isFree(sockets.skb(socket, oldest))) oldest = (oldest + 1) | 0;
    this.#words[at] = oldest;
    return oldest === end ? NO_SKB : sockets.skb(socket, oldest);
  }
}
