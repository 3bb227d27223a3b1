import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NO_OBJECT, PageCache, SlabObjects } from '../../lib/owner/kernel-buffers.js';
import { testMemory } from '../page/fixtures/memory.js';
import { inArena, testCpu } from '../smp/fixtures/cpus.js';

const PAGE = 4096;
const FIRST = 64;

function slab(pages = 2, objectBytes = 1024) {
  const memory = testMemory();
  const area = { firstPfn: FIRST, pages, objectBytes };
  const objects = inArena((arena) => new SlabObjects(arena, memory.pages, area));
  objects.reset();
  return { objects, pages: memory.pages, cpu: testCpu() };
}

function cache(order: number) {
  const { pages } = testMemory();
  for (let pfn = FIRST; pfn < FIRST + 32; pfn += 1 << order) pages.compound(pfn, order);
  const freed: number[] = [];
  return { cache: new PageCache(pages, { free: (_, pfn) => freed.push(pfn) }), pages, freed, cpu: testCpu() };
}

const doubleFree = expect.objectContaining({ code: 'ERR_DOUBLE_FREE' });

describe('an object of a slab', () => {
  it('is not allocated again while it is lent, although its user has freed it', () => {
    const { objects, cpu } = slab(1, 4096);
    const object = objects.alloc(cpu);
    objects.lend(object + 10, 100);
    objects.free(cpu, object);
    expect({ users: objects.users(object), next: objects.alloc(cpu) }).toEqual({ users: 1, next: NO_OBJECT });
    objects.giveBack(cpu, object + 10, 100);
    expect(objects.alloc(cpu)).toBe(object);
  });

  it('cannot be freed, lent or given back when it is free', () => {
    const { objects, cpu } = slab();
    const object = objects.alloc(cpu);
    objects.free(cpu, object);
    expect(() => objects.free(cpu, object)).toThrow(doubleFree);
    expect(() => objects.lend(object, 1)).toThrow(doubleFree);
    expect(() => objects.giveBack(cpu, object, 1)).toThrow(doubleFree);
    expect({ users: objects.users(object), free: objects.freeObjects }).toEqual({ users: 0, free: 8 });
  });

  it('lies in a page that has no reference, and takes none', () => {
    const { objects, pages, cpu } = slab();
    const page = Math.floor(objects.alloc(cpu) / PAGE);
    expect(() => pages.get(page)).toThrow(doubleFree);
    const { cache: pageCache } = { cache: new PageCache(pages) };
    expect(() => pageCache.lend(page * PAGE, 10)).toThrow(expect.objectContaining({ code: 'ERR_WRONG_KIND' }));
  });

  it('is lent together with those that the range lies in, all or none', () => {
    const { objects, cpu } = slab();
    const [one, two] = [objects.alloc(cpu), objects.alloc(cpu)];
    objects.lend(one, 2048);
    expect([one, two].map((object) => objects.users(object))).toEqual([2, 2]);
    expect(() => objects.lend(one, 2049)).toThrow(doubleFree);
    expect([one, two].map((object) => objects.users(object))).toEqual([2, 2]);
    objects.giveBack(cpu, one, 2048);
    expect([one, two].map((object) => objects.users(object))).toEqual([1, 1]);
  });

  it('has a user from the start where all are allocated', () => {
    const { objects, cpu } = slab();
    objects.allocAll();
    expect({ free: objects.freeObjects, next: objects.alloc(cpu) }).toEqual({ free: 0, next: NO_OBJECT });
    objects.free(cpu, FIRST * PAGE + 1024);
    expect(objects.alloc(cpu)).toBe(FIRST * PAGE + 1024);
  });

  it('is lent, where a range grows, only if it was not lent before', () => {
    const { objects, cpu } = slab();
    objects.allocAll();
    const at = FIRST * PAGE;
    objects.lend(at + 100, 1000);
    objects.lendMore(at + 100, 1000, at + 2048);
    objects.lendMore(at + 100, 1948, at + 2049);
    expect([0, 1, 2, 3].map((object) => objects.users(at + object * 1024))).toEqual([2, 2, 2, 1]);
    objects.giveBack(cpu, at + 100, 1949);
    expect([0, 1, 2, 3].map((object) => objects.users(at + object * 1024))).toEqual([1, 1, 1, 1]);
  });

  it('is lent to its end where a range grows up to the end of the slab', () => {
    const { objects } = slab();
    objects.allocAll();
    const end = (FIRST + 2) * PAGE;
    objects.lend(end - 1000, 900);
    objects.lendMore(end - 1000, 900, end);
    expect(objects.users(end - 1)).toBe(2);
  });

  it('is refused at an address outside the slab', () => {
    const { objects, cpu } = slab();
    for (const phys of [0, FIRST * PAGE - 1, (FIRST + 2) * PAGE]) {
      expect(() => objects.free(cpu, phys)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
    }
    expect(() => slab(1, 1000)).toThrow(expect.objectContaining({ code: 'ERR_NOT_POWER_OF_TWO' }));
  });
});

describe('SlabObjects', () => {
  it('has the objects in use that a list of users has', () => {
    const step = fc.record({ kind: fc.constantFrom('alloc', 'lend', 'free', 'giveBack'), which: fc.nat() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const { objects, cpu } = slab();
        const owned: number[] = [];
        const lent: number[] = [];
        const take = (list: number[], which: number) => list.splice(which % list.length, 1)[0]!;
        for (const { kind, which } of steps) {
          if (kind === 'alloc') {
            const object = objects.alloc(cpu);
            const isFull = new Set([...owned, ...lent]).size === objects.objects;
            expect(object === NO_OBJECT).toBe(isFull);
            expect([...owned, ...lent]).not.toContain(object);
            if (!isFull) owned.push(object);
          } else if (kind === 'lend' && owned.length > 0) {
            lent.push(owned[which % owned.length]!);
            objects.lend(lent.at(-1)!, 1024);
          } else if (kind === 'free' && owned.length > 0) objects.free(cpu, take(owned, which));
          else if (kind === 'giveBack' && lent.length > 0) objects.giveBack(cpu, take(lent, which), 1024);
          expect(objects.freeObjects).toBe(objects.objects - new Set([...owned, ...lent]).size);
        }
      }),
    );
  });
});

describe('a folio of the page cache', () => {
  it.each([
    [0, [2, 2, 1]],
    [2, [3, 0, 0]],
  ])('of order %d is referenced for each of its pages that is lent', (order, references) => {
    const { cache: pageCache, pages, cpu } = cache(order);
    pageCache.lend(FIRST * PAGE + 4000, 200);
    expect([0, 1, 2].map((page) => pages.refs(FIRST + page))).toEqual(references);
    pageCache.giveBack(cpu, FIRST * PAGE + 4000, 200);
    expect(pages.refs(FIRST)).toBe(1);
  });

  it('is referenced for a page that a range grows by only if it had none of it', () => {
    const { cache: pageCache, pages, cpu } = cache(0);
    const at = FIRST * PAGE;
    pageCache.lend(at, 100);
    pageCache.lendMore(at, 100, at + PAGE);
    pageCache.lendMore(at, PAGE, at + PAGE + 1);
    expect([0, 1].map((page) => pages.refs(FIRST + page))).toEqual([2, 2]);
    pageCache.giveBack(cpu, at, PAGE + 1);
    expect([0, 1].map((page) => pages.refs(FIRST + page))).toEqual([1, 1]);
  });

  it.each([0, 2])('of order %d is freed once it is evicted and given back', (order) => {
    const { cache: pageCache, freed, cpu } = cache(order);
    pageCache.lend(FIRST * PAGE, 100);
    pageCache.lend(FIRST * PAGE, 200);
    pageCache.giveBack(cpu, FIRST * PAGE, 200);
    pageCache.evict(cpu, FIRST);
    expect(freed).toEqual([]);
    pageCache.giveBack(cpu, FIRST * PAGE, 100);
    expect(freed).toEqual([FIRST]);
    pageCache.evict(cpu, FIRST + 8);
    expect(freed).toEqual([FIRST, FIRST + 8]);
    expect(() => pageCache.lend(FIRST * PAGE, 1)).toThrow(doubleFree);
  });
});
