import { describe, expect, it } from '@jest/globals';
import { AllocatorHook } from '../../lib/page/free-dispatch.js';
import type { PageSource } from '../../lib/page/page-source.js';
import { PAGE_TYPE } from '../../lib/page/page-type.js';
import { testCpu } from '../smp/fixtures/cpus.js';
import { testMemory } from './fixtures/memory.js';

const cpu = testCpu();

describe('AllocatorHook', () => {
  it('gives pages of the patch’s type to the pool, and all others to the page allocator', () => {
    const { pages } = testMemory();
    const freed: string[] = [];
    const source = (name: string): PageSource => ({
      alloc: () => {
        throw new Error('frees only');
      },
      free: (by, pfn) => freed.push(`${name} ${pfn} on ${by.id}`),
    });
    const hook = new AllocatorHook(pages, source('system'), source('bounce'));
    pages.setType(100, PAGE_TYPE.zeroCopySwiotlb, 1);
    pages.setType(101, PAGE_TYPE.slab, 1);
    for (const pfn of [100, 101, 102]) hook.free(cpu, pfn);
    expect(freed).toEqual(['bounce 100 on 0', 'system 101 on 0', 'system 102 on 0']);
  });

  it('brings both kinds home', () => {
    const { pages, system, bounce, swiotlb } = testMemory();
    const pool = bounce();
    const hook = new AllocatorHook(pages, system, pool);
    for (const source of [system, pool]) {
      const pfn = source.alloc(cpu, 3);
      pages.put(pfn);
      hook.free(cpu, pfn);
    }
    expect([system.freePages, swiotlb.used()]).toEqual([256, 0]);
  });
});
