import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SenderPages } from '../../../lib/capture/sizing/sender-pages.js';
import { Arena } from '../../../lib/smp/arena.js';
import { cpusOfOneThread } from '../../../lib/smp/cpus-of-one-thread.js';
import { Swiotlb } from '../../../lib/swiotlb/swiotlb.js';

const [CPU] = cpusOfOneThread(1);

function made(slots: number) {
  const build = (arena: Arena) => new Swiotlb(arena, { start: 0, slots, areas: 1, exactCounters: true });
  const swiotlb = build(Arena.for(build));
  swiotlb.reset();
  return { swiotlb, pages: new SenderPages(swiotlb, 1) };
}

describe('SenderPages', () => {
  it('takes what the percent leaves, mappings included, and no more than is wanted', () => {
    const { swiotlb, pages } = made(1024);
    pages.reset(50, 2 ** 31);
    swiotlb.alloc(CPU!, { minAlignMask: 0, segmentBoundaryMask: Number.POSITIVE_INFINITY }, 4096, 100 * 2048, 0);
    pages.fill(CPU!);
    expect([pages.slots, swiotlb.used()]).toEqual([412, 512]);
    swiotlb.reset();
    pages.reset(50, 100);
    pages.fill(CPU!);
    expect([pages.slots, pages.share]).toEqual([100, 1]);
    swiotlb.reset();
    pages.reset(50, 2048);
    pages.fill(CPU!);
    expect([pages.slots, pages.share]).toEqual([512, 0.25]);
  });

  it('takes single pages where there are no blocks, and none at 0 percent', () => {
    const { swiotlb, pages } = made(128);
    const device = { minAlignMask: 0, segmentBoundaryMask: Number.POSITIVE_INFINITY };
    const addresses = Array.from({ length: 64 }, () => swiotlb.alloc(CPU!, device, 4096, 4096, 0));
    for (const [at, address] of addresses.entries()) if (at % 4 !== 0) swiotlb.free(CPU!, device, address);
    pages.reset(90, 2 ** 31);
    pages.fill(CPU!);
    expect(pages.slots).toBe(82);
    pages.reset(0, 2 ** 31);
    pages.fill(CPU!);
    expect([pages.slots, pages.share]).toEqual([0, 0]);
  });

  it('gives the oldest back as bytes are sent, and never passes its percent', () => {
    const step = fc.record({ sent: fc.nat(200_000), fills: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), fc.integer({ min: 1, max: 90 }), (steps, percent) => {
        const { swiotlb, pages } = made(1024);
        pages.reset(percent, 2 ** 31);
        let most = 0;
        for (const { sent, fills } of steps) {
          const before = pages.slots;
          if (fills) pages.fill(CPU!);
          else pages.sent(CPU!, sent);
          if (!fills) expect(before - pages.slots).toBeLessThanOrEqual(Math.floor(sent / 2048) + 16);
          expect(pages.slots).toBe(swiotlb.used());
          expect(pages.slots * 100).toBeLessThanOrEqual(percent * 1024);
          most = Math.max(most, pages.slots);
        }
        expect(pages.mostSlots).toBe(most);
      }),
    );
  });
});
