/**
 * One descriptor per page of the machine's memory.
 * Models: struct page (include/linux/mm_types.h) as far as socket pages need it; the transmit path's specification,
 * sections 0 and 3.2. Deviation from columns: reference count, type, owner and order of a page lie side by side, as in
 * Linux, because they are used together and travel between CPUs as one cache line.
 * Threads: reference counts are atomic; everything else belongs to the exclusive owner of the page.
 */
import { CopytaxError } from '../errors.js';
import type { Arena } from '../smp/arena.js';
import { UNTYPED, withoutType, withType } from './page-type.js';

const WORDS = 4;
const REFS = 0;
const TYPE = 1;
const OWNER = 2;
const ORDER = 3;

/** `PageSource.alloc` found no page. */
export const NO_PAGE = -1;

export class PageTable {
  readonly pages: number;
  /** Pages from here on are counted by reference; those before hold linear parts and users' memory. */
  readonly firstCounted: number;
  readonly #words: Int32Array;
  /** Of a tail page: the pfn of its head, plus one. 0 on every other page. */
  readonly #head: Int32Array;

  constructor(arena: Arena, pages: number, firstCounted = 0) {
    this.pages = pages;
    this.firstCounted = firstCounted;
    this.#words = arena.int32(pages * WORDS);
    this.#head = arena.int32(pages);
  }

  reset(): void {
    this.#words.fill(0);
    for (let at = TYPE; at < this.#words.length; at += WORDS) this.#words[at] = UNTYPED;
    this.#head.fill(0);
  }

  /** Total: any number has an answer, and a page outside memory is its own head. */
  headOf(pfn: number): number {
    const head = this.#head[pfn];
    return head === undefined || head === 0 ? pfn : head - 1;
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

  /** The type word of a page that may lie outside memory, in which case it is untyped. */
  type(pfn: number): number {
    return this.#words[pfn * WORDS + TYPE] ?? UNTYPED;
  }

  setType(pfn: number, type: number): void {
    const at = pfn * WORDS + TYPE;
    this.#words[at] = withType(this.#words[at]!, type);
  }

  clearType(pfn: number, type: number): void {
    const at = pfn * WORDS + TYPE;
    this.#words[at] = withoutType(this.#words[at]!, type);
  }

  /** The private word of a head page: who it belongs to, 0 = nobody. */
  owner(pfn: number): number {
    return this.#words[pfn * WORDS + OWNER] ?? 0;
  }

  setOwner(pfn: number, owner: number): void {
    this.#words[pfn * WORDS + OWNER] = owner;
  }

  order(pfn: number): number {
    return this.#words[pfn * WORDS + ORDER]!;
  }

  /** Makes 2^order pages from `pfn` on one compound page. Order 0: nothing to link. */
  compound(pfn: number, order: number): void {
    this.#words[pfn * WORDS + ORDER] = order;
    for (let tail = pfn + 1; tail < pfn + (1 << order); tail++) this.#head[tail] = pfn + 1;
  }

  /** Undoes `compound`. */
  split(pfn: number): void {
    const at = pfn * WORDS + ORDER;
    const pages = 1 << this.#words[at]!;
    this.#words[at] = 0;
    for (let tail = pfn + 1; tail < pfn + pages; tail++) this.#head[tail] = 0;
  }
}

function badCount(verb: string, pfn: number): CopytaxError {
  return new CopytaxError('ERR_DOUBLE_FREE', `${verb} of page ${pfn}, which nobody holds`);
}
