import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Buddy, MAX_ORDER } from '../../lib/page/buddy.js';
import { inArena, testCpu } from '../smp/fixtures/cpus.js';

const cpu = testCpu();
const FIRST = 1 << 10;

function buddyOf(pages: number, maxOrder = MAX_ORDER): Buddy {
  const buddy = inArena((arena) => new Buddy(arena, FIRST, pages, maxOrder));
  buddy.reset();
  return buddy;
}

function take(buddy: Buddy, order: number, count = 1): number[] {
  const blocks = new Int32Array(count + 2).fill(-7);
  const got = buddy.allocBulk(cpu, order, blocks, 1, count);
  expect([blocks[0], ...blocks.slice(got + 1)].every((untouched) => untouched === -7)).toBe(true);
  return [...blocks.slice(1, got + 1)];
}

function give(buddy: Buddy, order: number, blocks: readonly number[]): void {
  buddy.freeBulk(cpu, order, Int32Array.of(-7, ...blocks), 1, blocks.length);
}

/**
 * Free memory as the set of its free pages: since buddies always merge, a block of some order can be allocated exactly
 * when all pages of some aligned range of its size are free.
 */
function hasBlock(free: readonly boolean[], order: number): boolean {
  const size = 1 << order;
  for (let page = 0; page + size <= free.length; page += size) {
    if (free.slice(page, page + size).every((isFree) => isFree)) return true;
  }
  return false;
}

const order = fc.integer({ min: 0, max: MAX_ORDER });
const step = fc.oneof(
  fc.record({ kind: fc.constant('take' as const), order, count: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ kind: fc.constant('give' as const), which: fc.nat(), count: fc.integer({ min: 1, max: 4 }) }),
);

describe('Buddy', () => {
  it('finds a block whenever the free pages contain one, and merges the pages that are freed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.array(step, { maxLength: 80, size: 'max' }), (pages, steps) => {
        const buddy = buddyOf(pages);
        const free = new Array<boolean>(pages).fill(true);
        const held: { order: number; pfn: number }[] = [];
        for (const made of steps) {
          if (made.kind === 'take') {
            const blocks = take(buddy, made.order, made.count);
            for (const pfn of blocks) {
              const page = pfn - FIRST;
              expect(page % (1 << made.order)).toBe(0);
              for (let at = page; at < page + (1 << made.order); at++) {
                if (free[at] !== true) throw new Error(`page ${at} was given twice, or is none of ${pages}`);
                free[at] = false;
              }
              held.push({ order: made.order, pfn });
            }
            if (blocks.length < made.count) expect(hasBlock(free, made.order)).toBe(false);
          } else if (held.length > 0) {
            const { order } = held[made.which % held.length]!;
            const blocks = held.filter((block) => block.order === order).slice(0, made.count);
            for (const block of blocks) {
              held.splice(held.indexOf(block), 1);
              free.fill(true, block.pfn - FIRST, block.pfn - FIRST + (1 << order));
            }
            give(
              buddy,
              order,
              blocks.map((block) => block.pfn),
            );
          }
          expect(buddy.freePages).toBe(free.filter((isFree) => isFree).length);
        }
        for (const { order, pfn } of held) give(buddy, order, [pfn]);
        expect(take(buddy, MAX_ORDER, 20)).toHaveLength(Math.floor(pages / (1 << MAX_ORDER)));
      }),
    );
  });

  it('splits the smallest block that is large enough', () => {
    const buddy = buddyOf(64);
    const [page] = take(buddy, 0);
    expect(take(buddy, 5)).toHaveLength(1); // the other block of order 5 is whole
    expect(take(buddy, 4)).toHaveLength(1);
    expect(take(buddy, 3)).toHaveLength(1);
    expect(take(buddy, 2)).toHaveLength(1);
    expect(take(buddy, 1)).toHaveLength(1);
    expect(take(buddy, 0)).toEqual([page! ^ 1]);
    expect(buddy.freePages).toBe(0);
    expect(take(buddy, 0)).toEqual([]);
  });

  it('allocates all pages of a range that is no multiple of its largest block', () => {
    const buddy = buddyOf(37);
    expect(take(buddy, 5)).toEqual([FIRST]);
    expect(take(buddy, 2)).toEqual([FIRST + 32]);
    expect(take(buddy, 0, 9)).toEqual([FIRST + 36]);
  });

  it('returns fewer blocks than a bulk request asks for when there are no more', () => {
    const buddy = buddyOf(32);
    expect(take(buddy, 3, 16)).toHaveLength(4);
    expect(buddy.freePages).toBe(0);
  });

  it.each([0, 3, 10])('has blocks of its maximum order %d, and none that is larger', (maxOrder) => {
    const size = 1 << maxOrder;
    const buddy = buddyOf(2 * size, maxOrder);
    expect(take(buddy, maxOrder + 1)).toEqual([]);
    expect(take(buddy, maxOrder, 3)).toEqual([FIRST, FIRST + size]);
    give(buddy, maxOrder, [FIRST]);
    const pages = take(buddy, 0, size);
    expect(pages).toHaveLength(size);
    give(buddy, 0, pages);
    expect({ freePages: buddy.freePages, take: take(buddy, maxOrder) }).toEqual({ freePages: size, take: [FIRST] });
  });

  it('has all pages free after a reset', () => {
    const buddy = buddyOf(64);
    take(buddy, 0, 20);
    buddy.reset();
    expect(buddy.freePages).toBe(64);
    expect(take(buddy, 5, 9)).toHaveLength(2);
  });
});
