import { describe, expect, it, jest } from '@jest/globals';
import { FRAG_ORDER } from '../../lib/page/page-source.js';
import { NO_PAGE } from '../../lib/page/page-table.js';
import { PAGE_TYPE } from '../../lib/page/page-type.js';
import { PercentLimit } from '../../lib/page/percent-limit.js';
import type { Cpu } from '../../lib/smp/cpu.js';
import { testCpus } from '../smp/fixtures/cpus.js';
import { DEVICE, OWNER, type TestMemory, testMemory } from './fixtures/memory.js';

const { cpus } = testCpus(2);
const [cpu, other] = [cpus[0]!, cpus[1]!];
const TYPE = PAGE_TYPE.zeroCopySwiotlb;
/** One slot of 2 KiB without alignment constraints. */
const BOUNCE = [DEVICE, 0x7000, 2048, 0] as const;

describe('BouncePages', () => {
  it('returns naturally aligned blocks of slots that hold no bounce, with a typed head', () => {
    const { pages, swiotlb, bounce } = testMemory();
    swiotlb.alloc(cpu, ...BOUNCE); // so that the cursor is not aligned
    const block = bounce().alloc(cpu, FRAG_ORDER);
    const first = swiotlb.pool.slotOf(block * 4096);
    expect(block % 8).toBe(0);
    expect({ refs: pages.refs(block), owner: pages.owner(block), order: pages.order(block) }).toEqual({
      refs: 1,
      owner: OWNER,
      order: FRAG_ORDER,
    });
    for (let tail = 0; tail < 8; tail++) {
      expect({ headOf: pages.headOf(block + tail), hasType: pages.hasType(block + tail, TYPE) }).toEqual({
        headOf: block,
        hasType: tail === 0,
      });
    }
    for (let slot = first; slot < first + 16; slot++) {
      expect({ isFree: swiotlb.pool.table.isFree(slot), origin: swiotlb.pool.table.origin(slot) }).toEqual({
        isFree: false,
        origin: -1,
      });
    }
    expect(swiotlb.used()).toBe(17);
  });

  it.each([
    [0, 0],
    [1, 0],
    [2, 1],
    [89, 56],
    [90, 57],
    [91, 57],
    [2 ** 32 - 1, 57],
  ])(
    'limited to %i percent, or to 90 where that is less, allocates %i of 64 blocks beside a mapping',
    (percent, blocks) => {
      const { swiotlb, bounce, counters } = testMemory();
      swiotlb.alloc(cpu, ...BOUNCE);
      const source = bounce(percent);
      let got = 0;
      while (source.alloc(cpu, FRAG_ORDER) !== NO_PAGE) got++;
      expect(got).toBe(blocks);
      expect({ overLimit: counters.overLimit, withoutBlock: counters.withoutBlock }).toEqual({
        overLimit: 1,
        withoutBlock: 0,
      });
      expect(swiotlb.used()).toBe(16 * blocks + 1);
    },
  );

  it('allocates the last block in faithful while its count of used slots is old', () => {
    const { swiotlb, bounce } = testMemory();
    const source = bounce(1, 'faithful');
    let got = 0;
    while (source.alloc(cpu, FRAG_ORDER) !== NO_PAGE) got++;
    expect({ got, used: swiotlb.used() }).toEqual({ got: 64, used: 1024 });
    const late = Object.create(cpu, { list: { value: { now: cpu.clock() + 12e6 } } }) as Cpu;
    source.free(cpu, swiotlb.pool.addressOf(0) / 4096);
    expect(source.alloc(late, FRAG_ORDER)).toBe(NO_PAGE);
  });

  it('leaves the rest of the slots to mappings, and allocates freed ones again', () => {
    const { swiotlb, bounce } = testMemory({ slots: 512, areas: 4, system: 32 });
    const source = bounce(90);
    const got: number[] = [];
    for (let page = source.alloc(cpu, FRAG_ORDER); page !== NO_PAGE; page = source.alloc(other, FRAG_ORDER))
      got.push(page);
    expect(512 - swiotlb.used()).toBeGreaterThan(3 * 16); // 64 KiB and a header
    source.free(cpu, got[0]!);
    expect(source.alloc(cpu, FRAG_ORDER)).not.toBe(NO_PAGE);
    expect(source.alloc(cpu, FRAG_ORDER)).toBe(NO_PAGE);
  });

  it('holds a reference to the device for each page', () => {
    const { devices, bounce } = testMemory();
    const source = bounce();
    const got = [source.alloc(cpu, 0), source.alloc(cpu, FRAG_ORDER)];
    expect(devices.refs(OWNER) - devices.stocked(OWNER)).toBe(3);
    for (const page of got) source.free(cpu, page);
    expect(devices.refs(OWNER) - devices.stocked(OWNER)).toBe(1);
  });

  it('gives slots back to the limit once, and only then drops the reference to the device', () => {
    const { devices, pages, bounce } = testMemory();
    const source = bounce();
    const block = source.alloc(cpu, FRAG_ORDER);
    pages.put(block);
    const give = jest.spyOn(PercentLimit.prototype, 'give');
    const putOfPage = jest.spyOn(devices, 'putOfPage');
    try {
      source.free(other, block);
      expect(give.mock.calls).toEqual([[other, 16]]);
      expect(putOfPage.mock.calls).toEqual([[other, OWNER]]);
      expect(give.mock.invocationCallOrder[0]).toBeLessThan(putOfPage.mock.invocationCallOrder[0]!);
    } finally {
      give.mockRestore();
    }
  });

  it('loses one block in eight when the slot pool is only page aligned', () => {
    const { bounce } = testMemory({ slots: 128, poolOffset: 3 });
    const source = bounce(90);
    let got = 0;
    while (source.alloc(cpu, FRAG_ORDER) !== NO_PAGE) got++;
    expect(got).toBe(7);
  });

  it('changes nothing when no block is free although the limit allows one', () => {
    const { pages, swiotlb, bounce, counters } = testMemory({ slots: 128, system: 32 });
    for (let slot = 0; slot < 128; slot++) swiotlb.alloc(cpu, ...BOUNCE);
    for (let slot = 0; slot < 128; slot += 16) {
      for (let at = slot + 1; at < slot + 16; at++) swiotlb.free(cpu, DEVICE, swiotlb.pool.addressOf(at));
    }
    expect(swiotlb.used()).toBe(8); // one used slot in each block
    expect(bounce().alloc(cpu, FRAG_ORDER)).toBe(NO_PAGE);
    expect(swiotlb.used()).toBe(8);
    expect(pages.headOf(swiotlb.pool.addressOf(16) / 4096)).toBe(NO_PAGE);
    expect(bounce().alloc(other, FRAG_ORDER)).toBe(NO_PAGE);
    expect({ overLimit: counters.overLimit, withoutBlock: counters.withoutBlock }).toEqual({
      overLimit: 0,
      withoutBlock: 2,
    });
    expect(bounce().alloc(cpu, 0)).not.toBe(NO_PAGE);
  });

  /** Memory with one used slot in each block of the slot pool. */
  function fragmented(): TestMemory {
    const memory = testMemory({ slots: 128, system: 32, growth: 4 << 20 });
    const { swiotlb } = memory;
    for (let slot = 0; slot < 128; slot++) swiotlb.alloc(cpu, ...BOUNCE);
    for (let slot = 0; slot < 128; slot++) if (slot % 16 !== 0) swiotlb.free(cpu, DEVICE, swiotlb.pool.addressOf(slot));
    return memory;
  }

  it('uses slot pools that were added, but no transient pool, and causes no growth', () => {
    const { swiotlb, blocks, bounce } = fragmented();
    const free = blocks.freePages;
    const source = bounce();
    expect({ used: swiotlb.used(), alloc: source.alloc(cpu, FRAG_ORDER) }).toEqual({ used: 8, alloc: NO_PAGE });
    expect({ isPending: swiotlb.pools!.growth!.isPending, freePages: blocks.freePages, used: swiotlb.used() }).toEqual({
      isPending: false,
      freePages: free,
      used: 8,
    });
    swiotlb.pools!.grow(cpu);
    const block = source.alloc(cpu, FRAG_ORDER);
    expect(swiotlb.listed()[0]!.contains(block * 4096)).toBe(true);
    source.free(other, block);
    expect(swiotlb.listed().map((pool) => pool.used())).toEqual([0, 8]);
  });

  it('takes a block of a transient pool in faithful, whose memory is then freed twice', () => {
    const { pages, swiotlb, bounce } = fragmented();
    const source = bounce(90, 'faithful');
    const block = source.alloc(cpu, FRAG_ORDER);
    expect({ transientsMade: swiotlb.pools!.transientsMade, isPending: swiotlb.pools!.growth!.isPending }).toEqual({
      transientsMade: 1,
      isPending: true,
    });
    pages.put(block);
    expect(() => source.free(cpu, block)).toThrow(expect.objectContaining({ code: 'ERR_DOUBLE_FREE' }));
  });

  it('clears the type and splits the block before the slots are free', () => {
    const { pages, swiotlb, bounce } = testMemory();
    const source = bounce();
    const block = source.alloc(cpu, FRAG_ORDER);
    pages.put(block);
    let seen: unknown;
    const free = swiotlb.free.bind(swiotlb);
    swiotlb.free = (by, device, address) => {
      seen = { slots: swiotlb.used(), head: pages.headOf(block), typed: pages.hasType(block, TYPE), address };
      return free(by, device, address);
    };
    source.free(other, block);
    expect(seen).toEqual({ slots: 16, head: NO_PAGE, typed: false, address: block * 4096 });
    expect(swiotlb.used()).toBe(0);
    expect(pages.owner(block)).toBe(0);
    expect(() => source.free(cpu, block)).toThrow(expect.objectContaining({ code: 'ERR_DOUBLE_FREE' }));
  });

  describe('given a block whose private word or slot pool is lost', () => {
    const wrongKind = expect.objectContaining({ code: 'ERR_WRONG_KIND' });

    it.each([
      ['no device', 0, [1, 0]],
      ['an unknown device', OWNER + 1, [0, 1]],
    ])(
      'counts the free of a block with %s, and keeps it from being allocated again',
      (_, owner, [without, unfound]) => {
        const { pages, swiotlb, bounce, counters } = testMemory();
        const source = bounce();
        const block = source.alloc(cpu, FRAG_ORDER);
        pages.clearType(block, TYPE);
        pages.setType(block, TYPE, owner);
        pages.put(block);
        expect(() => source.free(cpu, block)).toThrow(wrongKind);
        expect(() => source.free(cpu, block, true)).toThrow(wrongKind);
        expect([0, 1, 4, 5].map((index) => counters.of(index))).toEqual([without, unfound, without, unfound]);
        expect({ allocated: counters.allocated, freed: counters.freed, used: swiotlb.used() }).toEqual({
          allocated: 1,
          freed: 0,
          used: 16,
        });
        expect({ headOf: pages.headOf(block + 7), hasType: pages.hasType(block, TYPE) }).toEqual({
          headOf: block,
          hasType: true,
        });
      },
    );

    it('counts the free of an ordinary page that got the type', () => {
      const { pages, system, bounce, counters } = testMemory();
      const page = system.alloc(cpu, 0);
      pages.setType(page, TYPE, OWNER);
      pages.put(page);
      expect(() => bounce().free(cpu, page)).toThrow(wrongKind);
      expect({ of: counters.of(1), freePages: system.freePages }).toEqual({ of: 1, freePages: 255 });
    });
  });

  it('counts allocations and frees, one by one or together', () => {
    const { pages, bounce, counters } = testMemory({ cpus: 2 });
    const source = bounce();
    const got = [source.alloc(cpu, 0), source.alloc(other, FRAG_ORDER), source.alloc(other, 0)];
    for (const page of got) pages.put(page);
    source.free(other, got[0]!);
    source.free(cpu, got[1]!, true);
    expect([3, 7].map((index) => counters.of(index))).toEqual([1, 1]);
    expect({ allocated: counters.allocated, freed: counters.freed }).toEqual({ allocated: 3, freed: 2 });
    expect(() => source.free(cpu, got[1]!)).toThrow(expect.objectContaining({ code: 'ERR_DOUBLE_FREE' }));
    expect([0, 1, 2, 4, 5, 6].map((index) => counters.of(index))).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
