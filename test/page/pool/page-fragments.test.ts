import { describe, expect, it } from '@jest/globals';
import { NO_PAGE } from '../../../lib/page/page-table.js';
import { FRAGMENT_BIAS } from '../../../lib/page/pool/netmem-table.js';
import { ALL_BYTES } from '../../../lib/page/pool/page-cycle.js';
import { pagePoolRig } from './fixtures/page-world.js';

describe('PageFragments', () => {
  it('cuts fragments off one page, aligned, until the next one does not fit', () => {
    const { cpus, netmem, pagePool } = pagePoolRig({ order: 3 });
    const { fragments } = pagePool;
    const cut = (bytes: number) => [fragments.alloc(cpus[0]!, bytes), fragments.found.offset, fragments.found.bytes];
    expect([cut(10), cut(30000), cut(2752), cut(1)]).toEqual([
      [0, 0, 10],
      [0, 16, 30000],
      [0, 30016, 2752],
      [8, 0, 1],
    ]);
    // The first page has three holders, and no bias any more.
    expect([netmem.fragments(0), netmem.fragments(8), fragments.users]).toEqual([3, FRAGMENT_BIAS, 1]);
  });

  it('carves a page again whose fragments have all come back', () => {
    const { cpus, pagePool, counts } = pagePoolRig({ flags: 3, syncBytes: 4096 });
    const { fragments, cycle } = pagePool;
    const pfn = fragments.alloc(cpus[0]!, 4096);
    cycle.put(cpus[0]!, pfn, ALL_BYTES, false);
    expect([fragments.alloc(cpus[0]!, 4096), fragments.found.offset, counts().fast]).toEqual([pfn, 0, 1]);
  });

  it('lets a page go that cannot be recycled, and carves another', () => {
    const { world, cpus, pagePool } = pagePoolRig();
    const { fragments, cycle } = pagePool;
    const pfn = fragments.alloc(cpus[0]!, 4096);
    world.counts[pfn]!++;
    cycle.put(cpus[0]!, pfn, ALL_BYTES, false);
    world.take();
    expect([fragments.alloc(cpus[0]!, 4096), world.take()]).toEqual([pfn - 1, [`put ${pfn} 1`]]);
  });

  it('refuses more than a page with a warning, and has no page to carve when there is none', () => {
    const { world, cpus, pagePool } = pagePoolRig();
    const { fragments } = pagePool;
    expect([fragments.alloc(cpus[0]!, 4097), world.take()]).toEqual([NO_PAGE, ['warn']]);
    world.isEmpty = true;
    expect([fragments.alloc(cpus[0]!, 1), fragments.page]).toEqual([NO_PAGE, NO_PAGE]);
  });

  it('returns a whole page rather than most of one, and gives a remainder to the fragment before it', () => {
    const { cpus, pagePool } = pagePoolRig({ order: 3 });
    const { fragments } = pagePool;
    const cut = (bytes: number) => [fragments.allocAny(cpus[0]!, bytes), fragments.found.offset, fragments.found.bytes];
    expect([cut(16385), cut(16384), cut(11000), cut(8000)]).toEqual([
      [0, 0, 32768],
      [8, 0, 16384],
      [8, 16384, 16384],
      [16, 0, 8000],
    ]);
  });

  it('gives up its page when it is closed, to the last holder if there is one', () => {
    const { world, cpus, pagePool } = pagePoolRig({ order: 3 });
    const { fragments, cycle } = pagePool;
    const pfn = fragments.alloc(cpus[0]!, 8);
    world.take();
    fragments.close(cpus[0]!);
    fragments.close(cpus[0]!);
    expect([fragments.page, world.take()]).toEqual([NO_PAGE, []]);
    cycle.put(cpus[0]!, pfn, ALL_BYTES, false);
    expect(cycle.ring.pages()).toEqual([pfn]);
  });
});
