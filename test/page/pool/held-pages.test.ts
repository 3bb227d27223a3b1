import { describe, expect, it } from '@jest/globals';
import { NO_PAGE_POOL } from '../../../lib/page/pool/netmem-table.js';
import { PAGE_POOL_FLAG } from '../../../lib/page/pool/page-pool-parameters.js';
import { DMA_BASE, pagePoolRig } from './fixtures/page-world.js';

const MAPPED = { flags: PAGE_POOL_FLAG.map };
const SYNCED = { flags: PAGE_POOL_FLAG.map | PAGE_POOL_FLAG.sync, syncBytes: 1000, syncOffset: 64 };

describe('HeldPages', () => {
  it('maps a page once, marks it, and lets it go again', () => {
    const { world, cpus, netmem, pagePool } = pagePoolRig({ ...MAPPED, order: 3 });
    const [cpu] = cpus;
    const { held } = pagePool;
    world.counts[16] = 1;
    expect(held.adopt(cpu!, 16)).toBe(true);
    expect([netmem.poolOf(16), netmem.address(16), netmem.mappingIndex(16)]).toEqual([7, DMA_BASE + 65536, 1]);
    expect([held.taken, held.released, held.inFlight]).toEqual([1, 0, 1]);
    held.release(cpu!, 16);
    expect([held.taken, held.released, held.inFlight, netmem.poolOf(16)]).toEqual([1, 1, 0, NO_PAGE_POOL]);
    expect(world.take()).toEqual([`map 16 32768 ${DMA_BASE + 65536}`, 'unmap 16 32768', 'put 16 0']);
  });

  it('unmap and clear a page before it is put, so that what another CPU makes of it stays', () => {
    const { world, cpus, netmem, pagePool } = pagePoolRig(MAPPED);
    world.counts[5] = 1;
    pagePool.held.adopt(cpus[0]!, 5);
    const atPut: number[][] = [];
    world.put = (_, pfn) => atPut.push([netmem.poolOf(pfn), netmem.address(pfn), netmem.mappingIndex(pfn)]);
    pagePool.held.release(cpus[0]!, 5);
    expect(atPut).toEqual([[NO_PAGE_POOL, 0, 0]]);
  });

  it('count nothing, and have all mappings, after a reset', () => {
    const { world, cpus, pagePool } = pagePoolRig({ ...MAPPED, mappings: 1 });
    const { held } = pagePool;
    world.counts[5] = 1;
    held.adopt(cpus[0]!, 5);
    held.reset();
    expect([held.taken, held.released, held.inFlight]).toEqual([0, 0, 0]);
    expect(held.adopt(cpus[0]!, 5)).toBe(true);
  });

  it.each(['unmappable', 'unindexable'] as const)('gives a page back that is %s', (fault) => {
    const { world, cpus, netmem, pagePool } = pagePoolRig(MAPPED);
    world.counts[5] = 1;
    world[fault].add(5);
    expect(pagePool.held.adopt(cpus[0]!, 5)).toBe(false);
    expect(world.take().slice(1)).toEqual(fault === 'unmappable' ? ['put 5 0'] : ['unmap 5 4096', 'put 5 0']);
    expect([pagePool.held.taken, netmem.poolOf(5), netmem.address(5)]).toEqual([0, NO_PAGE_POOL, 0]);
  });

  it('has as many mappings as its parameters say', () => {
    const { world, cpus, pagePool } = pagePoolRig({ ...MAPPED, mappings: 2 });
    world.counts.fill(1, 0, 3);
    expect([0, 1, 2].map((pfn) => pagePool.held.adopt(cpus[0]!, pfn))).toEqual([true, true, false]);
  });

  it('syncs what the device may have written, unless there is no need to', () => {
    const { world, cpus, pagePool } = pagePoolRig(SYNCED);
    const [cpu] = cpus;
    const { held } = pagePool;
    world.counts[2] = 1;
    held.adopt(cpu!, 2);
    held.sync(cpu!, 2, 10);
    held.sync(cpu!, 2, 5000);
    expect(world.take().slice(1)).toEqual(['sync 8256 1000', 'sync 8256 10', 'sync 8256 1000']);
    world.needsSync = false;
    held.sync(cpu!, 2, 10);
    world.needsSync = true;
    expect([held.stopSync(), held.stopSync()]).toEqual([true, false]);
    held.sync(cpu!, 2, 10);
    expect(world.take()).toEqual([]);
  });

  it('unmaps pages that are out, and does not unmap them again when they are let go', () => {
    const { world, cpus, netmem, pagePool } = pagePoolRig(MAPPED);
    const [cpu] = cpus;
    world.counts.fill(1, 0, 2);
    for (const pfn of [1, 0]) pagePool.held.adopt(cpu!, pfn);
    world.take();
    pagePool.held.unmapAll(cpu!);
    pagePool.held.release(cpu!, 1);
    expect(world.take()).toEqual(['unmap 1 4096', 'unmap 0 4096', 'put 1 0']);
    expect(netmem.poolOf(0)).toBe(7);
  });

  it('recycles a page that no one else refers to and that is not of the reserve', () => {
    const { world, pagePool } = pagePoolRig();
    world.counts.set([1, 2, 1], 0);
    world.reserve.add(2);
    expect([0, 1, 2].map((pfn) => pagePool.held.canRecycle(pfn))).toEqual([true, false, false]);
  });
});
