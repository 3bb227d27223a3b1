/**
 * What owners of memory that was not copied hold besides their references: which memory it is, and what its sender is
 * told when the last reference to it is gone.
 * Models: the part of net_txbuf for MSG_ZEROCOPY and for buffers of Linux itself, with ubuf_info and its completion:
 * docs/spec/tx-path.md#the-owner-object.
 * Threads: the caller holds the socket lock, or is the destructor; `noteCopied` for any that holds a reference.
 */
import { PAGE_SIZE } from '../units.js';
import { MAX_ENTRIES, PART_WORDS, TX_BUF, type TxBufTable } from './tx-buf.js';

const { stride: STRIDE } = TX_BUF;
const { copied: COPIED, parts: PARTS, charged: CHARGED, low: LOW, high: HIGH, firstPart: FIRST_PART } = TX_BUF.at;
const OFFSET = 1;
const BYTES = 2;

export class ZeroCopyEntries {
  readonly #owners: TxBufTable;

  constructor(owners: TxBufTable) {
    this.#owners = owners;
  }

  /** Adds memory, of any number of pages; false when the owner has `MAX_ENTRIES` already. */
  add(id: number, phys: number, bytes: number): boolean {
    const { words } = this.#owners;
    const at = id * STRIDE;
    const count = words[at + PARTS]!;
    if (count === MAX_ENTRIES) return false;
    const entry = at + FIRST_PART + count * PART_WORDS;
    words[entry] = Math.floor(phys / PAGE_SIZE);
    words[entry + OFFSET] = phys % PAGE_SIZE;
    words[entry + BYTES] = bytes;
    words[at + PARTS] = count + 1;
    this.#owners.setEnd(id, (this.#owners.end(id) + bytes) | 0);
    return true;
  }

  /** Adds the bytes that follow the last entry to it. */
  grow(id: number, bytes: number): void {
    const { words } = this.#owners;
    const at = id * STRIDE;
    const entry = at + FIRST_PART + (words[at + PARTS]! - 1) * PART_WORDS;
    words[entry + BYTES] = words[entry + BYTES]! + bytes;
    this.#owners.setEnd(id, this.#owners.end(id) + bytes);
  }

  /** How many entries the owner has. */
  count(id: number): number {
    return this.#owners.words[id * STRIDE + PARTS]!;
  }

  /** Physical address of an entry. */
  address(id: number, entry: number): number {
    const at = id * STRIDE + FIRST_PART + entry * PART_WORDS;
    return this.#owners.words[at]! * PAGE_SIZE + this.#owners.words[at + OFFSET]!;
  }

  bytes(id: number, entry: number): number {
    return this.#owners.words[id * STRIDE + FIRST_PART + entry * PART_WORDS + BYTES]!;
  }

  /** Sets which sends of its socket complete with the owner: numbers `low` to `high`, which are 32 bits and wrap. */
  setSends(id: number, low: number, high: number): void {
    this.#owners.words[id * STRIDE + LOW] = low;
    this.#owners.words[id * STRIDE + HIGH] = high;
  }

  lowSend(id: number): number {
    return this.#owners.words[id * STRIDE + LOW]! >>> 0;
  }

  highSend(id: number): number {
    return this.#owners.words[id * STRIDE + HIGH]! >>> 0;
  }

  /** Notes that the memory was copied after all, which the completion tells. */
  noteCopied(id: number): void {
    Atomics.store(this.#owners.words, id * STRIDE + COPIED, 1);
  }

  wasCopied(id: number): boolean {
    return Atomics.load(this.#owners.words, id * STRIDE + COPIED) !== 0;
  }

  /** True if the memory is charged to the send buffer of the socket. */
  isCharged(id: number): boolean {
    return this.#owners.words[id * STRIDE + CHARGED] !== 0;
  }

  setCharged(id: number, isCharged: boolean): void {
    this.#owners.words[id * STRIDE + CHARGED] = isCharged ? 1 : 0;
  }
}
