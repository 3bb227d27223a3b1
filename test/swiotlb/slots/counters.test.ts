import { describe, expect, it } from '@jest/globals';
import { Counters } from '../../../lib/swiotlb/slots/counters.js';
import { Swiotlb } from '../../../lib/swiotlb/swiotlb.js';
import { inArena, testCpu } from '../../smp/fixtures/cpus.js';

const ANY = { minAlignMask: 0, segmentBoundaryMask: Infinity };

describe('Counters', () => {
  it('keeps the high water mark until it is reset, to 0 and not to the present use', () => {
    const counters = inArena((arena) => new Counters(arena));
    counters.reset(512);
    const state = () => [counters.used, counters.highWater];
    counters.addUsed(5);
    counters.subtractUsed(3);
    counters.addUsed(1);
    expect(state()).toEqual([3, 5]);
    counters.resetHighWater();
    expect(state()).toEqual([3, 0]);
    counters.subtractUsed(1);
    expect(state()).toEqual([2, 0]);
    counters.addUsed(1);
    expect(state()).toEqual([3, 3]);
    counters.addSlots(1024);
    counters.addTransient(7);
    expect({ slots: counters.slots, transient: counters.transient }).toEqual({ slots: 1536, transient: 7 });
  });

  it.each([true, false])('counts padding, as debugfs does (exactly: %s)', (exactCounters) => {
    const io = inArena((arena) => new Swiotlb(arena, { start: 2 ** 30, slots: 512, areas: 1, exactCounters }));
    io.reset();
    const device = { ...ANY, minAlignMask: 4095 };
    const address = io.alloc(testCpu(), device, 2 ** 33 + 2048 + 7, 100, 4095);
    const areas = [[{ waits: 0, waitNs: 0 }]];
    const counted = { io_tlb_nslabs: 512, io_tlb_used: 2, io_tlb_transient_nslabs: 0, areas };
    expect(io.statistics()).toEqual({ ...counted, io_tlb_used_hiwater: exactCounters ? 2 : 0 });
    io.free(testCpu(), device, address);
    expect(io.statistics()).toMatchObject({ io_tlb_used: 0, io_tlb_used_hiwater: exactCounters ? 2 : 0 });
  });
});
