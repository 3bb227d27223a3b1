import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PIN_BIAS, PinTable } from '../../lib/owner/pins.js';
import { PageFrag, ReferencedPages } from '../../lib/page/page-frag.js';
import { testMemory } from '../page/fixtures/memory.js';
import { inArena, testCpu } from '../smp/fixtures/cpus.js';

const PAGE = 4096;
const FIRST = 64;
const PAGES = 64;

/** Pages of a user in folios of 2^order pages, each with the reference of the user. */
function userPages(order = 0, limitPages = 1000) {
  const memory = testMemory();
  const { pages } = memory;
  for (let pfn = FIRST; pfn < FIRST + PAGES; pfn += 1 << order) pages.compound(pfn, order);
  const limits = { firstPfn: FIRST, pages: PAGES, sockets: 2, bytesPerSocket: limitPages * PAGE };
  const pins = inArena((arena) => new PinTable(arena, pages, limits));
  pins.reset();
  return { pins, pages, cpu: testCpu(), at: (page: number) => (FIRST + page) * PAGE };
}

describe('a pin of a single page', () => {
  it('is 1024 references', () => {
    const { pins, pages, cpu, at } = userPages();
    expect(pins.pin(0, at(0) + 100, PAGE)).toBe(true);
    expect([FIRST, FIRST + 1, FIRST + 2].map((pfn) => pages.refs(pfn))).toEqual([1 + PIN_BIAS, 1 + PIN_BIAS, 1]);
    expect([FIRST, FIRST + 1, FIRST + 2].map((pfn) => pins.maybePinned(pfn))).toEqual([true, true, false]);
    pins.unpin(cpu, 0, at(0) + 100, PAGE);
    expect([FIRST, FIRST + 1].map((pfn) => pages.refs(pfn))).toEqual([1, 1]);
    expect(pins.pinnedPages(0)).toBe(0);
  });

  it('cannot be told from 1024 references', () => {
    const { pins, pages } = userPages();
    pages.getMany(FIRST, PIN_BIAS - 1);
    expect(pins.maybePinned(FIRST)).toBe(true);
    pages.put(FIRST);
    expect(pins.maybePinned(FIRST)).toBe(false);
  });
});

describe('a pin of a page of a large folio', () => {
  it('is counted apart from its references, and for the folio', () => {
    const { pins, pages, cpu, at } = userPages(4);
    pins.pin(0, at(3), 2 * PAGE);
    expect({ refs: pages.refs(FIRST), pins: pins.pins(FIRST + 9) }).toEqual({ refs: 3, pins: 2 });
    pages.getMany(FIRST, 2 * PIN_BIAS);
    pages.putMany(FIRST, 2 * PIN_BIAS);
    pins.unpin(cpu, 0, at(3), 2 * PAGE);
    expect({ refs: pages.refs(FIRST), isPinned: pins.maybePinned(FIRST + 9) }).toEqual({ refs: 1, isPinned: false });
  });

  it('is not mistaken for references, however many there are', () => {
    const { pins, pages } = userPages(4);
    pages.getMany(FIRST, 5 * PIN_BIAS);
    expect(pins.maybePinned(FIRST)).toBe(false);
  });
});

describe('PinTable.unpin', () => {
  it.each([0, 4])('refuses pages of order %d that are not pinned, and changes nothing', (order) => {
    const { pins, pages, cpu, at } = userPages(order);
    pins.pin(0, at(0), PAGE);
    pins.unpin(cpu, 0, at(0), PAGE);
    expect(() => pins.unpin(cpu, 0, at(0), PAGE)).toThrow(expect.objectContaining({ code: 'ERR_DOUBLE_FREE' }));
    expect({ refs: pages.refs(FIRST), pinned: pins.pinnedPages(0) }).toEqual({ refs: 1, pinned: 0 });
  });

  it.each([0, 4])('frees a page of order %d that its user has given up meanwhile', (order) => {
    const { pins, pages, cpu, at } = userPages(order);
    const freed: number[] = [];
    const source = { free: (_: unknown, pfn: number) => freed.push(pfn) };
    pins.pin(0, at(0), PAGE);
    pins.pin(1, at(0), PAGE);
    expect(pages.put(FIRST)).toBe(false);
    pins.unpin(cpu, 0, at(0), PAGE, source);
    expect(freed).toEqual([]);
    pins.unpin(cpu, 1, at(0), PAGE, source);
    expect(freed).toEqual([FIRST]);
  });
});

describe('PinTable.pin', () => {
  it('refuses more than the socket may have pinned, and pins nothing then', () => {
    const { pins, pages, cpu, at } = userPages(0, 3);
    expect(pins.pin(0, at(0), 2 * PAGE)).toBe(true);
    expect(pins.pin(0, at(2) + 1, PAGE)).toBe(false);
    expect({ pinned: pins.pinnedPages(0), refs: pages.refs(FIRST + 2) }).toEqual({ pinned: 2, refs: 1 });
    expect(pins.pin(1, at(2) + 1, PAGE)).toBe(true);
    expect(pins.pin(0, at(2), PAGE)).toBe(true);
    pins.unpin(cpu, 0, at(0), 2 * PAGE);
    expect(pins.pinnedPages(0)).toBe(1);
  });

  it.each([
    [-1, 1],
    [PAGES - 1, 2],
  ])('refuses memory outside the pages of the user: from page %d on, %d pages', (page, count) => {
    const { pins, at } = userPages();
    expect(() => pins.pin(0, at(page), count * PAGE)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
  });

  it('refuses a page that nothing references, and one with too many references', () => {
    const { pins, pages, at } = userPages();
    pages.put(FIRST);
    expect(() => pins.pin(0, at(0), 1)).toThrow(expect.objectContaining({ code: 'ERR_DOUBLE_FREE' }));
    pages.getMany(FIRST + 1, 2 ** 30);
    expect(() => pins.pin(0, at(1), 1)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
  });

  it('keeps a page fragment from reusing its page', () => {
    const memory = testMemory();
    const cpu = testCpu();
    const frag = new PageFrag(new ReferencedPages(memory.pages, { put: () => {}, putMany: () => {} }));
    frag.refill(cpu, 32, memory.system, memory.system);
    frag.offset = 4000;
    const limits = { firstPfn: 0, pages: 1000, sockets: 1, bytesPerSocket: 1 << 30 };
    const pins = inArena((arena) => new PinTable(arena, memory.pages, limits));
    pins.pin(0, frag.pfn * PAGE, 4000);
    frag.refill(cpu, 32, memory.system, memory.system);
    expect(frag.offset).toBe(4000);
    pins.unpin(cpu, 0, frag.pfn * PAGE, 4000);
    frag.refill(cpu, 32, memory.system, memory.system);
    expect(frag.offset).toBe(0);
  });
});

interface Range {
  readonly from: number;
  end: number;
}

describe('PinTable', () => {
  it.each([0, 2, 4])('has the pins that a list of ranges has, for folios of order %d', (order) => {
    const span = PAGES * PAGE;
    const step = fc.record({
      kind: fc.constantFrom('pin', 'extend', 'unpin'),
      from: fc.integer({ min: 0, max: span - 2 }),
      bytes: fc.integer({ min: 1, max: 70_000 }),
      which: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { pins, pages, cpu, at } = userPages(order, 100);
        const ranges: Range[] = [];
        const pagesOf = ({ from, end }: Range) => Math.ceil(end / PAGE) - Math.floor(from / PAGE);
        const pinned = () => ranges.reduce((sum, range) => sum + pagesOf(range), 0);
        for (const { kind, from, bytes, which } of steps) {
          const range = ranges[which % Math.max(1, ranges.length)];
          if (kind === 'pin') {
            const wanted = { from, end: Math.min(span, from + bytes) };
            const fits = pinned() + pagesOf(wanted) <= 100;
            expect(pins.pin(1, at(0) + from, wanted.end - from)).toBe(fits);
            if (fits) ranges.push(wanted);
          } else if (range !== undefined && kind === 'extend') {
            const end = Math.min(span, range.end + bytes);
            const fits = pinned() - pagesOf(range) + pagesOf({ ...range, end }) <= 100;
            expect(pins.extend(1, at(0) + range.from, range.end - range.from, at(0) + end)).toBe(fits);
            if (fits) range.end = end;
          } else if (range !== undefined) {
            pins.unpin(cpu, 1, at(0) + range.from, range.end - range.from);
            ranges.splice(ranges.indexOf(range), 1);
          }
          expect(pins.pinnedPages(1)).toBe(pinned());
        }
        for (let page = 0; page < PAGES; page += 1 << order) {
          const covered = (range: Range, of: number) => range.from < (of + 1) * PAGE && range.end > of * PAGE;
          let expected = 0;
          for (let of = page; of < page + (1 << order); of++) {
            expected += ranges.filter((range) => covered(range, of)).length;
          }
          expect(pins.pins(FIRST + page)).toBe(expected);
          expect(pages.refs(FIRST + page)).toBe(1 + expected * (order === 0 ? PIN_BIAS : 1));
        }
      }),
    );
  });
});
