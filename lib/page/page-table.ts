/**
 * One descriptor per page of the machine's memory.
 * Models: struct page (include/linux/mm_types.h) as far as socket pages need it:
 * docs/spec/tx-path.md#simulated-physical-memory, docs/spec/tx-path.md#page-types-and-the-last-put.
 * Deviations: the private word of a typed page is the low 24 bits of its type, which its owner may use; reference count
 * and type lie side by side, because they travel between CPUs together; and the distance of a tail page to its head is
 * a byte in a column of its own, so that the tails of a block share a cache line.
 * Threads: reference counts are atomic; everything else belongs to the exclusive owner of the page.
 */
import { CopytaxError } from '../errors.js';
import type { Arena } from '../smp/arena.js';
import { clearType, hasType, isType, setType, typeWord, UNTYPED, wrongKind } from './page-type.js';

const WORDS = 2;
const REFS = 0;
const TYPE = 1;

// The byte of a page: for a tail the distance to its head, for the head of an allocated block its order, else 0.
const TAIL = 0x80;
const DISTANCE = TAIL - 1;
const HEAD = 0x40;
const ORDER = HEAD - 1;

/** Returned when there is no page. */
export const NO_PAGE = -1;

/**
 * A descriptor for each page: reference count, type and size of its block. Counts are atomic; the rest is the owner's.
 */
export class PageTable {
  /** Number of pages. */
  readonly pages: number;
  /** The first page with a reference count; those before hold linear parts of skbs and the memory of users. */
  readonly firstCounted: number;
  readonly #words: Int32Array;
  readonly #compound: Uint8Array;

  constructor(arena: Arena, pages: number, firstCounted = 0) {
    this.pages = pages;
    this.firstCounted = firstCounted;
    this.#words = arena.int32(pages * WORDS);
    this.#compound = arena.uint8(pages);
  }

  /** Frees all pages. One thread, before any other uses them. */
  reset(): void {
    this.#words.fill(0);
    for (let at = TYPE; at < this.#words.length; at += WORDS) this.#words[at] = UNTYPED;
    this.#compound.fill(0);
  }

  /** The head of the allocated block that the page is part of, or `NO_PAGE`. Accepts any number. */
  headOf(pfn: number): number {
    const compound = this.#compound[pfn];
    if (compound === undefined || compound === 0) return NO_PAGE;
    return compound < TAIL ? pfn : pfn - (compound & DISTANCE);
  }

  /** Its reference count. */
  refs(pfn: number): number {
    return Atomics.load(this.#words, pfn * WORDS + REFS);
  }

  /** True if only the caller holds the page, which then acquires what the last other holder did with it. */
  isSoleHolder(pfn: number): boolean {
    // A plain read first: being stale costs a missed reuse at most, and most pages have other holders.
    return this.#words[pfn * WORDS + REFS] === 1 && this.refs(pfn) === 1;
  }

  /** Sets the reference count, before another thread can see the page. */
  setRefs(pfn: number, refs: number): void {
    this.#words[pfn * WORDS + REFS] = refs;
  }

  /** Takes a reference. */
  get(pfn: number): void {
    if (Atomics.add(this.#words, pfn * WORDS + REFS, 1) <= 0) throw badCount('get', pfn);
  }

  /** Drops a reference. True for the last one: the caller frees the page, and acquires what others did with it. */
  put(pfn: number): boolean {
    const before = Atomics.sub(this.#words, pfn * WORDS + REFS, 1);
    if (before <= 0) throw badCount('put', pfn);
    return before === 1;
  }

  /** Takes several references at once. Returns how many there were. */
  getMany(pfn: number, references: number): number {
    const before = Atomics.add(this.#words, pfn * WORDS + REFS, references);
    if (before > 0) return before;
    Atomics.sub(this.#words, pfn * WORDS + REFS, references);
    throw badCount('get', pfn);
  }

  /** Drops several references at once. Returns how many are left; at 0 as for `put`. */
  putMany(pfn: number, references: number): number {
    const before = Atomics.sub(this.#words, pfn * WORDS + REFS, references);
    if (before >= references) return before - references;
    Atomics.add(this.#words, pfn * WORDS + REFS, references);
    throw badCount('put', pfn);
  }

  /** True if the page has this type, a number of `PAGE_TYPE`. */
  hasType(pfn: number, type: number): boolean {
    return isType(this.#words[pfn * WORDS + TYPE]!, type);
  }

  /** The type of the page, or 0, which is no type. */
  typeOf(pfn: number): number {
    const word = this.#words[pfn * WORDS + TYPE]!;
    return hasType(word) ? word >>> 24 : 0;
  }

  /** @throws ERR_WRONG_KIND when the page has a type */
  assertUntyped(pfn: number): void {
    const word = this.#words[pfn * WORDS + TYPE]!;
    if (hasType(word)) throw wrongKind('free', word >>> 24, word);
  }

  /** The owner that was passed to `setType`, 1..2^24 - 1; 0 for an untyped page. */
  owner(pfn: number): number {
    const word = this.#words[pfn * WORDS + TYPE]!;
    return word === UNTYPED ? 0 : word & 0xffffff;
  }

  /**
   * Sets the type of a page.
   * @param type a number of `PAGE_TYPE`, or another from 0x80 to 0xfe
   * @param owner 0 to 2^24 - 1
   * @throws ERR_WRONG_KIND when it has another type or is mapped, ERR_OUT_OF_RANGE
   */
  setType(pfn: number, type: number, owner: number): void {
    setType(this.#words, pfn * WORDS + TYPE, typeWord(type, owner));
  }

  /** Clears the type of a page. @throws ERR_WRONG_KIND when it has another type or is mapped */
  clearType(pfn: number, type: number): void {
    clearType(this.#words, pfn * WORDS + TYPE, type);
  }

  /** Counts a mapping by a user. @throws ERR_WRONG_KIND for a typed page, which has no count of mappings */
  addMapping(pfn: number): void {
    this.assertUntyped(pfn);
    this.#words[pfn * WORDS + TYPE]!++;
  }

  /** Counts a mapping by a user less. */
  dropMapping(pfn: number): void {
    this.assertUntyped(pfn);
    this.#words[pfn * WORDS + TYPE]!--;
  }

  /** The order of the block with this head. */
  order(pfn: number): number {
    return this.#compound[pfn]! & ORDER;
  }

  /**
   * Makes one allocated block with one reference out of 2^order pages from `pfn` on, whatever type it has. Every source
   * ends an allocation with this and begins a free with `split`: nothing else makes or splits blocks.
   * @throws ERR_BAD_ADDRESS when the block is not aligned to its size
   */
  compound(pfn: number, order: number): void {
    if ((pfn & ((1 << order) - 1)) !== 0) throw misaligned(pfn, order);
    this.#compound[pfn] = HEAD | order;
    for (let distance = (1 << order) - 1; distance > 0; distance--) this.#compound[pfn + distance] = TAIL | distance;
    this.setRefs(pfn, 1);
  }

  /** Undoes `compound`. Returns the order. */
  split(pfn: number): number {
    const order = this.order(pfn);
    for (let distance = (1 << order) - 1; distance >= 0; distance--) this.#compound[pfn + distance] = 0;
    return order;
  }
}

function misaligned(pfn: number, order: number): CopytaxError {
  return new CopytaxError('ERR_BAD_ADDRESS', `no block of ${1 << order} pages begins at page ${pfn}`, { pfn, order });
}

function badCount(verb: string, pfn: number): CopytaxError {
  return new CopytaxError('ERR_DOUBLE_FREE', `${verb} of page ${pfn}, which has no reference`);
}
