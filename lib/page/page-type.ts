/**
 * Page types: one 32-bit word per page that is either a count of mappings or, with bit 31 set and a top byte other
 * than 0xff, a type in the top byte.
 * Models: enum pagetype (include/linux/page-flags.h): docs/spec/tx-path.md#encoding-of-page-types. Operations are not
 * atomic: only the exclusive owner of a page (reference count 0, or freshly allocated) may set or clear its type.
 * Bounce pages lose their type in `BouncePages.free` (lib/page/bounce-pages.ts).
 */
import { CopytaxError } from '../errors.js';

/** No type, no mapping: all ones. */
export const UNTYPED = -1;

/** Top bytes. `zeroCopySwiotlb` is the type of the 2026 patch for pages taken from a slot pool. */
export const PAGE_TYPE = {
  buddy: 0xf0,
  offline: 0xf1,
  pageTable: 0xf2,
  guard: 0xf3,
  hugetlb: 0xf4,
  slab: 0xf5,
  zsmalloc: 0xf6,
  unaccepted: 0xf7,
  largeKmalloc: 0xf8,
  zeroCopySwiotlb: 0xf9,
} as const;
export type PageKind = keyof typeof PAGE_TYPE;

/** The first word, as a signed number, that is no type any more but an underflown count of mappings. */
const FIRST_UNDERFLOW = 0xff000000 | 0;

export function hasType(word: number): boolean {
  return word < FIRST_UNDERFLOW;
}

export function isType(word: number, type: number): boolean {
  return word >>> 24 === type;
}

/** Returns a typed word; `owner` takes the low 24 bits. */
export function typeWord(type: number, owner: number): number {
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
