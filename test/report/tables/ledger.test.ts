import { describe, expect, it } from '@jest/globals';
import {
  areaWaits,
  bounceNsPer64K,
  changes,
  coresTotal,
  couldGrow,
  softirqShare,
} from '../../../lib/report/tables/ledger.js';

describe('a ledger', () => {
  it('gives the sum of the parts of a core that it has', () => {
    expect(coresTotal({ coresUser: 0.5, coresBounce: 0.25 })).toBe(0.75);
    expect(coresTotal({ gbps: 100 })).toBeNull();
  });

  it('gives the share of the bounced bytes that softirqs copied, if any bounced', () => {
    expect(softirqShare({ bounceBytes: 100, bounceSoftirqBytes: 25 })).toBe(0.25);
    expect(softirqShare({ bounceBytes: 0, bounceSoftirqBytes: 0 })).toBeNull();
    expect(softirqShare({})).toBeNull();
  });

  it('gives the time of the second copy of 64 KiB', () => {
    expect(bounceNsPer64K({ bounceBytes: 131072, bounceNs: 10_000 })).toBe(5000);
    expect(bounceNsPer64K({ bounceBytes: 0, bounceNs: 0 })).toBeNull();
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

  it('lists parts of a core by the size of their change, without those that did not change', () => {
    const from = { coresUser: 0.7, coresBounce: 0.7, coresSlotPage: 0.05, coresRest: 0.1 };
    const to = { coresUser: 0.65, coresBounce: 0, coresSlotPage: 0.15, coresRest: 0.105 };
    expect(changes(from, to).map(({ name, cores }) => [name, Number(cores.toFixed(3))])).toEqual([
      ['bounce copy', -0.7],
      ['slot and page work', 0.1],
      ['user copy', -0.05],
    ]);
  });
});
