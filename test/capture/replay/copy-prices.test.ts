import { describe, expect, it } from '@jest/globals';
import type { ClassCost } from '../../../lib/capture/replay/copy-costs.js';
import { countCopy, noCopies, priceOf } from '../../../lib/capture/replay/copy-prices.js';

const CLASSES: ClassCost[] = [
  {
    upToBytes: 256,
    copies: 100,
    bytes: 100,
    meanNs: 999,
    nsPerCopy: { median: 10, low: 8, high: 13, confidence: 0.95 },
  },
  { upToBytes: 65536, copies: 1, bytes: 65536, meanNs: 2000, nsPerCopy: null },
];

describe('priceOf()', () => {
  it('charges each copy the median of its class, or the mean where there is no median', () => {
    const counts = noCopies();
    for (const bytes of [1, 256, 200, 40_000]) countCopy(counts, bytes);
    expect(priceOf(counts, CLASSES, 1)).toEqual({ ns: 2030, lowNs: 2024, highNs: 2039 });
    expect(priceOf(counts, CLASSES, 2).ns).toBe(1015);
  });

  it('charges nothing for no copies', () => {
    expect(priceOf(noCopies(), CLASSES, 1)).toEqual({ ns: 0, lowNs: 0, highNs: 0 });
    expect(priceOf(noCopies(), [], 1)).toEqual({ ns: 0, lowNs: 0, highNs: 0 });
  });
});
