import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  clearType,
  hasType,
  isType,
  PAGE_TYPE,
  type PageKind,
  setType,
  typeWord,
  UNTYPED,
} from '../../lib/page/page-type.js';

const TOP_BYTES = Array.from({ length: 256 }, (_, top) => top);
const LOW_BITS = [0, 1, 0x7fffff, 0xffffff];
/** The word of a page after an operation on its type. */
function after(operation: typeof setType, word: number, type: number): number {
  const words = Int32Array.of(0, word, 0); // neighbours must not change
  operation(words, 1, type);
  expect([words[0], words[2]]).toEqual([0, 0]);
  return words[1]!;
}
const wrongKind = expect.objectContaining({ code: 'ERR_WRONG_KIND' });

describe('page types', () => {
  it('differ from counts in the top byte, for all 256 values', () => {
    for (const top of TOP_BYTES) {
      for (const low of LOW_BITS) {
        const word = (top << 24) | low;
        expect({ word, hasType: hasType(word) }).toEqual({ word, hasType: top >= 0x80 && top !== 0xff });
        for (const type of Object.values(PAGE_TYPE)) expect(isType(word, type)).toBe(top === type);
      }
    }
  });

  it('have numbers of their own between the counts on both sides', () => {
    const types = Object.values(PAGE_TYPE);
    expect(new Set(types).size).toBe(types.length);
    for (const type of types) {
      expect(type).toBeGreaterThanOrEqual(0xf0);
      expect(type).toBeLessThan(0xff);
    }
    expect(PAGE_TYPE.zeroCopySwiotlb).toBe(0xf9);
  });

  it('begin right below the count that is 2^24 unmappings too low, and not above', () => {
    for (const [mapcount, typed] of [
      [-(2 ** 24), false],
      [-(2 ** 24) - 1, true],
      [-1, false],
      [0, false],
      [2 ** 24, false],
      [2 ** 31 - 1, false],
    ] as const) {
      expect({ mapcount, hasType: hasType(mapcount) }).toEqual({ mapcount, hasType: typed });
    }
  });

  it('are never mistaken for a count, through single mappings and unmappings', () => {
    const runs = fc.array(fc.record({ up: fc.boolean(), times: fc.integer({ min: 1, max: 2000 }) }), { maxLength: 12 });
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 24), max: 2 ** 24 }), runs, (start, steps) => {
        let word = start;
        for (const { up, times } of steps) {
          for (let step = 0; step < times && Math.abs(word + (up ? 1 : -1)) <= 2 ** 24; step++) {
            word += up ? 1 : -1;
            if (hasType(word | 0)) throw new Error(`${word} mappings were taken for a type`);
          }
        }
      }),
    );
  });

  it('are never mistaken for a count, however often a page is mapped and unmapped', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -(2 ** 24), max: 2 ** 24 }), { maxLength: 30 }), (steps) => {
        let word = UNTYPED;
        for (const step of steps) {
          if (Math.abs(word + step) > 2 ** 24) continue;
          word = (word + step) | 0;
          expect(hasType(word)).toBe(false);
          for (const type of Object.values(PAGE_TYPE)) expect(isType(word, type)).toBe(false);
        }
      }),
    );
  });
});

describe('setting and clearing a type', () => {
  const kinds = Object.keys(PAGE_TYPE) as PageKind[];

  it.each(kinds)('is idempotent for %s', (kind) => {
    const type = PAGE_TYPE[kind];
    const typed = after(setType, UNTYPED, typeWord(type, 1));
    expect(typed >>> 24).toBe(type);
    expect(hasType(typed)).toBe(true);
    expect(after(setType, typed, typeWord(type, 2))).toBe(typed);
    expect(after(clearType, typed, type)).toBe(UNTYPED);
    expect(after(clearType, UNTYPED, type)).toBe(UNTYPED);
  });

  it('leaves the low bits to the owner', () => {
    for (const owner of [0, 1, 0xabcdef, 0xffffff]) {
      const word = after(setType, UNTYPED, typeWord(PAGE_TYPE.slab, owner));
      expect(word & 0xffffff).toBe(owner);
      expect(isType(word, PAGE_TYPE.slab)).toBe(true);
      expect(word | 0).toBe(word); // as a column of 32-bit numbers keeps it
    }
  });

  it('refuses a page that is mapped or of another type', () => {
    for (const top of TOP_BYTES) {
      for (const type of Object.values(PAGE_TYPE)) {
        if (top === type) continue;
        expect(() => after(setType, (top << 24) | 1, typeWord(type, 1))).toThrow(wrongKind);
        expect(() => after(clearType, (top << 24) | 1, type)).toThrow(wrongKind);
      }
    }
    expect(() => after(setType, 0xf5000000 | 0, typeWord(0xf9, 0))).toThrow(/set page type 0xf9 .* 0xf5000000/);
  });
});
