import { afterAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type DmaDevice, networkDevice } from '../../lib/dma/device.js';
import { Dma, MAPPING_ERROR } from '../../lib/dma/map.js';
import { BouncePageMemory, NOT_SHARED, STAYS_MAPPED } from '../../lib/dma/shared-memory.js';
import { copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { SITE } from '../../lib/smp/copy-ledger.js';
import { NO_WARN, SKIP_CPU_SYNC } from '../../lib/swiotlb/dma-attributes.js';
import type { BounceRange } from '../../lib/swiotlb/slots/bounce-range.js';
import { NO_ORIGIN } from '../../lib/swiotlb/slots/slot-table.js';
import { testCpu } from '../smp/fixtures/cpus.js';
import { type Rig, rig } from './fixtures/rig.js';

const cpu = testCpu();
const { list } = cpu;
const everywhere = networkDevice(false);
const bouncing = networkDevice(true);
const rigs: Rig[] = [];
let memory: Rig;
let dma: Dma;

beforeEach(() => {
  memory = rig();
  rigs.push(memory);
  dma = new Dma(memory.swiotlb, new BouncePageMemory(memory.pages, null), memory.ram.id);
  list.reset();
});

afterAll(() => {
  for (const { ram } of rigs) ram.close();
});

const map = (device: DmaDevice, phys: number, bytes: number) => dma.map(cpu, device, phys, bytes, SITE.bounce);

/** Makes the listed copies. True if the bytes at both addresses are the same then. */
function isCopied(from: number, to: number, bytes: number): boolean {
  list.run(copyKernelIndex('libc'));
  return Buffer.compare(memory.bytes.subarray(from, from + bytes), memory.bytes.subarray(to, to + bytes)) === 0;
}

describe('Dma.map', () => {
  it('returns the address itself for a device that reaches all memory', () => {
    const page = memory.system.alloc(cpu, 3) * 4096;
    expect(map(everywhere, page + 100, 5000)).toBe(page + 100);
    expect({ count: list.count, used: memory.swiotlb.used() }).toEqual({ count: 0, used: 0 });
  });

  it('bounces ordinary memory for a device that reaches bounce memory only', () => {
    const page = memory.system.alloc(cpu, 3) * 4096;
    const address = map(bouncing, page + 100, 5000);
    expect(memory.swiotlb.pool.contains(address)).toBe(true);
    expect({ count: list.count, used: memory.swiotlb.used() }).toEqual({ count: 1, used: 3 });
    expect(isCopied(page + 100, address, 5000)).toBe(true);
  });

  it('bounces no part of a live page of the slot pool', () => {
    const page = memory.bounce().alloc(cpu, 3) * 4096;
    for (const at of [0, 1, 4095, 4096, 20_000, 32767]) expect(map(bouncing, page + at, 1)).toBe(page + at);
    expect(map(bouncing, page, 32768)).toBe(page);
    expect({ count: list.count, used: memory.swiotlb.used() }).toEqual({ count: 0, used: 16 });
  });

  it('says whether an address stays mapped of the last one only', () => {
    const page = memory.system.alloc(cpu, 3) * 4096;
    const sharing = (_: DmaDevice, phys: number) => (phys === page ? STAYS_MAPPED : NOT_SHARED);
    dma = new Dma(memory.swiotlb, { sharing, holds: () => false }, memory.ram.id);
    const said = [page, page + 4096, page].map((phys) => [map(bouncing, phys, 100) === phys, dma.staysMapped]);
    expect(said).toEqual([
      [true, true],
      [false, false],
      [true, true],
    ]);
    expect([map(everywhere, page, 100), dma.staysMapped]).toEqual([page, false]);
  });

  it('bounces memory that was a page of the slot pool and is freed', () => {
    const source = memory.bounce();
    const page = source.alloc(cpu, 3);
    memory.pages.put(page);
    source.free(cpu, page);
    const address = map(bouncing, page * 4096, 64);
    expect(address).not.toBe(page * 4096);
    expect({ count: list.count, used: memory.swiotlb.used() }).toEqual({ count: 1, used: 1 });
  });

  it('bounces memory beyond the mask of the device, even if it need not be bounced otherwise', () => {
    const { swiotlb } = memory;
    const page = memory.bounce().alloc(cpu, 0) * 4096;
    const reaching = (last: number) => networkDevice(true, { dmaMask: last });
    expect(map(reaching(page + 99), page, 100)).toBe(page);
    expect(map(reaching(page + 98), page, 100)).toBe(MAPPING_ERROR); // the slots lie higher still
    expect({ count: list.count, used: swiotlb.used() }).toEqual({ count: 0, used: 2 });
    const high = swiotlb.pool.end - 4096; // not part of an allocated page
    const address = map(networkDevice(false, { dmaMask: high - 1 }), high, 100);
    expect(address).toBeLessThan(high);
    expect({ count: list.count, used: swiotlb.used() }).toEqual({ count: 1, used: 3 });
  });

  it('frees the slots and lists no copy when the mask does not reach them', () => {
    const page = memory.system.alloc(cpu, 0) * 4096;
    const blind = networkDevice(true, { dmaMask: memory.swiotlb.pool.start + 1999 });
    expect(map(blind, page, 2001)).toBe(MAPPING_ERROR);
    expect({ count: list.count, used: memory.swiotlb.used() }).toEqual({ count: 0, used: 0 });
  });

  it('returns MAPPING_ERROR when no slots are left', () => {
    const page = memory.system.alloc(cpu, 0) * 4096;
    for (let i = 0; i < 128; i++) expect(map(bouncing, page, 2048)).not.toBe(MAPPING_ERROR);
    expect(map(bouncing, page, 2048)).toBe(MAPPING_ERROR);
    expect(list.count).toBe(128);
  });
});

describe('Dma.map for a device that does not snoop the caches', () => {
  const blind = (forceBounce: boolean) => networkDevice(forceBounce, { isCoherent: false });
  let cleaned: jest.SpiedFunction<Dma['clean']>;
  beforeEach(() => {
    cleaned = jest.spyOn(dma, 'clean');
  });

  it('cleans memory that is not bounced: live pages of the slot pool, and all memory that the device reaches', () => {
    const page = memory.bounce().alloc(cpu, 3) * 4096;
    const ordinary = memory.system.alloc(cpu, 0) * 4096;
    expect(map(blind(true), page + 5000, 3000)).toBe(page + 5000);
    expect(map(blind(false), ordinary + 7, 90)).toBe(ordinary + 7);
    expect(cleaned.mock.calls).toEqual([
      [page + 5000, 3000],
      [ordinary + 7, 90],
    ]);
  });

  it('cleans nothing when the caller does, or when the device snoops the caches', () => {
    const page = memory.bounce().alloc(cpu, 3) * 4096;
    for (const device of [blind(true), blind(false)]) {
      expect(dma.map(cpu, device, page, 100, SITE.bounce, SKIP_CPU_SYNC)).toBe(page);
    }
    for (const device of [bouncing, everywhere]) expect(map(device, page, 100)).toBe(page);
    expect(cleaned).not.toHaveBeenCalled();
    dma.map(cpu, blind(true), page, 100, SITE.bounce, NO_WARN);
    expect(cleaned).toHaveBeenCalledTimes(1);
  });

  it('leaves cleaning a bounce to the code that makes the copy', () => {
    const ordinary = memory.system.alloc(cpu, 0) * 4096;
    expect(memory.swiotlb.pool.contains(map(blind(true), ordinary, 100))).toBe(true);
    expect(list.count).toBe(1);
    expect(cleaned).not.toHaveBeenCalled();
  });

  it('really cleans: it fails for memory that is unmapped', () => {
    memory.ram.close();
    expect(() => map(blind(false), 8192, 100)).toThrow(expect.objectContaining({ code: 'ERR_REGION_CLOSED' }));
    expect(() => dma.clean(8192, 1)).toThrow(expect.objectContaining({ code: 'ERR_REGION_CLOSED' }));
    expect(map(everywhere, 8192, 100)).toBe(8192);
  });
});

describe('Dma.unmap', () => {
  it('frees slots, and does nothing for memory that was not bounced', () => {
    const { swiotlb } = memory;
    const ordinary = memory.system.alloc(cpu, 0) * 4096;
    const page = memory.bounce().alloc(cpu, 3) * 4096;
    const bounced = map(bouncing, ordinary, 5000);
    for (const address of [ordinary, page, page + 4096, page + 32767]) dma.unmap(cpu, bouncing, address);
    expect(swiotlb.used()).toBe(16 + 3);
    dma.unmap(cpu, bouncing, bounced);
    expect(swiotlb.used()).toBe(16);
    expect(() => dma.unmap(cpu, bouncing, bounced)).toThrow(expect.objectContaining({ code: 'ERR_BAD_ADDRESS' }));
  });

  it('detects that a page was freed before it was unmapped', () => {
    const source = memory.bounce();
    const page = source.alloc(cpu, 3);
    const address = map(bouncing, page * 4096 + 5000, 100);
    memory.pages.put(page);
    source.free(cpu, page);
    expect(() => dma.unmap(cpu, bouncing, address)).toThrow(expect.objectContaining({ code: 'ERR_BAD_ADDRESS' }));
  });
});

/** Where the bytes of a bounce come from; null for memory that is not bounced. */
function originOf(address: number, bytes: number): BounceRange | null {
  const range = { origin: NO_ORIGIN, bytes: 0 };
  if (!memory.swiotlb.isBounce(cpu, bouncing, address)) return null;
  memory.swiotlb.originOf(cpu, bouncing, address, bytes, range);
  return range;
}

describe('Dma over an allocator that grows', () => {
  beforeEach(() => {
    memory = rig({ growth: 4 << 20 });
    rigs.push(memory);
    dma = new Dma(memory.swiotlb, new BouncePageMemory(memory.pages, null), memory.ram.id);
  });

  /**
   * Makes one mapping in the slot pool, which is full then, one in a transient pool, and one in a slot pool added
   * later.
   */
  function mapped(page: number): { boot: number; transient: number; added: number } {
    const boot = map(bouncing, page, 2048);
    for (let slot = 1; slot < 128; slot++) map(bouncing, page, 2048);
    list.reset();
    const transient = map(bouncing, page + 10, 5000);
    memory.swiotlb.pools!.grow(cpu);
    return { boot, transient, added: map(bouncing, page + 20, 6000) };
  }

  it('bounces to slot pools of every kind, and frees in each the slots that it took', () => {
    const page = memory.system.alloc(cpu, 3) * 4096;
    const { swiotlb, blocks } = memory;
    const { boot, transient, added } = mapped(page);
    expect(swiotlb.listed().map((pool) => [pool.contains(boot), pool.contains(added)])).toEqual([
      [false, true],
      [true, false],
    ]);
    expect(swiotlb.listed().some((pool) => pool.contains(transient))).toBe(false);
    expect({
      isFirstCopied: isCopied(page + 10, transient, 5000),
      isSecondCopied: isCopied(page + 20, added, 6000),
    }).toEqual({ isFirstCopied: true, isSecondCopied: true });
    expect(blocks.pages - blocks.freePages).toBe(256 + 2);
    for (const address of [boot, transient, added, page + 100]) dma.unmap(cpu, bouncing, address);
    expect({
      used: swiotlb.listed().map((pool) => pool.used()),
      io_tlb_transient_nslabs: swiotlb.statistics().io_tlb_transient_nslabs,
    }).toEqual({ used: [0, 127], io_tlb_transient_nslabs: 0 });
    expect(blocks.pages - blocks.freePages).toBe(256);
    expect(() => dma.unmap(cpu, bouncing, added)).toThrow(expect.objectContaining({ code: 'ERR_BAD_ADDRESS' }));
  });

  it('finds the original of a part of a bounce in slot pools of every kind, and none for other memory', () => {
    const page = memory.system.alloc(cpu, 3) * 4096;
    const { transient, added } = mapped(page);
    expect(originOf(transient + 900, 300)).toEqual({ origin: page + 910, bytes: 300 });
    expect(originOf(added + 900, 300)).toEqual({ origin: page + 920, bytes: 300 });
    expect(originOf(page, 300)).toBeNull();
  });

  it('leaves live pages of added slot pools to their last put', () => {
    const { swiotlb, blocks, pages } = memory;
    const bounce = memory.bounce();
    mapped(memory.system.alloc(cpu, 3) * 4096);
    const page = bounce.alloc(cpu, 3);
    expect(swiotlb.listed()[0]!.contains(page * 4096)).toBe(true);
    expect(map(bouncing, page * 4096 + 5000, 9000)).toBe(page * 4096 + 5000);
    dma.unmap(cpu, bouncing, page * 4096 + 5000);
    expect(swiotlb.listed()[0]!.used()).toBe(3 + 16);
    pages.put(page);
    bounce.free(cpu, page);
    expect(swiotlb.listed().map((pool) => pool.used())).toEqual([3, 128]);
    expect(blocks.pages - blocks.freePages).toBe(256 + 2);
  });

  it('makes no transient pool that the device cannot reach', () => {
    const page = memory.system.alloc(cpu, 3) * 4096;
    mapped(page);
    for (let slot = 0; slot < 509; slot++) map(bouncing, page, 2048);
    const pools = memory.swiotlb.pools!;
    const made = pools.transientsMade;
    expect(map(networkDevice(true, { dmaMask: memory.swiotlb.pool.end }), page, 2048)).toBe(MAPPING_ERROR);
    expect(pools.transientsMade).toBe(made);
    expect(map(bouncing, page, 2048)).not.toBe(MAPPING_ERROR);
  });
});

describe('Dma over an allocator that gives each mapping a buffer', () => {
  beforeEach(() => {
    memory = rig({ growth: 4 << 20, perMapping: true });
    rigs.push(memory);
    dma = new Dma(memory.swiotlb, new BouncePageMemory(memory.pages, null), memory.ram.id);
  });

  it('bounces to buffers and to slots, finds the original of parts of both, and frees both', () => {
    const page = memory.system.alloc(cpu, 3) * 4096;
    const { swiotlb, blocks } = memory;
    const [buffer, slot] = [map(bouncing, page + 10, 5000), map(bouncing, page + 20, 100)];
    expect([swiotlb.pool.contains(buffer), swiotlb.pool.contains(slot)]).toEqual([false, true]);
    expect({
      isFirstCopied: isCopied(page + 10, buffer, 5000),
      isSecondCopied: isCopied(page + 20, slot, 100),
    }).toEqual({ isFirstCopied: true, isSecondCopied: true });
    expect(originOf(buffer + 4500, 600)).toEqual({ origin: page + 4510, bytes: 500 });
    expect(originOf(buffer + 50, 600)).toEqual({ origin: page + 60, bytes: 600 });
    expect(originOf(slot + 40, 600)).toEqual({ origin: page + 60, bytes: 60 });
    expect(originOf(page, 600)).toBeNull();
    dma.unmap(cpu, bouncing, page); // which was not bounced
    expect([blocks.pages - blocks.freePages, swiotlb.used()]).toEqual([2, 1]);
    for (const address of [buffer, slot]) dma.unmap(cpu, bouncing, address);
    expect([blocks.pages - blocks.freePages, swiotlb.used()]).toEqual([0, 0]);
  });
});
