import { describe, expect, it } from '@jest/globals';
import type { SwiotlbConfig } from '../../lib/swiotlb/config.js';
import type { DmaConstraints } from '../../lib/swiotlb/slots/constraints.js';
import { NO_ORIGIN } from '../../lib/swiotlb/slots/slot-table.js';
import { NO_ADDRESS, Swiotlb } from '../../lib/swiotlb/swiotlb.js';
import { inArena, testCpus } from '../smp/fixtures/cpus.js';

const START = 0x4000000;
const ORIGIN = 0x1_2345_6000;
const ANY: DmaConstraints = { minAlignMask: 0, segmentBoundaryMask: Infinity };
const { cpus } = testCpus(8);

function swiotlb(slots = 512, areas = 1, given: Partial<SwiotlbConfig> = {}): Swiotlb {
  const made = inArena((arena) => new Swiotlb(arena, { start: START, slots, areas, ...given }));
  made.reset();
  return made;
}

describe('Swiotlb.alloc', () => {
  it('searches the home area of the CPU first, then the others in turn', () => {
    const io = swiotlb(512, 4);
    const areaOf = (cpu: number) => io.pool.slotOf(io.alloc(cpus[cpu]!, ANY, ORIGIN, 262144, 0)) / 128;
    expect([6, 6, 5].map(areaOf)).toEqual([2, 3, 1]);
    expect(areaOf(6)).toBe(0);
    expect(io.alloc(cpus[0]!, ANY, ORIGIN, 2048, 0)).toBe(NO_ADDRESS);
    expect([0, 1, 2, 3].map((area) => io.pool.areas.used(area))).toEqual([128, 128, 128, 128]);
  });

  it('refuses what no segment can hold, offset and alignment included', () => {
    const io = swiotlb();
    const nvme = { ...ANY, minAlignMask: 4095 };
    expect(io.alloc(cpus[0]!, ANY, ORIGIN, 262145, 0)).toBe(NO_ADDRESS);
    expect(io.alloc(cpus[0]!, ANY, ORIGIN, 1, 262144 * 2 - 1)).toBe(NO_ADDRESS);
    expect(io.alloc(cpus[0]!, nvme, ORIGIN + 2047, 262144 - 2046, 0)).toBe(NO_ADDRESS);
    expect(io.alloc(cpus[0]!, nvme, ORIGIN + 2048, 262144 - 2048, 0)).toBe(START + 2048);
    expect(io.alloc(cpus[0]!, ANY, ORIGIN, 229377, 65535)).toBe(START + 262144);
    expect(io.used()).toBe(127 + 128);
  });

  it('pads with slots and keeps the low part of the original address', () => {
    const io = swiotlb();
    const device = { ...ANY, minAlignMask: 0xffff };
    const address = io.alloc(cpus[0]!, device, ORIGIN + 0x2a10, 1000, 65535);
    expect(address).toBe(START + 0x8a10); // ORIGIN ends in 0x6000
    const data = io.pool.slotOf(address);
    expect(io.pool.table.padSlots(data)).toBe(17);
    expect(io.pool.table.origin(data - 1)).toBe(NO_ORIGIN);
    expect(io.pool.table.origin(data)).toBe(ORIGIN + 0x2a10);
    expect(io.used()).toBe(32);
    expect(io.free(cpus[1]!, device, address)).toBe(32);
    expect(io.used()).toBe(0);
  });

  it('returns an address again only after it was freed', () => {
    const io = swiotlb(128);
    const given = new Set<number>();
    for (let i = 0; i < 128; i++) given.add(io.alloc(cpus[i % 8]!, ANY, ORIGIN, 1, 0));
    expect(given.size).toBe(128);
    expect(io.alloc(cpus[0]!, ANY, ORIGIN, 1, 0)).toBe(NO_ADDRESS);
    io.free(cpus[0]!, ANY, START + 5 * 2048);
    expect(io.alloc(cpus[0]!, ANY, ORIGIN, 1, 0)).toBe(START + 5 * 2048);
  });
});

describe('a mapping that records its own size', () => {
  const [stock, patched] = [swiotlb(), swiotlb(512, 1, { allocSizeOverride: true })];
  const nvme = { ...ANY, minAlignMask: 0xffff };

  it.each([
    ['leaks what alignment has added, without padding', ANY, 0x6000, 4096, 0xffff, 30],
    ['leaks nothing where it is padded, because then the size in its record counts', nvme, 0x2a10, 1000, 0xffff, 0],
    ['leaks nothing with a mask of 0', ANY, 0x6123, 4096, 0, 0],
    ['leaks nothing with a mask of 0 where low bits are kept', { ...ANY, minAlignMask: 511 }, 0x6123, 5000, 0, 0],
    ['leaks nothing where a mapping is a multiple of its alignment', ANY, 0x6000, 65536, 0xffff, 0],
  ])('%s', (_what, device, low, bytes, alignMask, leaked) => {
    for (const [io, kept] of [
      [stock, 0],
      [patched, leaked],
    ] as const) {
      io.reset();
      for (let time = 1; time <= 3; time++) {
        const address = io.alloc(cpus[0]!, device, 2 ** 40 + low, bytes, alignMask);
        const taken = io.used() - kept * (time - 1);
        expect(io.free(cpus[0]!, device, address)).toBe(taken - kept);
        expect(io.used()).toBe(kept * time);
      }
    }
  });

  it('leaves slots behind that are never found again', () => {
    patched.reset();
    let times = 0;
    for (; ; times++) {
      const address = patched.alloc(cpus[0]!, ANY, ORIGIN, 4096, 0xffff);
      if (address === NO_ADDRESS) break;
      patched.free(cpus[0]!, ANY, address);
    }
    expect({ times, used: patched.used() }).toEqual({ times: 512 / 32, used: (512 / 32) * 30 });
    const small = patched.alloc(cpus[0]!, ANY, ORIGIN, 4096, 0); // what was freed is there for others
    expect(patched.free(cpus[0]!, ANY, small)).toBe(2);
  });
});

describe('Swiotlb.maxMappingSize', () => {
  it.each([
    [0, 262144],
    [511, 260096],
    [4095, 258048],
    [65535, 196608],
  ])('lets a device with alignment mask %i map at largest %i bytes at once', (minAlignMask, largest) => {
    const io = swiotlb();
    const device = { ...ANY, minAlignMask };
    expect(io.maxMappingSize(device)).toBe(largest);
    expect(io.alloc(cpus[0]!, device, ORIGIN + minAlignMask, largest, 0)).not.toBe(NO_ADDRESS);
  });

  it('belongs to an allocator that has the size of its slot pool', () => {
    const io = swiotlb(640, 1);
    expect(io.slots).toBe(640);
    expect(io.pool.contains(START + 640 * 2048 - 1)).toBe(true);
    expect(io.pool.contains(START + 640 * 2048)).toBe(false);
    expect(io.used()).toBe(0);
  });
});
