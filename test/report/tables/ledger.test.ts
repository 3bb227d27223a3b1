import { describe, expect, it } from '@jest/globals';
import {
  areaWaits,
  bounceNsPer64K,
  changes,
  coresTotal,
  couldGrow,
  softirqShare,
} from '../../../lib/report/tables/ledger.js';

describe('ledger', () => {
  it('adds up what it has of the parts', () => {
    expect(coresTotal({ coresUser: 0.5, coresBounce: 0.25 })).toBe(0.75);
    expect(coresTotal({ gbps: 100 })).toBeNull();
  });

  it('knows where bounced bytes were copied, if any were', () => {
    expect(softirqShare({ bounceBytes: 100, bounceSoftirqBytes: 25 })).toBe(0.25);
    expect(softirqShare({ bounceBytes: 0, bounceSoftirqBytes: 0 })).toBeNull();
    expect(softirqShare({})).toBeNull();
  });

  it('prices the second copy of the largest packet', () => {
    expect(bounceNsPer64K({ bounceBytes: 131072, bounceNs: 10_000 })).toBe(5000);
    expect(bounceNsPer64K({ bounceBytes: 0, bounceNs: 0 })).toBeNull();
  });

  it('tells cells that could grow from others, whether they did or not', () => {
    expect([couldGrow({ poolsAdded: 0 }), couldGrow({ mapFailures: 3 })]).toEqual([true, false]);
  });

  it('adds up who waited for areas, and nothing that is called alike', () => {
    const others = { areaContention: 50, lockWaitNs: 1000, areaWaits: 9, area0WaitNsMore: 4, subarea1Waits: 2 };
    expect(areaWaits({ area0Waits: 3, area0WaitNs: 700, area10Waits: 4.5, area10WaitNs: 20, ...others })).toEqual({
      ...{ waits: 7.5, waitNs: 720 },
    });
    expect(areaWaits(others)).toEqual({ waits: 0, waitNs: 0 });
  });

  it('orders what changed by size and leaves out what did not', () => {
    const from = { coresUser: 0.7, coresBounce: 0.7, coresSlotPage: 0.05, coresRest: 0.1 };
    const to = { coresUser: 0.65, coresBounce: 0, coresSlotPage: 0.15, coresRest: 0.105 };
    expect(changes(from, to).map(({ name, cores }) => [name, Number(cores.toFixed(3))])).toEqual([
      ['bounce copy', -0.7],
      ['slot and page work', 0.1],
      ['user copy', -0.05],
    ]);
  });
});
