import { describe, expect, it } from '@jest/globals';
import { AllocatorHook } from '../../lib/page/free-dispatch.js';
import { PageFrag, ReferencedPages } from '../../lib/page/page-frag.js';
import { ASK, FRAG_ORDER, type PageSource } from '../../lib/page/page-source.js';
import { NO_PAGE } from '../../lib/page/page-table.js';
import { testCpu } from '../smp/fixtures/cpus.js';
import { testMemory } from './fixtures/memory.js';

const cpu = testCpu();

/** A source that records its calls, and has only blocks of the given orders. */
function listening(inner: PageSource, name: string, asked: string[], orders: readonly number[] = [0, FRAG_ORDER]) {
  return {
    alloc: (by, order) => {
      asked.push(`${name} ${order}`);
      return orders.includes(order) ? inner.alloc(by, order) : NO_PAGE;
    },
    free: (by, pfn) => inner.free(by, pfn),
  } satisfies PageSource;
}

function parts() {
  const memory = testMemory();
  const bounce = memory.bounce();
  const frag = new PageFrag(new ReferencedPages(memory.pages, new AllocatorHook(memory.pages, memory.system, bounce)));
  return { ...memory, bounce, frag };
}

describe('PageFrag.refill', () => {
  it('takes 32 KiB from the preferred source, and uses them until they are full', () => {
    const { pages, system, frag } = parts();
    const asked: string[] = [];
    const source = listening(system, 'system', asked);
    expect(frag.refill(cpu, 32, source, source)).toBe(true);
    const { pfn } = frag;
    expect({ offset: frag.offset, size: frag.size, refs: pages.refs(pfn) }).toEqual({
      offset: 0,
      size: 32768,
      refs: 1,
    });
    pages.get(pfn); // an skb's fragment
    for (const offset of [1, 32768 - 32]) {
      frag.offset = offset;
      expect(frag.refill(cpu, 32, source, source)).toBe(true);
      expect({ pfn: frag.pfn, offset: frag.offset }).toEqual({ pfn, offset });
    }
    expect(asked).toEqual(['system 3']);
  });

  it('drops a page that has one byte less than is needed', () => {
    const { pages, system, frag } = parts();
    frag.refill(cpu, 32, system, system);
    const first = frag.pfn;
    pages.get(first);
    frag.offset = 32768 - 31;
    frag.refill(cpu, 32, system, system);
    expect(frag.pfn).not.toBe(first);
    expect({ offset: frag.offset, size: frag.size }).toEqual({ offset: 0, size: 32768 });
    expect([pages.refs(first), pages.refs(frag.pfn)]).toEqual([1, 1]);
  });

  it('reuses its page from the start, full or not, once it is the sole holder', () => {
    const { pages, system, frag } = parts();
    frag.refill(cpu, 32, system, system);
    const { pfn } = frag;
    pages.get(pfn);
    for (const offset of [100, 32768]) {
      frag.offset = offset;
      pages.put(pfn);
      expect(frag.refill(cpu, 32, system, system)).toBe(true);
      expect({ pfn: frag.pfn, offset: frag.offset, refs: pages.refs(pfn) }).toEqual({ pfn, offset: 0, refs: 1 });
      pages.get(pfn);
    }
  });

  it('asks both sources for order 3, then the second one for a single page', () => {
    const { system, bounce, frag } = parts();
    const asked: string[] = [];
    const first = listening(bounce, 'bounce', asked, [0]);
    const second = listening(system, 'system', asked, [0]);
    expect(frag.refill(cpu, 32, first, second)).toBe(true);
    expect(asked).toEqual(['bounce 3', 'system 3', 'system 0']);
    expect(frag.size).toBe(4096);
  });

  it('asks the first source for a single page before it asks the second one, if single pages are preferred', () => {
    const { pages, bounce, system } = parts();
    const single = new PageFrag(new ReferencedPages(pages, new AllocatorHook(pages, system, bounce)), true);
    const asked: string[] = [];
    const preferred = listening(bounce, 'bounce', asked, [0]);
    const fallback = listening(system, 'system', asked);
    expect(single.refill(cpu, 32, preferred, fallback)).toBe(true);
    expect([asked.join(', '), single.size, pages.owner(single.pfn) !== 0]).toEqual(['bounce 3, bounce 0', 4096, true]);
    single.drop(cpu);
    asked.length = 0;
    expect(single.refill(cpu, 32, listening(bounce, 'bounce', asked, []), fallback)).toBe(true);
    expect({ join: asked.join(', '), size: single.size }).toEqual({
      join: 'bounce 3, bounce 0, system 3',
      size: 32768,
    });
  });

  it('asks a source that is preferred and fallback only once per order', () => {
    const { system, frag } = parts();
    const asked: string[] = [];
    const source = listening(system, 'system', asked, []);
    expect(frag.refill(cpu, 32, source, source)).toBe(false);
    expect(asked).toEqual(['system 3', 'system 0']);
    expect({ pfn: frag.pfn, offset: frag.offset, size: frag.size }).toEqual({ pfn: NO_PAGE, offset: 0, size: 0 });
  });

  it('falls back to ordinary pages while the slot pool has none, and returns to it later', () => {
    const { pages, system, bounce, frag, swiotlb } = parts();
    const asked: string[] = [];
    const empty = listening(bounce, 'bounce', asked, []);
    frag.refill(cpu, 32, empty, system);
    expect(swiotlb.pool.contains(frag.pfn * 4096)).toBe(false);
    pages.get(frag.pfn);
    frag.offset = frag.size;
    frag.refill(cpu, 32, bounce, system);
    expect(swiotlb.pool.contains(frag.pfn * 4096)).toBe(true);
  });

  it('asks no source for an order-3 page while there are to be single pages only', () => {
    const { system, bounce, frag } = parts();
    const asked: string[] = [];
    frag.singlePagesOnly = true;
    const preferred = listening(bounce, 'bounce', asked, []);
    expect(frag.refill(cpu, 32, preferred, listening(system, 'system', asked))).toBe(true);
    expect({ asked, size: frag.size }).toEqual({ asked: ['bounce 0', 'system 0'], size: 4096 });
    frag.drop(cpu);
    frag.singlePagesOnly = false;
    frag.refill(cpu, 32, system, system);
    expect(frag.size).toBe(32768);
  });

  it('lets only an order-0 allocation reclaim memory directly, and only if the caller may', () => {
    const { frag } = parts();
    const asked: [order: number, asked: number | undefined][] = [];
    const none: PageSource = {
      alloc: (_, order, how) => {
        asked.push([order, how]);
        return NO_PAGE;
      },
      free: () => {},
    };
    for (const mayReclaim of [true, false]) frag.refill(cpu, 32, none, none, mayReclaim);
    const large = ASK.wakesReclaim | ASK.noRetry | ASK.compound;
    expect(asked).toEqual([
      [3, large],
      [0, ASK.wakesReclaim | ASK.directReclaim],
      [3, large],
      [0, ASK.wakesReclaim],
    ]);
  });

  it('keeps the size of the page before when it fails, without a page', () => {
    const { pages, system, frag } = parts();
    frag.refill(cpu, 32, system, system);
    pages.get(frag.pfn);
    frag.offset = frag.size;
    const none = listening(system, '', [], []);
    expect(frag.refill(cpu, 32, none, none)).toBe(false);
    expect({ pfn: frag.pfn, offset: frag.offset, size: frag.size }).toEqual({ pfn: NO_PAGE, offset: 0, size: 32768 });
  });

  it('succeeds again after it failed', () => {
    const { system, frag } = parts();
    const none = listening(system, '', [], []);
    frag.refill(cpu, 32, none, none);
    expect(frag.refill(cpu, 32, system, system)).toBe(true);
    expect(frag.size).toBe(32768);
  });
});

describe('PageFrag.drop', () => {
  it('frees the page to its source when it is the sole holder', () => {
    const { system, bounce, frag, swiotlb } = parts();
    frag.refill(cpu, 32, bounce, system);
    expect(swiotlb.used()).toBe(16);
    frag.drop(cpu);
    expect(swiotlb.used()).toBe(0);
    expect({ pfn: frag.pfn, offset: frag.offset, size: frag.size }).toEqual({ pfn: NO_PAGE, offset: 0, size: 0 });
    frag.drop(cpu); // there is no page any more
    expect(system.freePages).toBe(256);
  });

  it('leaves the page to its other holders', () => {
    const { pages, system, frag } = parts();
    frag.refill(cpu, 32, system, system);
    const { pfn } = frag;
    pages.get(pfn);
    frag.drop(cpu);
    expect(pages.refs(pfn)).toBe(1);
    expect(system.freePages).toBe(256 - 8);
  });
});
