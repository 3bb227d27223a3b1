import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { NO_PAGE } from '../../../lib/page/page-table.js';
import { ReturnRing } from '../../../lib/page/pool/return-ring.js';
import { inArena } from '../../smp/fixtures/cpus.js';

function ringOf(slots: number): ReturnRing {
  const ring = inArena((arena) => new ReturnRing(arena, slots));
  ring.reset();
  return ring;
}

describe('ReturnRing', () => {
  it.each([
    [1, 1],
    [31, 1],
    [32, 16],
    [33, 16],
    [1024, 16],
  ])('with %i slots gives back %i at a time', (slots, batch) => {
    expect(ringOf(slots).batch).toBe(batch);
  });

  it('returns pages in their order, page 0 among them, and refuses more than it has slots', () => {
    const ring = ringOf(3);
    expect(ring.consume()).toBe(NO_PAGE);
    expect([0, 8, 5, 6].map((pfn) => ring.produce(pfn))).toEqual([true, true, true, false]);
    expect(ring.pages()).toEqual([0, 8, 5]);
    expect([ring.consume(), ring.consume(), ring.consume(), ring.consume()]).toEqual([0, 8, 5, NO_PAGE]);
  });

  it('may be full while it holds fewer pages than it has slots', () => {
    const ring = ringOf(40);
    for (let pfn = 0; pfn < 40; pfn++) ring.produce(pfn);
    for (let pfn = 0; pfn < 15; pfn++) ring.consume();
    expect({ isKept: ring.produce(99), count: ring.count, spent: ring.spent }).toEqual({
      isKept: false,
      count: 25,
      spent: 15,
    });
    ring.consume();
    expect({ isKept: ring.produce(99), count: ring.count, spent: ring.spent }).toEqual({
      isKept: true,
      count: 25,
      spent: 0,
    });
  });

  it('empties the slots of a batch from the last one on, so that a producer finds all of them empty or none', () => {
    const ring = ringOf(32);
    for (let pfn = 0; pfn < 32; pfn++) ring.produce(pfn);
    for (let pfn = 0; pfn < 15; pfn++) ring.consume();
    const store = jest.spyOn(Atomics, 'store');
    try {
      ring.consume();
      expect(store.mock.calls.map(([, at]) => at)).toEqual(Array.from({ length: 16 }, (_, at) => 15 - at));
    } finally {
      store.mockRestore();
    }
  });

  it('behaves as a queue whose emptied slots return in batches, in any order of calls', () => {
    const calls = fc.array(fc.boolean(), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), calls, (slots, produces) => {
        const ring = ringOf(slots);
        const queue: number[] = [];
        // Slots that were consumed since some were given back, and how far the consumer is from the end of the ring.
        let [spent, head, next] = [0, 0, 0];
        for (const isProduced of produces) {
          if (isProduced) {
            const hasRoom = queue.length + spent < slots;
            expect(ring.produce(next)).toBe(hasRoom);
            if (hasRoom) queue.push(next++);
          } else {
            const pfn = queue.shift();
            expect(ring.consume()).toBe(pfn ?? NO_PAGE);
            if (pfn !== undefined) {
              head = (head + 1) % slots;
              spent = head === 0 || spent + 1 === ring.batch ? 0 : spent + 1;
            }
          }
          expect([ring.count, ring.spent, ring.isEmpty()]).toEqual([queue.length, spent, queue.length === 0]);
          expect(ring.pages()).toEqual(queue);
        }
      }),
    );
  });
});
