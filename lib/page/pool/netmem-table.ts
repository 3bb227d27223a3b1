/**
 * What page pools keep in the descriptor of each of their pages: the count of fragments, the page pool behind a magic
 * number, the DMA address and the number under which the mapping is known.
 * Models: the page pool's part of struct page and struct netmem_desc (include/net/netmem.h, include/net/page_pool):
 * docs/spec/tx-path.md#page-pool-mechanics.
 * Deviations: the count has 32 bits, so its bias is 2^30 instead of 2^62; and the magic number and the pointer are one
 * word, so that none is ever seen without the other.
 * Threads: counts of fragments are atomic; everything else belongs to the exclusive owner of the page.
 */
import { CopytaxError } from '../../errors.js';
import { Arena, type Records } from '../../smp/arena.js';

const LAYOUT = Arena.record({ fragments: 'i32', owner: 'i32', index: 'i32', address: 'f64' });
// Local constants: docs/design/0008-constants-and-records.md.
const STRIDE = LAYOUT.stride;
const DOUBLE_STRIDE = LAYOUT.doubleStride;
const FRAGMENTS = LAYOUT.at.fragments;
const OWNER = LAYOUT.at.owner;
const INDEX = LAYOUT.at.index;
const ADDRESS = LAYOUT.at.address;

const SIGNATURE = 0x40 << 24;
const SIGNATURE_MASK = 0xff << 24;
const MAX_PAGE_POOL = 0xffffff;

/** Returned for a page that belongs to no page pool. */
export const NO_PAGE_POOL = -1;
/** The fragment count of a page that is being carved: each piece that is handed out owns one of it. */
export const FRAGMENT_BIAS = 2 ** 30;

export class NetmemTable {
  readonly pages: number;
  readonly #records: Records;

  constructor(arena: Arena, pages: number) {
    this.pages = pages;
    this.#records = arena.records(LAYOUT, pages);
  }

  reset(): void {
    this.#records.words.fill(0);
  }

  /** The number of the page pool that the page belongs to, or `NO_PAGE_POOL`. Accepts any number. */
  poolOf(pfn: number): number {
    const word = this.#records.words[pfn * STRIDE + OWNER];
    if (word === undefined || (word & SIGNATURE_MASK) !== SIGNATURE) return NO_PAGE_POOL;
    return word & MAX_PAGE_POOL;
  }

  /** Makes the page one of a page pool, in one piece. */
  mark(pfn: number, pagePool: number): void {
    this.#records.words[pfn * STRIDE + OWNER] = SIGNATURE | pagePool;
    this.setFragments(pfn, 1);
  }

  /** Makes it a page of no page pool. Its mapping is forgotten. */
  clear(pfn: number): void {
    const { words } = this.#records;
    words[pfn * STRIDE + OWNER] = 0;
    this.setMapping(pfn, 0, 0);
  }

  /** The DMA address of the page; 0 for a page that is not mapped. */
  address(pfn: number): number {
    return this.#records.doubles[pfn * DOUBLE_STRIDE + ADDRESS]!;
  }

  /** The number of the mapping, from 1; 0 for a page that is not mapped. */
  mappingIndex(pfn: number): number {
    return this.#records.words[pfn * STRIDE + INDEX]!;
  }

  setMapping(pfn: number, address: number, index: number): void {
    this.#records.doubles[pfn * DOUBLE_STRIDE + ADDRESS] = address;
    this.#records.words[pfn * STRIDE + INDEX] = index;
  }

  fragments(pfn: number): number {
    return Atomics.load(this.#records.words, pfn * STRIDE + FRAGMENTS);
  }

  /** Sets the count of fragments, while the caller holds all of the page. */
  setFragments(pfn: number, count: number): void {
    Atomics.store(this.#records.words, pfn * STRIDE + FRAGMENTS, count);
  }

  /** Counts one more holder of a fragment of the page. */
  ref(pfn: number): void {
    Atomics.add(this.#records.words, pfn * STRIDE + FRAGMENTS, 1);
  }

  /**
   * Gives up `count` fragments. Returns how many are left; for 0 the caller is the last holder, returns the page to its
   * page pool, and finds the count at 1 again.
   * @throws ERR_DOUBLE_FREE when there are not that many
   */
  unref(pfn: number, count: number): number {
    const { words } = this.#records;
    const at = pfn * STRIDE + FRAGMENTS;
    // All that is left belongs to the caller: no other holder can change the count.
    if (Atomics.load(words, at) === count) {
      if (count !== 1) Atomics.store(words, at, 1);
      return 0;
    }
    const left = Atomics.sub(words, at, count) - count;
    if (left < 0) throw new CopytaxError('ERR_DOUBLE_FREE', `page ${pfn} has ${left + count} fragments, not ${count}`);
    if (left === 0) Atomics.store(words, at, 1);
    return left;
  }
}
