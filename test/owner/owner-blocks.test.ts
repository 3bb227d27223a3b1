import { describe, expect, it } from '@jest/globals';
import { BLOCK_BYTES } from '../../lib/owner/owner-blocks.js';
import { NO_TX_BUF } from '../../lib/owner/tx-buf.js';
import { OWNER } from '../page/fixtures/memory.js';
import { testCpus } from '../smp/fixtures/cpus.js';
import { ownerMemory } from './fixtures/memory.js';

const { cpus } = testCpus(2);
const [cpu, other] = [cpus[0]!, cpus[1]!];
const pfns = new Int32Array(16);
const ANOTHER = OWNER - 1;

describe('OwnerBlocks', () => {
  it('knows the owner of every byte of a block, and of no byte beside it', () => {
    const { blocks, alloc } = ownerMemory();
    const [first, second] = [alloc(), alloc()];
    blocks.take(cpu, first, OWNER, 1, pfns);
    const begin = pfns[0]! * 4096;
    blocks.take(cpu, second, OWNER, 1, pfns);
    expect(pfns[0]! * 4096).toBe(begin + BLOCK_BYTES);
    expect(
      [begin - 1, begin, begin + BLOCK_BYTES - 1, begin + BLOCK_BYTES, begin + 2 * BLOCK_BYTES].map((phys) =>
        blocks.ownerOf(phys),
      ),
    ).toEqual([NO_TX_BUF, first, first, second, NO_TX_BUF]);
    expect([-1, 2 ** 40, Number.NaN].map((phys) => blocks.ownerOf(phys))).toEqual([NO_TX_BUF, NO_TX_BUF, NO_TX_BUF]);
  });

  it('holds one reference to the device for all blocks of an owner', () => {
    const { blocks, owners, alloc, deviceRefs } = ownerMemory();
    const id = alloc();
    expect(blocks.take(cpu, id, OWNER, 5, pfns)).toBe(5);
    expect([owners.device(id), deviceRefs()]).toEqual([OWNER, 2]);
    blocks.give(other, id, pfns, 5);
    expect(blocks.take(cpu, id, OWNER, 16, pfns)).toBe(16);
    expect(deviceRefs()).toBe(2);
    blocks.give(other, id, pfns, 16);
    blocks.dropDevice(other, id);
    blocks.dropDevice(other, id);
    expect([owners.device(id), deviceRefs()]).toEqual([0, 1]);
  });

  it('takes and gives slots, counts and the reserve of the percentage together', () => {
    const { blocks, swiotlb, percentLimit, counters, alloc } = ownerMemory({ slots: 1024 }, 50);
    const id = alloc();
    const taken: number[] = [];
    for (let got = blocks.take(cpu, id, OWNER, 16, pfns); got > 0; got = blocks.take(cpu, id, OWNER, 16, pfns)) {
      taken.push(...pfns.subarray(0, got));
    }
    expect({ blocks: taken.length, used: swiotlb.used(), taken: percentLimit.taken }).toEqual({
      blocks: 32,
      used: 512,
      taken: 512,
    });
    expect({ allocated: counters.allocated, overLimit: counters.overLimit }).toEqual({ allocated: 32, overLimit: 1 });
    for (let at = 0; at < 32; at += 16) blocks.give(cpu, id, Int32Array.from(taken.slice(at, at + 16)), 16);
    expect({ used: swiotlb.used(), taken: percentLimit.taken, freed: counters.freed }).toEqual({
      used: 0,
      taken: 0,
      freed: 32,
    });
    expect(taken.map((pfn) => blocks.ownerOf(pfn * 4096))).toEqual(new Array(32).fill(NO_TX_BUF));
  });

  it('returns none, and reserves none, when there is no block although the percentage allows one', () => {
    const { blocks, owners, swiotlb, percentLimit, counters, alloc, deviceRefs } = ownerMemory({ slots: 128 });
    for (let slot = 0; slot < 128; slot += 16) {
      swiotlb.pool.search(cpu, 0, { minAlignMask: 0, segmentBoundaryMask: Infinity }, 0, 2048, 32767);
    }
    const id = alloc();
    expect(blocks.take(cpu, id, OWNER, 4, pfns)).toBe(0);
    expect({
      taken: percentLimit.taken,
      withoutBlock: counters.withoutBlock,
      device: owners.device(id),
      refs: deviceRefs(),
    }).toEqual({ taken: 0, withoutBlock: 1, device: 0, refs: 1 });
  });

  it('is freed without its owner, so that memory which another CPU takes has no wrong one', () => {
    const { blocks, swiotlb, alloc } = ownerMemory();
    const id = alloc();
    blocks.take(cpu, id, OWNER, 1, pfns);
    const lock = swiotlb.pool.areas.lock;
    const atRelease: number[] = [];
    swiotlb.pool.areas.lock = function (this: typeof swiotlb.pool.areas, by, area) {
      atRelease.push(blocks.ownerOf(pfns[0]! * 4096));
      lock.call(this, by, area);
    };
    blocks.give(cpu, id, pfns, 1);
    expect(atRelease).toEqual([NO_TX_BUF]);
  });

  it.each([
    ['hardened', false],
    ['faithful', true],
  ] as const)('in %s, says of memory of another allocator that it is shared: %s', (flavour, isShared) => {
    const { blocks, devices, alloc } = ownerMemory({}, 90, flavour);
    blocks.take(cpu, alloc(), OWNER, 1, pfns);
    const phys = pfns[0]! * 4096 + 100;
    expect([blocks.isShared(OWNER, phys, 2000), blocks.isShared(ANOTHER, phys, 2000)]).toEqual([true, true]);
    devices.setAllocator(ANOTHER, 1);
    expect([blocks.isShared(OWNER, phys, 2000), blocks.isShared(ANOTHER, phys, 2000)]).toEqual([true, isShared]);
  });

  it('calls memory shared only if all of it is', () => {
    const { blocks, alloc } = ownerMemory();
    blocks.take(cpu, alloc(), OWNER, 3, pfns);
    const [begin, end] = [pfns[0]! * 4096, (pfns[2]! + 8) * 4096];
    expect(
      [
        [begin, 3 * BLOCK_BYTES],
        [begin - 1, 2],
        [end - 1, 1],
        [end - 1, 2],
        [begin + BLOCK_BYTES - 1, BLOCK_BYTES + 2],
        [end, 1],
      ].map(([phys, bytes]) => blocks.isShared(OWNER, phys!, bytes!)),
    ).toEqual([true, false, true, false, true, false]);
  });
});
