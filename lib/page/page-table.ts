/**
 * One descriptor per page of the machine's memory.
 * Models: struct page (include/linux/mm_types.h) as far as socket pages need it; the transmit path's specification,
 * sections 0 and 3. Deviations: the private word of a typed page is the low 24 bits of its type, which are free for its
 * owner while it is typed; reference count and type lie side by side, because they travel between CPUs together; and a
 * tail page knows how far away its head is in a byte of its own, so that a block's tails share a cache line.
 * Threads: reference counts are atomic; everything else belongs to the exclusive owner of the page.
 */
import { CopytaxError } from '../errors.js';
import type { Arena } from '../smp/arena.js';
import { hasType, isType, typeWord, UNTYPED, withoutType, withType, wrongKind } from './page-type.js';

const WORDS = 2;
const REFS = 0;
const TYPE = 1;

// The byte of a page: the distance to its head for a tail, the order for the head of an allocated block, else 0.
const TAIL = 0x80;
const DISTANCE = TAIL - 1;
const HEAD = 0x40;
const ORDER = HEAD - 1;

/** `PageSource.alloc` found no page. */
export const NO_PAGE = -1;

export class PageTable {
  readonly pages: number;
  /** Pages from here on are counted by reference; those before hold linear parts and users' memory. */
  readonly firstCounted: number;
  readonly #words: Int32Array;
  readonly #compound: Uint8Array;

  constructor(arena: Arena, pages: number, firstCounted = 0) {
    this.pages = pages;
    this.firstCounted = firstCounted;
    this.#words = arena.int32(pages * WORDS);
    this.#compound = arena.uint8(pages);
  }

  reset(): void {
    this.#words.fill(0);
    for (let at = TYPE; at < this.#words.length; at += WORDS) this.#words[at] = UNTYPED;
    this.#compound.fill(0);
  }

  /** The head of the allocated block that the page is part of, or `NO_PAGE`; any number has an answer. */
  headOf(pfn: number): number {
    const compound = this.#compound[pfn];
    if (compound === undefined || compound === 0) return NO_PAGE;
    return compound < TAIL ? pfn : pfn - (compound & DISTANCE);
  }

  refs(pfn: number): number {
    return Atomics.load(this.#words, pfn * WORDS + REFS);
  }

  /** Does nobody but the caller hold the page? True acquires what the last other holder did with it. */
  isSoleHolder(pfn: number): boolean {
    // A stale glance costs a missed reuse at most, and most pages have other holders.
    return this.#words[pfn * WORDS + REFS] === 1 && this.refs(pfn) === 1;
  }

  /** Before anybody else can see the page. */
  setRefs(pfn: number, refs: number): void {
    this.#words[pfn * WORDS + REFS] = refs;
  }

  get(pfn: number): void {
    if (Atomics.add(this.#words, pfn * WORDS + REFS, 1) <= 0) throw badCount('get', pfn);
  }

  /** True when this was the last reference: the caller frees the page. Acquires what others released. */
  put(pfn: number): boolean {
    const before = Atomics.sub(this.#words, pfn * WORDS + REFS, 1);
    if (before <= 0) throw badCount('put', pfn);
    return before === 1;
  }

  /** Has the page this type? */
  hasType(pfn: number, type: number): boolean {
    return isType(this.#words[pfn * WORDS + TYPE]!, type);
  }

  /** The type that the page has, or 0: there is none of that number. */
  typeOf(pfn: number): number {
    const word = this.#words[pfn * WORDS + TYPE]!;
    return hasType(word) ? word >>> 24 : 0;
  }

  /** ERR_WRONG_KIND when the page has a type. */
  assertUntyped(pfn: number): void {
    const word = this.#words[pfn * WORDS + TYPE]!;
    if (hasType(word)) throw wrongKind('free', word >>> 24, word);
  }

  /** Who the typed page belongs to: what `setType` was told, 1..2^24 - 1. 0 for an untyped one. */
  owner(pfn: number): number {
    const word = this.#words[pfn * WORDS + TYPE]!;
    return word === UNTYPED ? 0 : word & 0xffffff;
  }

  /** ERR_WRONG_KIND when the page has another type or is mapped. */
  setType(pfn: number, type: number, owner: number): void {
    const at = pfn * WORDS + TYPE;
    this.#words[at] = withType(this.#words[at]!, typeWord(type, owner));
  }

  /** ERR_WRONG_KIND when the page has another type or is mapped. */
  clearType(pfn: number, type: number): void {
    const at = pfn * WORDS + TYPE;
    this.#words[at] = withoutType(this.#words[at]!, type);
  }

  /** A user maps the page. ERR_WRONG_KIND for a typed one, which has no count of mappings. */
  addMapping(pfn: number): void {
    this.assertUntyped(pfn);
    this.#words[pfn * WORDS + TYPE]!++;
  }

  /** A user unmaps the page. */
  dropMapping(pfn: number): void {
    this.assertUntyped(pfn);
    this.#words[pfn * WORDS + TYPE]!--;
  }

  /** Of a head. */
  order(pfn: number): number {
    return this.#compound[pfn]! & ORDER;
  }

  /**
   * Makes 2^order pages from `pfn` on one allocated block with one reference, whatever type it has. Every source ends
   * an allocation with this and begins a free with `split`: nothing else makes blocks, or unmakes them.
   * @throws ERR_BAD_ADDRESS when the block is not aligned to its size
   */
  compound(pfn: number, order: number): void {
    if ((pfn & ((1 << order) - 1)) !== 0) throw misaligned(pfn, order);
    this.#compound[pfn] = HEAD | order;
    for (let distance = (1 << order) - 1; distance > 0; distance--) this.#compound[pfn + distance] = TAIL | distance;
    this.setRefs(pfn, 1);
  }

  /** Undoes `compound`; answers the order. */
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
  return new CopytaxError('ERR_DOUBLE_FREE', `${verb} of page ${pfn}, which nobody holds`);
}
