import { describe, expect, it } from '@jest/globals';
import { areaWaits, couldGrow, softirqShare } from '../../../lib/report/tables/ledger.js';

describe('a ledger', () => {
  it('gives the share of the bounced bytes that softirqs copied, if any bounced', () => {
    expect(softirqShare({ bounceBytes: 100, bounceSoftirqBytes: 25 })).toBe(0.25);
    expect(softirqShare({ bounceBytes: 0, bounceSoftirqBytes: 0 })).toBeNull();
    expect(softirqShare({})).toBeNull();
  });

  it('says whether bounce memory could grow, whether it did or not', () => {
    expect(couldGrow({ poolsAdded: 0 })).toBe(true);
    expect(couldGrow({ mapFailures: 3 })).toBe(false);
  });

  it('gives the sum of the waits of all areas, without keys of similar names', () => {
    const others = { areaContention: 50, lockWaitNs: 1000, areaWaits: 9, area0WaitNsMore: 4, subarea1Waits: 2 };
    expect(areaWaits({ area0Waits: 3, area0WaitNs: 700, area10Waits: 4.5, area10WaitNs: 20, ...others })).toEqual({
      waits: 7.5,
      waitNs: 720,
    });
    expect(areaWaits(others)).toEqual({ waits: 0, waitNs: 0 });
  });
});
