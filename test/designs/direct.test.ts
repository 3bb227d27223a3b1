import { describe, expect, it } from '@jest/globals';
import { finished } from './fixtures/finished.js';

describe('the design direct', () => {
  it('copies each byte once, and takes no slot', () => {
    using machine = finished('direct');
    const { system, sent } = machine;
    expect({
      user: system.copyLedger.sum('user').bytes,
      bounce: system.copyLedger.sum('bounce').bytes,
      header: system.copyLedger.sum('header').bytes,
      peak: system.swiotlb.statistics().io_tlb_used_hiwater,
    }).toEqual({ user: sent, bounce: 0, header: 0, peak: 0 });
  });
});
