import { describe, expect, it } from '@jest/globals';
import { PAGE_POOL_COUNTERS, PagePoolCounters } from '../../../lib/page/pool/page-pool-counters.js';
import { inArena, testCpus } from '../../smp/fixtures/cpus.js';

describe('PagePoolCounters', () => {
  it('sums up what CPUs return, each in a row of its own, and keeps all counters apart', () => {
    const { cpus } = testCpus(3);
    const counters = inArena((arena) => new PagePoolCounters(arena, 3));
    counters.reset();
    counters.countAllocation('fast');
    counters.countAllocation('waive');
    counters.countAllocation('waive');
    for (const cpu of cpus) counters.countReturn(cpu, 'ring', 5);
    counters.countReturn(cpus[2]!, 'releasedRefcnt');
    const seen = PAGE_POOL_COUNTERS.map((name) => [name, counters.valueOf(name)]).filter(([, count]) => count !== 0);
    expect(Object.fromEntries(seen)).toEqual({ fast: 1, waive: 2, ring: 15, releasedRefcnt: 1 });
    counters.reset();
    expect(PAGE_POOL_COUNTERS.map((name) => counters.valueOf(name))).toEqual(new Array(11).fill(0));
  });
});
