import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { classOf, fewestThatBlock } from '../../lib/explain/failure-class.js';
import { type Message, messagesIn } from '../../lib/explain/messages.js';

const SEGMENT = 128;

const full = (size: number | bigint, total: number | bigint, used: number | bigint) =>
  classOf(
    messagesIn(
      `swiotlb buffer is full (sz: ${size} bytes), total ${total} (slots), used ${used} (slots)`,
    )[0] as Message,
  );

/** True if some segment has `slots` free slots in a row. */
function hasRun(used: ReadonlySet<number>, slots: number, total: number): boolean {
  for (let segment = 0; segment < total; segment += SEGMENT) {
    let free = 0;
    for (let slot = segment; slot < Math.min(total, segment + SEGMENT); slot++) {
      free = used.has(slot) ? 0 : free + 1;
      if (free === slots) return true;
    }
  }
  return false;
}

describe('the fewest slots that block', () => {
  it('block, one in each run', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: SEGMENT }), fc.integer({ min: 1, max: 4 }), (slots, segments) => {
        const used = new Set<number>();
        for (let segment = 0; segment < segments; segment++) {
          for (let run = slots; run <= SEGMENT; run += slots) used.add(segment * SEGMENT + run - 1);
        }
        expect(used.size).toBe(fewestThatBlock(slots, segments * SEGMENT));
        expect(hasRun(used, slots, segments * SEGMENT)).toBe(false);
      }),
    );
  });

  it('are the fewest: with less in use there is a free run, wherever they lie', () => {
    const pools = fc.integer({ min: 1, max: 3 * SEGMENT }).chain((total) =>
      fc.record({
        total: fc.constant(total),
        slots: fc.integer({ min: 1, max: Math.min(total, SEGMENT) }),
        places: fc.uniqueArray(fc.nat(total - 1), { maxLength: total }),
      }),
    );
    fc.assert(
      fc.property(pools, ({ total, slots, places }) => {
        const fewest = fewestThatBlock(slots, total);
        expect(hasRun(new Set(places.slice(0, fewest - 1)), slots, total)).toBe(true);
      }),
    );
  });
});

describe('the class of a failure', () => {
  it.each([
    ['corrupted', 2 ** 31, 0, 0],
    ['corrupted', 0, 32_768, 5],
    ['exhausted', 8192, 32_768, 32_769],
    ['no-pool', 8192, 0, 1],
    ['corrupted', 8192, 32_768, 2n ** 64n - 1n],
    ['corrupted', 8192, 10n ** 20n, 5],
    ['corrupted', 10n ** 20n, 32_768, 5],
    ['no-pool', 2 ** 31 - 1, 0, 0],
    ['no-pool', 1, 0, 0],
    ['too-large', 262_145, 32_768, 32_768],
    ['alignment', 262_144, 32_768, 255],
    ['fragmented', 262_144, 32_768, 256],
    ['fragmented', 8192, 32_768, 29_491],
    ['exhausted', 8192, 32_768, 29_492],
    ['exhausted', 2048, 32_768, 32_768],
    ['exhausted', 2048, 32_768, 32_767],
    ['alignment', 2048, 32_768, 29_491],
    ['corrupted', -22, 32_768, 0],
    ['alignment', 4096, 64, 31],
    ['fragmented', 4096, 64, 32],
    ['fragmented', 131_074, 64, 0],
    ['alignment', 2049, 32_768, 16_383],
    ['fragmented', 2049, 32_768, 16_384],
  ])(
    'is %s for %i bytes with %3$i of %2$i slots in use',
    (kind, size: number | bigint, total: number | bigint, used: number | bigint) => {
      expect(full(size, total, used)).toBe(kind);
    },
  );

  it('is unknown where no numbers of the pool are printed, unless the size tells it', () => {
    const kinds = ['sz: 262144', 'sz: 262145', `sz: ${2 ** 32 - 2}`].map((size) =>
      classOf(messagesIn(`swiotlb buffer is full (${size} bytes)`)[0]!),
    );
    expect(kinds).toEqual(['unknown', 'too-large', 'corrupted']);
    expect(classOf(messagesIn('swiotlb buffer is full (sz: 0 bytes)')[0]!)).toBe('corrupted');
    expect(classOf(messagesIn('e1000 0000:00:03.0: swiotlb buffer is full')[0]!)).toBe('unknown');
  });
});
