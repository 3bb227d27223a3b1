import { describe, expect, it } from '@jest/globals';
import { copyUntil } from '../../../benchmarks/shared/copy-until.js';
import { CopyList } from '../../../lib/memory/copy-list.js';
import { Region } from '../../../lib/memory/region.js';
import { KIB } from '../../../lib/units.js';

const HALF = 64 * KIB;

/** Copies from the first half of a region to the second, and returns what came of it with both halves. */
function copied(spanBytes: number, ms: number) {
  using region = Region.create({ bytes: 2 * HALF });
  const begin = CopyList.ofThisThread().clock() + 1e6;
  const request = { copyKernel: 0, copyBytes: 4 * KIB, batch: 4, begin, end: begin + ms * 1e6 };
  const { bytes, ns } = copyUntil(request, { region: region.id, source: 0, destination: HALF, spanBytes });
  const isSame = Buffer.compare(region.view(0, spanBytes), region.view(HALF, spanBytes)) === 0;
  const isRestSame = Buffer.compare(region.view(spanBytes, HALF - spanBytes), region.view(HALF + spanBytes)) === 0;
  return { bytes, ns, isSame, isRestSame, end: CopyList.ofThisThread().clock(), until: request.end };
}

describe('copyUntil', () => {
  it('copies all of its span until the given time, and counts whole batches', () => {
    const { bytes, ns, isSame, end, until } = copied(HALF, 5);
    expect(end).toBeGreaterThanOrEqual(until);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes % (16 * KIB)).toBe(0);
    expect(ns).toBeGreaterThan(0);
    expect(isSame).toBe(true);
  });

  it('copies the same bytes again and again where its span is shorter than a batch', () => {
    const { bytes, isSame, isRestSame } = copied(8 * KIB, 1);
    expect(bytes % (16 * KIB)).toBe(0);
    expect({ isSame, isRestSame }).toEqual({ isSame: true, isRestSame: false });
  });

  it('copies once more where its time is over already', () => {
    expect(copied(HALF, -2).bytes).toBe(16 * KIB);
  });
});
