/**
 * The buffers of an owner of type `buffered`, filled one after the other by bumping an offset.
 * Models: the buffered part of net_txbuf, with the mitigation for long chains: docs/spec/tx-path.md#the-owner-object.
 * The bytes of the stream lie in the buffers in order, so that a position in the stream says how far they are needed.
 * Threads: the caller holds the socket lock and a reference; `pfn` and `order` are also for the destructor.
 */

import { MAX_BUFFERS } from '../model-limits.js';
import { PAGE_SIZE } from '../units.js';
import { isBefore } from './stream-position.js';
import { PART_WORDS, TX_BUF, type TxBufTable } from './tx-buf.js';

const { stride: STRIDE } = TX_BUF;
const { parts: PARTS, current: CURRENT, freed: FREED, sharers: SHARERS, firstPart: FIRST_PART } = TX_BUF.at;
const ORDER = 1;
const USED = 2;

export class Buffers {
  readonly #owners: TxBufTable;

  constructor(owners: TxBufTable) {
    this.#owners = owners;
  }

  /** Adds a buffer of 2^order pages, to be filled after those before it; false when there are `MAX_BUFFERS`. */
  add(id: number, pfn: number, order: number): boolean {
    const { words } = this.#owners;
    const count = this.count(id);
    if (count === MAX_BUFFERS) return false;
    const at = bufferAt(id, count);
    words[at] = pfn;
    words[at + ORDER] = order;
    words[at + USED] = 0;
    words[id * STRIDE + PARTS] = count + 1;
    return true;
  }

  /** Buffers that the owner was given, those that were freed early included. */
  count(id: number): number {
    return this.#owners.words[id * STRIDE + PARTS]!;
  }

  /** True if the last buffer is a single page, as when memory is in pieces. */
  hasSinglePages(id: number): boolean {
    const count = this.count(id);
    return count > 0 && this.order(id, count - 1) === 0;
  }

  /** Number of the first buffer that was not freed early. */
  first(id: number): number {
    return this.#owners.words[id * STRIDE + FREED]!;
  }

  pfn(id: number, buffer: number): number {
    return this.#owners.words[bufferAt(id, buffer)]!;
  }

  order(id: number, buffer: number): number {
    return this.#owners.words[bufferAt(id, buffer) + ORDER]!;
  }

  /** Bytes of the stream that lie in a buffer. */
  used(id: number, buffer: number): number {
    return this.#owners.words[bufferAt(id, buffer) + USED]!;
  }

  /** Room in the buffer that is being filled, bytes. If it is less than `needed`, the next buffer is filled. */
  room(id: number, needed: number): number {
    const { words } = this.#owners;
    const count = this.count(id);
    let current = words[id * STRIDE + CURRENT]!;
    while (current < count) {
      const room = this.#size(id, current) - this.used(id, current);
      if (room >= needed) return room;
      current++;
      words[id * STRIDE + CURRENT] = current;
    }
    return 0;
  }

  /** Page of the buffer that `room` found room in; the next byte lies at `fillOffset` in it. */
  fillPfn(id: number): number {
    return this.pfn(id, this.#owners.words[id * STRIDE + CURRENT]!);
  }

  fillOffset(id: number): number {
    return this.used(id, this.#owners.words[id * STRIDE + CURRENT]!);
  }

  /** Appends bytes of the stream, for which `room` has found room. Takes no reference. */
  bump(id: number, bytes: number): void {
    const { words } = this.#owners;
    const at = bufferAt(id, words[id * STRIDE + CURRENT]!) + USED;
    words[at] = words[at]! + bytes;
    this.#owners.setEnd(id, (this.#owners.end(id) + bytes) | 0);
  }

  /** Notes an skb that begins in the owner and is not in the socket's ring. Any thread that holds a reference. */
  addSharer(id: number): void {
    Atomics.add(this.#owners.words, id * STRIDE + SHARERS, 1);
  }

  /** Notes that such an skb is being released. Before its reference is dropped. */
  dropSharer(id: number): void {
    Atomics.sub(this.#owners.words, id * STRIDE + SHARERS, 1);
  }

  /** True while skbs that are not in the socket's ring may cover any buffer of the owner. */
  isShared(id: number): boolean {
    return Atomics.load(this.#owners.words, id * STRIDE + SHARERS) !== 0;
  }

  /**
   * Removes the buffers at the front that lie below `position` as a whole and will not be filled any more. No live skb
   * may begin below `position`. Writes the numbers of the first and of the last one + 1 to `range`: they keep their
   * contents, and the caller frees them. False if there are none.
   */
  takeBelow(id: number, position: number, range: { from: number; to: number }): boolean {
    const { words } = this.#owners;
    const current = words[id * STRIDE + CURRENT]!;
    let buffer = this.first(id);
    let end = this.#owners.start(id);
    range.from = buffer;
    while (buffer < current && !isBefore(position, end + this.used(id, buffer))) {
      end = (end + this.used(id, buffer)) | 0;
      buffer++;
    }
    range.to = buffer;
    if (range.to === range.from) return false;
    words[id * STRIDE + FREED] = buffer;
    this.#owners.setStart(id, end);
    return true;
  }

  /**
   * Makes a drained owner as it was before its first byte, without the buffers that were freed early. No skb begins in
   * it or reaches into it.
   */
  rewind(id: number): void {
    const { words } = this.#owners;
    const at = id * STRIDE;
    const freed = words[at + FREED]!;
    const left = words[at + PARTS]! - freed;
    if (freed > 0) words.copyWithin(bufferAt(id, 0), bufferAt(id, freed), bufferAt(id, freed + left));
    for (let buffer = 0; buffer < left; buffer++) words[bufferAt(id, buffer) + USED] = 0;
    words[at + PARTS] = left;
    words[at + CURRENT] = 0;
    words[at + FREED] = 0;
    this.#owners.setStart(id, this.#owners.end(id));
  }

  #size(id: number, buffer: number): number {
    return PAGE_SIZE << this.order(id, buffer);
  }
}

function bufferAt(id: number, buffer: number): number {
  return id * STRIDE + FIRST_PART + buffer * PART_WORDS;
}
