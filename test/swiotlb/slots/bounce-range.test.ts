import { describe, expect, it } from '@jest/globals';
import type { BounceRange } from '../../../lib/swiotlb/slots/bounce-range.js';
import type { DmaConstraints } from '../../../lib/swiotlb/slots/constraints.js';
import { NO_ORIGIN } from '../../../lib/swiotlb/slots/slot-table.js';
import { Swiotlb } from '../../../lib/swiotlb/swiotlb.js';
import { inArena, testCpu } from '../../smp/fixtures/cpus.js';

const START = 0x4000000;
const ORIGIN = 0x1_2345_6000;
const ANY: DmaConstraints = { minAlignMask: 0, segmentBoundaryMask: Infinity };
const cpu = testCpu();

function swiotlb(): Swiotlb {
  const made = inArena((arena) => new Swiotlb(arena, { start: START, slots: 512, areas: 1 }));
  made.reset();
  return made;
}

describe('rangeInSlotPool', () => {
  const range: BounceRange = { origin: 0, bytes: 0 };
  const originOf = (io: Swiotlb, device: DmaConstraints, address: number, bytes: number) => {
    io.originOf(cpu, device, address, bytes, range);
    return { ...range };
  };

  it('finds the original of any part of a mapping', () => {
    const io = swiotlb();
    const device = { ...ANY, minAlignMask: 511 };
    const address = io.alloc(cpu, device, ORIGIN + 300, 6000, 0);
    for (const at of [0, 1, 1747, 1748, 1749, 3796, 5999]) {
      expect(originOf(io, device, address + at, 1)).toEqual({ origin: ORIGIN + 300 + at, bytes: 1 });
    }
  });

  it('cuts a range at the end of the allocation, which alignment may put after that of the mapping', () => {
    const io = swiotlb();
    const plain = io.alloc(cpu, ANY, ORIGIN, 5000, 0);
    expect(originOf(io, ANY, plain + 4000, 9999)).toEqual({ origin: ORIGIN + 4000, bytes: 1000 });
    const aligned = io.alloc(cpu, ANY, ORIGIN, 5000, 65535);
    expect(originOf(io, ANY, aligned + 4000, 9999)).toEqual({ origin: ORIGIN + 4000, bytes: 9999 });
  });

  it('finds no original for pages, padding and free slots', () => {
    const io = swiotlb();
    const device = { ...ANY, minAlignMask: 0xffff };
    const page = io.alloc(cpu, ANY, 0, 4096, 4095);
    const mapped = io.alloc(cpu, device, ORIGIN, 1000, 65535); // offset 0x6000 of 64 KiB
    const none = { origin: NO_ORIGIN, bytes: 0 };
    expect(originOf(io, device, page + 100, 10)).toEqual(none);
    expect(originOf(io, device, mapped - 1, 10)).toEqual(none);
    expect(originOf(io, device, START + 400 * 2048, 10)).toEqual(none);
    io.free(cpu, device, mapped);
    expect(originOf(io, device, mapped, 10)).toEqual(none);
  });
});
