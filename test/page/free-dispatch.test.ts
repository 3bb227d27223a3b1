import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AllocatorHook, type FreeDispatch, TypedFolio } from '../../lib/page/free-dispatch.js';
import { LeakedBlocks, type PageOwner, PageOwners } from '../../lib/page/page-owners.js';
import type { PageSource } from '../../lib/page/page-source.js';
import type { PageTable } from '../../lib/page/page-table.js';
import { PAGE_TYPE } from '../../lib/page/page-type.js';
import { inArena, testCpu } from '../smp/fixtures/cpus.js';
import { testMemory } from './fixtures/memory.js';

const cpu = testCpu();
const ZERO_COPY = PAGE_TYPE.zeroCopySwiotlb;
const wrongKind = expect.objectContaining({ code: 'ERR_WRONG_KIND' });
const doubleFree = expect.objectContaining({ code: 'ERR_DOUBLE_FREE' });

function leakedBlocks(): LeakedBlocks {
  return inArena((arena) => new LeakedBlocks(arena));
}

type Make = (pages: PageTable, system: PageSource, bounce: PageOwner, leaked?: LeakedBlocks) => FreeDispatch;

const hook: Make = (pages, system, bounce) => new AllocatorHook(pages, system, bounce);
const folio: Make = (pages, system, bounce, leaked = leakedBlocks()) => {
  const owners = new PageOwners(leaked, () => {});
  owners.register('zeroCopySwiotlb', bounce);
  return new TypedFolio(pages, system, owners);
};

/** A free dispatch whose parts record their calls. */
function listening(make: Make) {
  const { pages } = testMemory();
  const freed: string[] = [];
  const state = (pfn: number) => `${pfn}, ${pages.refs(pfn)} references, type ${pages.typeOf(pfn).toString(16)}`;
  const system: PageSource = {
    alloc: () => {
      throw new Error('frees only');
    },
    free: (by, pfn) => freed.push(`system ${state(pfn)} on ${by.id}`),
  };
  const bounce: PageOwner = {
    free: (by, pfn, batched) => freed.push(`bounce ${state(pfn)} on ${by.id}${batched ? ', batched' : ''}`) > 0,
  };
  const leaked = leakedBlocks();
  const dispatch = make(pages, system, bounce, leaked);
  for (const pfn of [100, 101, 102]) pages.setRefs(pfn, 2);
  pages.setType(100, ZERO_COPY, 1);
  return { pages, dispatch, freed, leaked };
}

describe.each([
  ['AllocatorHook', hook],
  ['TypedFolio', folio],
] as const)('%s', (_, make) => {
  it('frees pages of the patch’s type to the slot pool and untyped ones to the page allocator, at the last put', () => {
    const { dispatch, freed } = listening(make);
    for (const pfn of [100, 101]) dispatch.put(cpu, pfn);
    expect(freed).toEqual([]);
    for (const pfn of [100, 101]) dispatch.put(cpu, pfn);
    expect(freed).toEqual(['bounce 100, 0 references, type f9 on 0', 'system 101, 0 references, type 0 on 0']);
  });

  it('puts several pages at once, and tells the owner so', () => {
    const { dispatch, freed } = listening(make);
    dispatch.putMany(cpu, Int32Array.of(100, 101, 100, 102, 101, 102), 5);
    expect(freed).toEqual(['bounce 100, 0 references, type f9 on 0, batched', 'system 101, 0 references, type 0 on 0']);
    dispatch.putMany(cpu, Int32Array.of(102), 0);
    dispatch.putMany(cpu, Int32Array.of(102), 1);
    expect(freed[2]).toBe('system 102, 0 references, type 0 on 0');
  });

  it('refuses to put a page that has no reference', () => {
    const { dispatch } = listening(make);
    expect(() => dispatch.put(cpu, 103)).toThrow(doubleFree);
    expect(() => dispatch.putMany(cpu, Int32Array.of(101, 101, 101), 3)).toThrow(doubleFree);
  });

  it('frees each page to the allocator it came from, one by one or together', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ bounces: fc.boolean(), order: fc.constantFrom(0, 3), extra: fc.nat(2) })),
        (wish) => {
          const { pages, system, bounce, swiotlb } = testMemory();
          const pool = bounce();
          const leaked = leakedBlocks();
          const dispatch = make(pages, system, pool, leaked);
          const held: number[] = [];
          for (const { bounces, order, extra } of wish.slice(0, 17)) {
            const pfn = (bounces ? pool : system).alloc(cpu, order);
            for (let reference = 0; reference < extra; reference++) pages.get(pfn);
            held.push(...new Array<number>(extra + 1).fill(pfn));
          }
          const half = held.length >> 1;
          for (const pfn of held.slice(0, half)) dispatch.put(cpu, pfn);
          dispatch.putMany(cpu, Int32Array.from(held.slice(half)), held.length - half);
          expect({ freePages: system.freePages, used: swiotlb.used(), count: leaked.count }).toEqual({
            freePages: 256,
            used: 0,
            count: 0,
          });
        },
      ),
    );
  });

  it('cannot be bypassed: the page allocator refuses a typed block', () => {
    const { pages, system, bounce } = testMemory();
    const pfn = bounce().alloc(cpu, 3);
    pages.put(pfn);
    expect(() => system.free(cpu, pfn)).toThrow(wrongKind);
    // The block is as it was.
    expect({ headOf: pages.headOf(pfn + 7), typeOf: pages.typeOf(pfn) }).toEqual({ headOf: pfn, typeOf: ZERO_COPY });
    expect(system.freePages).toBe(256);
  });
});

describe('a page of a type without an owner', () => {
  it('is passed on by the allocator’s hook, which knows one type, and refused by the allocator', () => {
    const { dispatch, freed, pages } = listening(hook);
    pages.setType(101, PAGE_TYPE.slab, 1);
    pages.setRefs(101, 1);
    dispatch.put(cpu, 101);
    expect(freed).toEqual(['system 101, 0 references, type f5 on 0']);
    const real = testMemory();
    const pfn = real.system.alloc(cpu, 0);
    real.pages.setType(pfn, PAGE_TYPE.slab, 1);
    expect(() => hook(real.pages, real.system, real.bounce()).put(cpu, pfn)).toThrow(wrongKind);
  });

  it('is leaked at the last put, and counted', () => {
    const { dispatch, freed, pages, leaked } = listening(folio);
    pages.setType(101, PAGE_TYPE.slab, 1);
    for (const pfn of [101, 102, 101, 102]) dispatch.put(cpu, pfn);
    expect(freed).toEqual(['system 102, 0 references, type 0 on 0']);
    expect({ count: leaked.count, of: leaked.of(PAGE_TYPE.slab), typeOf: pages.typeOf(101) }).toEqual({
      count: 1,
      of: 1,
      typeOf: PAGE_TYPE.slab,
    });
  });
});
