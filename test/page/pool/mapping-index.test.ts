import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MappingIndex, NO_INDEX } from '../../../lib/page/pool/mapping-index.js';
import { inArena, testCpu } from '../../smp/fixtures/cpus.js';

const cpu = testCpu();

function indexOf(limit: number): MappingIndex {
  const index = inArena((arena) => new MappingIndex(arena, limit));
  index.reset();
  return index;
}

describe('MappingIndex', () => {
  it('gives out the lowest free number, from 1 to its limit', () => {
    const index = indexOf(3);
    expect([10, 11, 12, 13].map((pfn) => index.add(cpu, pfn))).toEqual([1, 2, 3, NO_INDEX]);
    expect(index.remove(cpu, 2, 11)).toBe(true);
    expect([...index.pages()]).toEqual([10, 12]);
    expect([index.add(cpu, 14), index.count]).toEqual([2, 3]);
  });

  it('lets one of two callers remove a mapping', () => {
    const index = indexOf(3);
    index.add(cpu, 10);
    expect([index.remove(cpu, 1, 11), index.remove(cpu, 1, 10), index.remove(cpu, 1, 10)]).toEqual([
      false,
      true,
      false,
    ]);
    expect([...index.pages()]).toEqual([]);
  });

  it('behaves as a list with gaps, in any order of calls', () => {
    const calls = fc.array(fc.record({ isAdded: fc.boolean(), which: fc.nat() }), { maxLength: 300 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), calls, (limit, all) => {
        const index = indexOf(limit);
        const pages = new Map<number, number>();
        let next = 0;
        for (const { isAdded, which } of all) {
          if (isAdded) {
            let free = 1;
            while (pages.has(free)) free++;
            const wanted = free > limit ? NO_INDEX : free;
            if (wanted !== NO_INDEX) pages.set(free, next);
            expect(index.add(cpu, next++)).toBe(wanted);
          } else if (pages.size > 0) {
            const [number, pfn] = [...pages][which % pages.size]!;
            pages.delete(number);
            expect(index.remove(cpu, number, pfn)).toBe(true);
          }
          const inOrder = [...pages].sort(([a], [b]) => a - b).map(([, pfn]) => pfn);
          expect([...index.pages()]).toEqual(inOrder);
        }
      }),
    );
  });
});
