/**
 * Page types: one 32-bit word per page that is either a count of mappings or, with bit 31 set and a top byte other
 * than 0xff, a type in the top byte.
 * Models: enum pagetype (include/linux/page-flags.h): docs/spec/tx-path.md#encoding-of-page-types. Operations are not
 * atomic: only the exclusive owner of a page (reference count 0, or freshly allocated) may set or clear its type.
 * Bounce pages lose their type in `BouncePages.free` (lib/page/bounce-pages.ts).
 */
import { CopytaxError } from '../errors.js';
import { frozen } from '../frozen.js';
import { within } from '../limits.js';

/** No type, no mapping: all ones. */
export const UNTYPED = -1;

/** Top bytes. `zeroCopySwiotlb` is the type of the 2026 patch for pages taken from a slot pool. */
export const PAGE_TYPE = frozen({
  /** Free memory of the page allocator. */
  buddy: 0xf0,
  /** Memory that is offline. */
  offline: 0xf1,
  /** A page of page tables. */
  pageTable: 0xf2,
  /** A page that must not be touched. */
  guard: 0xf3,
  /** A reserved huge page. */
  hugetlb: 0xf4,
  /** Objects of the slab allocator. */
  slab: 0xf5,
  /** Compressed memory. */
  zsmalloc: 0xf6,
  /** Memory that a confidential guest has not accepted. */
  unaccepted: 0xf7,
  /** A large object of the allocator. */
  largeKmalloc: 0xf8,
  /** A page of bounce memory, which the 2026 patch adds. */
  zeroCopySwiotlb: 0xf9,
} as const);
/** Name of a page type of Linux. */
export type PageKind = keyof typeof PAGE_TYPE;

/** The lowest and the highest number of a type: a top byte of 0xff is an underflown count of mappings. */
export const FIRST_TYPE = 0x80;
export const LAST_TYPE = 0xfe;
/** The highest owner of a typed page. */
export const MAX_OWNER = 0xffffff;

/** The first word, as a signed number, that is no type any more but an underflown count of mappings. */
const FIRST_UNDERFLOW = 0xff000000 | 0;

export function hasType(word: number): boolean {
  return word < FIRST_UNDERFLOW;
}

export function isType(word: number, type: number): boolean {
  return word >>> 24 === type;
}

/**
 * Returns a typed word; `owner` takes the low 24 bits.
 * @throws ERR_OUT_OF_RANGE for a type that is none, or an owner that does not fit
 */
export function typeWord(type: number, owner: number): number {
  if ((type & 0xff) !== type || type < FIRST_TYPE || type > LAST_TYPE) within('type', type, FIRST_TYPE, LAST_TYPE);
  if ((owner & MAX_OWNER) !== owner) within('owner', owner, 0, MAX_OWNER);
  return (type << 24) | owner;
}

/**
 * Sets a type in the word at index `at`; a type that is set already stays, with its owner.
 * @throws ERR_WRONG_KIND where another type is set, or mappings are counted
 */
export function setType(words: Int32Array, at: number, typed: number): void {
  const word = words[at]!;
  if (word === UNTYPED) words[at] = typed;
  else if (!isType(word, typed >>> 24)) throw wrongKind('set', typed >>> 24, word);
}

/**
 * Clears `type` in the word at index `at`; an untyped page does not change.
 * @throws ERR_WRONG_KIND where another type is set, or mappings are counted
 */
export function clearType(words: Int32Array, at: number, type: number): void {
  const word = words[at]!;
  if (word === UNTYPED) return;
  if (!isType(word, type)) throw wrongKind('clear', type, word);
  words[at] = UNTYPED;
}

/** Returns the error for a page whose word does not allow the operation. */
export function wrongKind(verb: string, type: number, word: number): CopytaxError {
  const hex = (value: number) => `0x${(value >>> 0).toString(16)}`;
  return new CopytaxError(
    'ERR_WRONG_KIND',
    `cannot ${verb} page type ${hex(type)} on a page whose word is ${hex(word)}`,
  );
}
