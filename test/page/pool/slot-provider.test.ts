import { describe, expect, it } from '@jest/globals';
import { NO_PAGE } from '../../../lib/page/page-table.js';
import { ORDINARY, SlotPages, SlotProvider } from '../../../lib/page/pool/slot-provider.js';
import { Cpu } from '../../../lib/smp/cpu.js';
import { PAGE_SIZE } from '../../../lib/units.js';
import { smallSystem } from '../../machine/fixtures/small-system.js';
import { inArena } from '../../smp/fixtures/cpus.js';

function provider(pagePercent = 90) {
  const system = smallSystem({ slotPool: { pagePercent } });
  const slotPages = inArena((arena) => new SlotPages(arena, system.pages.pages));
  slotPages.reset();
  const made = new SlotProvider(system.bouncePageParts, slotPages, 1);
  return { system, slotPages, provider: made, cpu: new Cpu(0, system.cpus, system.copyLedger) };
}

describe('SlotProvider', () => {
  it('takes blocks of the slot pool without a page type, and frees their slots with the last reference', () => {
    const { system, slotPages, provider: slots, cpu } = provider();
    const pfn = slots.alloc(cpu, -1, 3);
    expect([system.swiotlb.used(), system.pages.typeOf(pfn), slots.refs(pfn), slotPages.deviceOf(pfn)]).toEqual([
      16, 0, 1, 1,
    ]);
    expect(slots.map(cpu, pfn, 32768)).toBe(pfn * PAGE_SIZE);
    system.pages.get(pfn);
    slots.put(cpu, pfn);
    expect(system.swiotlb.used()).toBe(16);
    slots.put(cpu, pfn);
    const { counters } = system.freeing;
    expect([system.swiotlb.used(), slotPages.deviceOf(pfn), counters.allocated, counters.freed]).toEqual([
      0,
      ORDINARY,
      1,
      1,
    ]);
  });

  it('forgets the device of a block before its slots are free, and gives up its share after that', () => {
    const { system, slotPages, provider: slots, cpu } = provider();
    const pfn = slots.alloc(cpu, -1, 3);
    const { areas } = system.swiotlb.pool;
    const { percentLimit } = system.devices;
    const { lock } = areas;
    const atFree: number[][] = [];
    areas.lock = function (this: typeof areas, by, area) {
      atFree.push([slotPages.deviceOf(pfn), percentLimit.taken]);
      lock.call(this, by, area);
    };
    slots.put(cpu, pfn);
    expect([atFree, percentLimit.taken]).toEqual([[[ORDINARY, 16]], 0]);
  });

  it('gives as many as the percentage and the slot pool allow, and counts what it refused', () => {
    const { system, provider: slots, cpu } = provider(10);
    const pages = new Int32Array(8);
    expect(slots.allocBulk(cpu, -1, 8, pages, 0)).toBe(8);
    let blocks = 0;
    while (slots.alloc(cpu, -1, 3) !== NO_PAGE) blocks++;
    expect([blocks > 0, system.freeing.counters.overLimit]).toEqual([true, 1]);
    const full = provider();
    for (const device of full.system.devices.all)
      while (full.system.swiotlb.alloc(full.cpu, device, PAGE_SIZE, PAGE_SIZE, 0) > 0);
    full.system.devices.percentLimit.percent = 90;
    expect(full.provider.alloc(full.cpu, -1, 3)).toBe(NO_PAGE);
  });

  it('knows the device of any page, and none beyond the last one', () => {
    const { slotPages, system } = provider();
    slotPages.setDevice(7, 3);
    expect([7, 6, -1, system.pages.pages].map((pfn) => slotPages.deviceOf(pfn))).toEqual([
      3,
      ORDINARY,
      ORDINARY,
      ORDINARY,
    ]);
  });
});
