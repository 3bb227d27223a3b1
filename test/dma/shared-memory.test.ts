import { afterAll, describe, expect, it } from '@jest/globals';
import { DeviceTable } from '../../lib/device/device-table.js';
import { networkDevice } from '../../lib/dma/device.js';
import { BouncePageMemory, NOT_SHARED, SHARED } from '../../lib/dma/shared-memory.js';
import { PageTable } from '../../lib/page/page-table.js';
import { PAGE_TYPE } from '../../lib/page/page-type.js';
import { Arena } from '../../lib/smp/arena.js';

const build = (arena: Arena) => ({
  pages: new PageTable(arena, 64),
  devices: new DeviceTable(arena, 2, 1, 'hardened'),
});
const { pages, devices } = build(Arena.for(build));
pages.reset();
devices.reset();
pages.setType(8, PAGE_TYPE.zeroCopySwiotlb, 1);
pages.compound(8, 3);
pages.compound(16, 3);
const [first, second] = [1, 2].map((number) => networkDevice(true, { number, index: number - 1 }));
afterAll(() => devices.setAllocator(2, 0));

describe('BouncePageMemory', () => {
  it.each(['faithful', 'hardened'] as const)(
    'shares what lies in an allocated page of the bounce type, in %s',
    (flavour) => {
      const memory = BouncePageMemory.of(flavour, pages, devices);
      const shared = [8, 12, 15].map((pfn) => memory.sharing(first!, pfn * 4096 + 100, 50));
      expect(shared).toEqual([SHARED, SHARED, SHARED]);
      const others = [7, 16, 17, 63, 64, 1e9].map((pfn) => memory.sharing(first!, pfn * 4096, 50));
      expect(others).toEqual(Array(6).fill(NOT_SHARED));
      expect({ inPage: memory.holds(9 * 4096), behind: memory.holds(16 * 4096) }).toEqual({
        inPage: true,
        behind: false,
      });
    },
  );

  it('shares a page with a device of another allocator only in faithful', () => {
    const page = 8 * 4096;
    const sharing = (flavour: 'faithful' | 'hardened') =>
      BouncePageMemory.of(flavour, pages, devices).sharing(second!, page, 1);
    expect([sharing('faithful'), sharing('hardened')]).toEqual([SHARED, SHARED]);
    devices.setAllocator(2, 7);
    expect([sharing('faithful'), sharing('hardened')]).toEqual([SHARED, NOT_SHARED]);
  });
});
