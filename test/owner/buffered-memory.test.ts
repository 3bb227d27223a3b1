import { describe, expect, it } from '@jest/globals';
import { MAX_BUFFERS } from '../../lib/model-limits.js';
import { NO_TX_BUF } from '../../lib/owner/tx-buf.js';
import { NO_PAGE } from '../../lib/page/page-table.js';
import { OWNER } from '../page/fixtures/memory.js';
import { testCpus } from '../smp/fixtures/cpus.js';
import { ownerMemory } from './fixtures/memory.js';

const { cpus } = testCpus(2);
const [cpu, other] = [cpus[0]!, cpus[1]!];

/** What must be as it was once all owners are destroyed. */
const state = ({ swiotlb, system, percentLimit, deviceRefs }: ReturnType<typeof ownerMemory>) => ({
  used: swiotlb.used(),
  freePages: system.freePages,
  taken: percentLimit.taken,
  deviceRefs: deviceRefs(),
});

describe('BufferedMemory', () => {
  it('gives an owner several blocks at once, and ordinary pages when there are none', () => {
    const memory = ownerMemory({ slots: 128, areas: 1 }); // 90 % are seven blocks
    const { owners, buffers, buffered, pages, alloc } = memory;
    const before = state(memory);
    const id = alloc();
    for (const buffersAfter of [4, 6, 7, 8]) {
      buffered.grow(cpu, id, OWNER, 4);
      expect(buffers.count(id)).toBe(buffersAfter);
    }
    const kinds = Array.from({ length: 8 }, (_, at) => memory.blocks.ownerOf(buffers.pfn(id, at) * 4096));
    expect(kinds).toEqual([...new Array<number>(7).fill(id), NO_TX_BUF]);
    expect([pages.refs(buffers.pfn(id, 7)), buffers.order(id, 7)]).toEqual([1, 3]);
    owners.release(other, id, buffered);
    expect(state(memory)).toEqual(before);
  });

  it('keeps the device of an owner until its blocks are free, since they are found by it', () => {
    const { owners, buffered, swiotlb, alloc } = ownerMemory();
    const id = alloc();
    buffered.grow(cpu, id, OWNER, 1);
    const { areas } = swiotlb.pool;
    const { lock } = areas;
    const atFree: number[] = [];
    areas.lock = function (this: typeof areas, by, area) {
      atFree.push(owners.device(id));
      lock.call(this, by, area);
    };
    owners.release(cpu, id, buffered);
    expect([atFree, owners.device(id)]).toEqual([[OWNER], 0]);
  });

  it('takes ordinary pages where no device bounces', () => {
    const memory = ownerMemory();
    const id = memory.alloc();
    expect(memory.buffered.grow(cpu, id, 0, 16)).toBe(true);
    expect([memory.buffers.count(id), memory.swiotlb.used()]).toEqual([1, 0]);
  });

  it('takes single pages when there are no larger blocks, and none when there is no memory', () => {
    const memory = ownerMemory({ system: 32 });
    const held: number[] = [];
    for (let pfn = memory.system.alloc(cpu, 0); pfn !== NO_PAGE; pfn = memory.system.alloc(cpu, 0)) held.push(pfn);
    expect(held).toHaveLength(32);
    const id = memory.alloc();
    expect([memory.buffered.grow(cpu, id, 0, 1), memory.buffers.count(id)]).toEqual([false, 0]);
    memory.system.free(cpu, held[0]!);
    expect([memory.buffered.grow(cpu, id, 0, 1), memory.buffers.order(id, 0)]).toEqual([true, 0]);
  });

  it('gives an owner no more than sixteen buffers, whatever they are', () => {
    const memory = ownerMemory();
    const { buffers, buffered, alloc } = memory;
    const before = state(memory);
    const id = alloc();
    for (let buffer = 0; buffer < 10; buffer++) buffered.grow(cpu, id, 0, 1);
    expect(buffered.grow(cpu, id, OWNER, 16)).toBe(true);
    expect(buffers.count(id)).toBe(MAX_BUFFERS);
    expect(buffered.grow(cpu, id, OWNER, 16)).toBe(false);
    memory.owners.release(cpu, id, buffered);
    expect(state(memory)).toEqual(before);
  });

  it('frees early what lies below the acknowledged byte, each buffer once', () => {
    const memory = ownerMemory();
    const { owners, buffers, buffered, swiotlb, alloc } = memory;
    const before = state(memory);
    const id = alloc();
    buffered.grow(cpu, id, OWNER, 4);
    for (let buffer = 0; buffer < 3; buffer++) {
      buffers.room(id, 1);
      buffers.bump(id, 32768);
    }
    buffers.room(id, 1);
    buffered.trim(cpu, id, 65536 + 100);
    expect(swiotlb.used()).toBe(2 * 16);
    buffered.trim(cpu, id, 65536 + 100);
    expect(swiotlb.used()).toBe(2 * 16);
    owners.release(other, id, buffered);
    expect(state(memory)).toEqual(before);
  });

  it('keeps nothing of owners of a chain that are destroyed together', () => {
    const memory = ownerMemory({ slots: 1024, system: 1024 });
    const { owners, buffers, buffered, alloc } = memory;
    const before = state(memory);
    const chain: number[] = [];
    for (let at = 0; at < 8; at++) {
      const id = alloc(at * 1000);
      for (let growth = 0; growth < 5; growth++) buffered.grow(cpu, id, growth % 2 === 0 ? OWNER : 0, 2);
      buffers.room(id, 1);
      buffers.bump(id, 1000);
      if (chain.length > 0) {
        owners.link(chain.at(-1)!, id);
        owners.release(cpu, chain.at(-1)!, buffered);
      }
      if (at === 0) owners.get(id);
      chain.push(id);
    }
    owners.release(cpu, chain.at(-1)!, buffered);
    expect(owners.isLive(chain.at(-1)!)).toBe(true);
    owners.release(other, chain[0]!, buffered);
    expect(chain.map((id) => owners.isLive(id))).toEqual(new Array(8).fill(false));
    expect(state(memory)).toEqual(before);
  });
});
