import { describe, expect, it } from '@jest/globals';
import { finished } from './fixtures/finished.js';

describe('the design bounce', () => {
  it('copies each byte twice, and takes no page of the slot pool', () => {
    using machine = finished('bounce');
    const { system, sent } = machine;
    expect({
      user: system.copyLedger.sum('user').bytes,
      bounce: system.copyLedger.sum('bounce').bytes,
      pages: system.freeing.counters.allocated,
    }).toEqual({ user: sent, bounce: sent, pages: 0 });
    expect(system.swiotlb.statistics().io_tlb_used_hiwater).toBeGreaterThan(0);
  });
});
