import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EndHeap } from '../../../lib/capture/load/end-heap.js';

describe('EndHeap', () => {
  it('gives entries in the order of their times, whatever is pushed between', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 50 })), { maxLength: 200 }), (steps) => {
        const heap = new EndHeap(1);
        const times: number[] = [];
        const open = new Set<number>();
        for (const [at, step] of steps.entries()) {
          times.push(step ?? 0);
          if (step !== null) {
            heap.push(step, at);
            open.add(at);
          } else if (open.size > 0) {
            const first = Math.min(...[...open].map((entry) => times[entry]!));
            expect(heap.firstNs).toBe(first);
            const entry = heap.pop();
            expect([open.delete(entry), times[entry]]).toEqual([true, first]);
          }
          expect(heap.size).toBe(open.size);
        }
      }),
    );
  });

  it('has none at first, and after it was cleared', () => {
    const heap = new EndHeap();
    expect(heap.firstNs).toBe(Number.POSITIVE_INFINITY);
    heap.push(Number.POSITIVE_INFINITY, 1);
    heap.push(3, 2);
    expect([heap.firstNs, heap.size]).toEqual([3, 2]);
    heap.clear();
    expect([heap.firstNs, heap.size]).toEqual([Number.POSITIVE_INFINITY, 0]);
  });
});
