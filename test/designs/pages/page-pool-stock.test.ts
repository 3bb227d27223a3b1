import { describe, expect, it } from '@jest/globals';
import { stockOf } from '../../../lib/designs/pages/page-pool-stock.js';

const UNSET = { ringSlots: 0, cachePages: 0 };

describe('stockOf', () => {
  it("is Linux's in faithful, whatever the size of the slot pool", () => {
    expect(stockOf(UNSET, 'faithful', 1 << 20)).toEqual({ ringSlots: 0, cachePages: 128 });
  });

  it('keeps all page pools within the slot pool in hardened, with at least one page each', () => {
    for (const shareBytes of [1000, 1 << 17, 1 << 20, 24 << 20, 2 ** 31]) {
      const { ringSlots, cachePages } = stockOf(UNSET, 'hardened', shareBytes);
      expect((ringSlots + cachePages) * 32768).toBeLessThanOrEqual(Math.max(0.9 * shareBytes, 2 * 32768));
      expect([ringSlots >= 1, ringSlots <= 1024, cachePages >= 1, cachePages <= 16]).toEqual([true, true, true, true]);
    }
    expect(stockOf(UNSET, 'hardened', 24 << 20)).toEqual({ ringSlots: 675, cachePages: 16 });
  });

  it('is what is configured where something is', () => {
    const configured = { ringSlots: 7, cachePages: 3 };
    expect(stockOf(configured, 'hardened', 1 << 20)).toEqual(configured);
    expect(stockOf(configured, 'faithful', 1 << 20)).toEqual(configured);
    expect(stockOf({ ringSlots: 0, cachePages: 3 }, 'hardened', 1 << 20)).toEqual({ ringSlots: 25, cachePages: 3 });
  });
});
