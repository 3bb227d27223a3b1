import { describe, expect, it, jest } from '@jest/globals';
import { FRAGMENT_BIAS, NetmemTable, NO_PAGE_POOL } from '../../../lib/page/pool/netmem-table.js';
import { inArena } from '../../smp/fixtures/cpus.js';

describe('NetmemTable', () => {
  const table = inArena((arena) => new NetmemTable(arena, 8));

  it('knows a page of a page pool by its magic number, for any number of page pool and page', () => {
    table.reset();
    table.mark(3, 0);
    table.mark(4, 0xffffff);
    expect([2, 3, 4, -1, 8, Number.NaN].map((pfn) => table.poolOf(pfn))).toEqual([
      NO_PAGE_POOL,
      0,
      0xffffff,
      NO_PAGE_POOL,
      NO_PAGE_POOL,
      NO_PAGE_POOL,
    ]);
    expect({ marked: table.fragments(3), other: table.fragments(2) }).toEqual({ marked: 1, other: 0 });
  });

  it('keeps the mapping of a page until it belongs to no page pool any more', () => {
    table.reset();
    table.setMapping(5, 2 ** 45 + 4096, 9);
    table.mark(5, 1);
    expect([table.address(5), table.mappingIndex(5)]).toEqual([2 ** 45 + 4096, 9]);
    table.clear(5);
    expect([table.poolOf(5), table.address(5), table.mappingIndex(5)]).toEqual([NO_PAGE_POOL, 0, 0]);
  });

  it('counts fragments down to the last holder, who finds the page in one piece again', () => {
    table.reset();
    table.mark(1, 1);
    table.setFragments(1, FRAGMENT_BIAS);
    table.ref(1);
    expect(table.unref(1, 1)).toBe(FRAGMENT_BIAS);
    expect(table.unref(1, FRAGMENT_BIAS - 2)).toBe(2);
    expect(table.unref(1, 1)).toBe(1);
    expect(table.unref(1, 1)).toBe(0);
    expect(table.fragments(1)).toBe(1);
    table.setFragments(1, 5);
    expect([table.unref(1, 5), table.fragments(1)]).toEqual([0, 1]);
  });

  it('finds the page in one piece again, too, if another holder was faster than it looked', () => {
    table.reset();
    table.mark(1, 1);
    table.setFragments(1, 2);
    const load = jest.spyOn(Atomics, 'load').mockReturnValueOnce(3 as never); // as it was just before
    try {
      expect([table.unref(1, 2), table.fragments(1)]).toEqual([0, 1]);
    } finally {
      load.mockRestore();
    }
  });

  it('refuses to give up more fragments than there are', () => {
    table.reset();
    table.mark(1, 1);
    expect(() => table.unref(1, 2)).toThrow(expect.objectContaining({ code: 'ERR_DOUBLE_FREE' }));
  });
});
