import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NO_PAGE, PageTable } from '../../lib/page/page-table.js';
import { PAGE_TYPE } from '../../lib/page/page-type.js';
import { inArena } from '../smp/fixtures/cpus.js';

const PAGES = 64;

function pageTable(): PageTable {
  const pages = inArena((arena) => new PageTable(arena, PAGES, 8));
  pages.reset();
  return pages;
}

describe('allocated blocks of a PageTable', () => {
  it.each([0, 1, 2, 3, 4, 5, 6])(
    'know their head in every page at order %i, and forget it when they are freed',
    (order) => {
      const pages = pageTable();
      const size = 1 << order;
      const head = PAGES / 2 < size ? 0 : PAGES / 2;
      pages.compound(head, order);
      expect({ order: pages.order(head), refs: pages.refs(head) }).toEqual({ order, refs: 1 });
      const isPart = (pfn: number) => pfn >= head && pfn < head + size;
      for (let pfn = 0; pfn < PAGES; pfn++) expect(pages.headOf(pfn)).toBe(isPart(pfn) ? head : NO_PAGE);
      expect(pages.split(head)).toBe(order);
      for (let pfn = 0; pfn < PAGES; pfn++) expect(pages.headOf(pfn)).toBe(NO_PAGE);
    },
  );

  it('may begin at page 0 and end at the last page', () => {
    const pages = pageTable();
    pages.compound(0, 3);
    pages.compound(56, 3);
    expect([0, 7, 8, 55, 56, 63].map((pfn) => pages.headOf(pfn))).toEqual([0, 0, NO_PAGE, NO_PAGE, 56, 56]);
  });

  it('lie side by side without changing each other', () => {
    const aligned = fc.integer({ min: 0, max: 5 }).chain((order) =>
      fc.record({
        order: fc.constant(order),
        pfn: fc.integer({ min: 0, max: PAGES / (1 << order) - 1 }).map((at) => at << order),
      }),
    );
    fc.assert(
      fc.property(fc.array(aligned, { maxLength: 40 }), (blocks) => {
        const pages = pageTable();
        const head = new Array<number>(PAGES).fill(NO_PAGE);
        const orders = new Map<number, number>();
        for (const { pfn, order } of blocks) {
          const size = 1 << order;
          if (orders.get(pfn) === order) {
            pages.split(pfn);
            orders.delete(pfn);
            head.fill(NO_PAGE, pfn, pfn + size);
          } else if (head.slice(pfn, pfn + size).every((to) => to === NO_PAGE)) {
            pages.compound(pfn, order);
            orders.set(pfn, order);
            head.fill(pfn, pfn, pfn + size);
          }
          expect(head.map((_, at) => pages.headOf(at))).toEqual(head);
          for (const [at, its] of orders) expect(pages.order(at)).toBe(its);
        }
      }),
    );
  });

  it.each([0, 1, 2, 3, 4, 5, 6])('begin only at multiples of their size at order %i', (order) => {
    for (let pfn = 0; pfn + (1 << order) <= PAGES; pfn++) {
      const pages = pageTable();
      if (pfn % (1 << order) === 0) pages.compound(pfn, order);
      else {
        expect(() => pages.compound(pfn, order)).toThrow(expect.objectContaining({ code: 'ERR_BAD_ADDRESS' }));
        expect(pages.headOf(pfn)).toBe(NO_PAGE);
      }
    }
  });

  it('can be looked up with any number', () => {
    const pages = pageTable();
    for (const pfn of [-1, PAGES, PAGES + 1, 2 ** 31 - 1, -(2 ** 31), 2 ** 40, 1.5]) {
      expect(pages.headOf(pfn)).toBe(NO_PAGE);
    }
  });
});

describe('the references of a page', () => {
  const doubleFree = expect.objectContaining({ code: 'ERR_DOUBLE_FREE' });

  it('say which put drops the last one', () => {
    const pages = pageTable();
    pages.setRefs(9, 1);
    pages.get(9);
    pages.get(9);
    expect({ refsOf9: pages.refs(9), refsOf8: pages.refs(8), refsOf10: pages.refs(10) }).toEqual({
      refsOf9: 3,
      refsOf8: 0,
      refsOf10: 0,
    });
    expect([pages.put(9), pages.put(9), pages.put(9)]).toEqual([false, false, true]);
    expect(pages.refs(9)).toBe(0);
  });

  it('tell a sole holder from one of several', () => {
    const pages = pageTable();
    expect(pages.isSoleHolder(9)).toBe(false);
    pages.setRefs(9, 1);
    expect(pages.isSoleHolder(9)).toBe(true);
    pages.get(9);
    expect(pages.isSoleHolder(9)).toBe(false);
    pages.put(9);
    expect(pages.isSoleHolder(9)).toBe(true);
  });

  it('cannot be taken of or dropped from a page that has none', () => {
    const pages = pageTable();
    expect(() => pages.put(9)).toThrow(doubleFree);
    const other = pageTable();
    expect(() => other.get(9)).toThrow(doubleFree);
    other.setRefs(10, 1);
    other.put(10);
    expect(() => other.put(10)).toThrow(doubleFree);
  });
});

describe('the type and owner of a page', () => {
  const type = PAGE_TYPE.zeroCopySwiotlb;

  it.each([1, 0xffffff])('belong to one page and no other, for owner %i', (owner) => {
    const pages = pageTable();
    pages.setType(20, type, owner);
    for (let pfn = 0; pfn < PAGES; pfn++) {
      expect(pages.hasType(pfn, type)).toBe(pfn === 20);
      expect(pages.owner(pfn)).toBe(pfn === 20 ? owner : 0);
    }
    expect(pages.hasType(20, PAGE_TYPE.slab)).toBe(false);
    pages.clearType(20, type);
    expect({ hasType: pages.hasType(20, type), owner: pages.owner(20) }).toEqual({ hasType: false, owner: 0 });
  });

  it.each([
    { type: 0x42, owner: 1 },
    { type: 0xff, owner: 1 },
    { type: 128.5, owner: 1 },
    { type, owner: 2 ** 24 },
    { type, owner: -1 },
    { type, owner: Number.NaN },
  ])('are refused where they are none: $type, $owner', ({ type: wrong, owner }) => {
    const pages = pageTable();
    const refused = expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' });
    expect(() => pages.setType(20, wrong, owner)).toThrow(refused);
    expect({ type: pages.typeOf(20), owner: pages.owner(20) }).toEqual({ type: 0, owner: 0 });
  });

  it('cannot overwrite or clear another type', () => {
    const pages = pageTable();
    const wrongKind = expect.objectContaining({ code: 'ERR_WRONG_KIND' });
    pages.setType(20, PAGE_TYPE.slab, 3);
    expect(() => pages.setType(20, type, 1)).toThrow(wrongKind);
    expect(() => pages.clearType(20, type)).toThrow(wrongKind);
    expect({ hasType: pages.hasType(20, PAGE_TYPE.slab), owner: pages.owner(20) }).toEqual({ hasType: true, owner: 3 });
  });

  it('keep a user from mapping the page, as any other page can be', () => {
    const pages = pageTable();
    const wrongKind = expect.objectContaining({ code: 'ERR_WRONG_KIND' });
    pages.addMapping(20);
    expect(() => pages.setType(20, type, 1)).toThrow(wrongKind);
    pages.dropMapping(20);
    pages.setType(20, type, 1);
    expect(() => pages.addMapping(20)).toThrow(wrongKind);
    expect(() => pages.dropMapping(20)).toThrow(wrongKind);
    expect({ hasType: pages.hasType(20, type), owner: pages.owner(20) }).toEqual({ hasType: true, owner: 1 });
  });

  it('say whether there is a type, and which', () => {
    const pages = pageTable();
    expect({ typeOf: pages.typeOf(20), assertUntyped: pages.assertUntyped(20) }).toEqual({
      typeOf: 0,
      assertUntyped: undefined,
    });
    for (const its of Object.values(PAGE_TYPE)) {
      pages.setType(20, its, 0xffffff);
      expect(pages.typeOf(20)).toBe(its);
      expect(() => pages.assertUntyped(20)).toThrow(expect.objectContaining({ code: 'ERR_WRONG_KIND' }));
      pages.clearType(20, its);
    }
  });

  it('are those of an unused page at the start and after a reset', () => {
    const pages = pageTable();
    pages.compound(16, 2);
    pages.setRefs(16, 3);
    pages.setType(16, PAGE_TYPE.guard, 1);
    pages.reset();
    expect({ refs: pages.refs(16), owner: pages.owner(16), hasType: pages.hasType(16, PAGE_TYPE.guard) }).toEqual({
      refs: 0,
      owner: 0,
      hasType: false,
    });
    expect([16, 17].map((pfn) => pages.headOf(pfn))).toEqual([NO_PAGE, NO_PAGE]);
    expect({ pages: pages.pages, firstCounted: pages.firstCounted }).toEqual({ pages: PAGES, firstCounted: 8 });
  });
});

describe('several references of a page at once', () => {
  it('are as many single ones', () => {
    const pages = pageTable();
    pages.compound(8, 0);
    expect(pages.getMany(8, 1024)).toBe(1);
    pages.put(8);
    expect({ refs: pages.refs(8), left: pages.putMany(8, 1023), last: pages.putMany(8, 1) }).toEqual({
      refs: 1024,
      left: 1,
      last: 0,
    });
  });

  it('are refused where one is, and change nothing then', () => {
    const pages = pageTable();
    const doubleFree = expect.objectContaining({ code: 'ERR_DOUBLE_FREE' });
    expect(() => pages.getMany(8, 2)).toThrow(doubleFree);
    pages.compound(8, 0);
    expect(() => pages.putMany(8, 2)).toThrow(doubleFree);
    expect([pages.refs(8), pages.refs(9)]).toEqual([1, 0]);
  });
});
