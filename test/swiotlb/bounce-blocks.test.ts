import { describe, expect, it } from '@jest/globals';
import { BounceBlocks } from '../../lib/swiotlb/bounce-blocks.js';
import { DEVICE, testMemory } from '../page/fixtures/memory.js';
import { testCpus } from '../smp/fixtures/cpus.js';

const { cpus } = testCpus(2);
const [cpu, other] = [cpus[0]!, cpus[1]!];
const BLOCK = 32768;
const OF_BOUNCE = [DEVICE, 0x7000, 2048, 0] as const;
const pfns = new Int32Array(16);

describe('BounceBlocks', () => {
  it('takes aligned blocks of one area, that of the CPU if it has any', () => {
    const { swiotlb } = testMemory({ slots: 512, areas: 4 });
    const blocks = new BounceBlocks(swiotlb);
    const got = blocks.alloc(other, DEVICE, BLOCK, 16, pfns);
    expect(got).toBe(8); // all of an area
    const area = [...pfns.subarray(0, got)].map((pfn) => Math.floor(swiotlb.pool.slotOf(pfn * 4096) / 128));
    expect(area).toEqual(new Array(8).fill(1));
    expect([...pfns.subarray(0, got)].map((pfn) => pfn % 8)).toEqual(new Array(8).fill(0));
    expect(blocks.alloc(other, DEVICE, BLOCK, 3, pfns)).toBe(3);
    expect(Math.floor(swiotlb.pool.slotOf(pfns[0]! * 4096) / 128)).toBe(2);
  });

  it('returns none when no area has one, and counts exactly', () => {
    const { swiotlb } = testMemory({ slots: 128 });
    const blocks = new BounceBlocks(swiotlb);
    for (let slot = 0; slot < 128; slot++) swiotlb.alloc(cpu, ...OF_BOUNCE);
    for (let slot = 0; slot < 128; slot++) if (slot % 16 !== 0) swiotlb.free(cpu, DEVICE, swiotlb.pool.addressOf(slot));
    expect([blocks.alloc(cpu, DEVICE, BLOCK, 4, pfns), swiotlb.used()]).toEqual([0, 8]);
  });

  it('frees blocks of several areas at once, in any order', () => {
    const { swiotlb } = testMemory({ slots: 512, areas: 4 });
    const blocks = new BounceBlocks(swiotlb);
    const first = blocks.alloc(cpu, DEVICE, BLOCK, 3, pfns);
    const mixed = Int32Array.of(pfns[2]!, 0, pfns[0]!, 0, pfns[1]!);
    blocks.alloc(other, DEVICE, BLOCK, 2, pfns);
    mixed[1] = pfns[0]!;
    mixed[3] = pfns[1]!;
    expect(swiotlb.used()).toBe((first + 2) * 16);
    blocks.free(cpu, DEVICE, BLOCK, mixed, 5);
    expect(swiotlb.used()).toBe(0);
    expect(() => blocks.free(cpu, DEVICE, BLOCK, mixed, 1)).toThrow(
      expect.objectContaining({ code: 'ERR_BAD_ADDRESS' }),
    );
    expect(() => blocks.free(cpu, DEVICE, BLOCK, Int32Array.of(8), 1)).toThrow(
      expect.objectContaining({ code: 'ERR_BAD_ADDRESS' }),
    );
  });

  it('takes no blocks of more than a segment', () => {
    const blocks = new BounceBlocks(testMemory().swiotlb);
    expect(blocks.alloc(cpu, DEVICE, 2 ** 19, 1, pfns)).toBe(0);
  });

  it.each([
    ['adds up its areas', false],
    ['counts exactly', true],
  ])(
    'takes blocks of added slot pools, but makes none, and frees those of several, where it %s',
    (_, exactCounters) => {
      const { swiotlb } = testMemory({ slots: 128, growth: 8 << 20, exactCounters });
      const pools = swiotlb.pools!;
      const blocks = new BounceBlocks(swiotlb);
      const mixed = new Int32Array(16);
      expect(blocks.alloc(cpu, DEVICE, BLOCK, 16, mixed)).toBe(8);
      expect(blocks.alloc(cpu, DEVICE, BLOCK, 16, pfns)).toBe(0);
      expect([pools.transientsMade, pools.growth!.isPending]).toEqual([0, false]);
      expect(pools.grow(cpu)).toBeGreaterThan(0);
      expect(blocks.alloc(cpu, DEVICE, BLOCK, 4, pfns)).toBe(4);
      expect(swiotlb.isBounce(cpu, DEVICE, pfns[0]! * 4096)).toBe(true);
      expect(swiotlb.used()).toBe(12 * 16);
      mixed.set(pfns.subarray(0, 4), 8);
      mixed.subarray(0, 12).sort();
      blocks.free(cpu, DEVICE, BLOCK, mixed, 12);
      expect(swiotlb.used()).toBe(0);
    },
  );

  it('makes the device known that is given blocks, so that their addresses are found', () => {
    const { swiotlb } = testMemory({ slots: 128, growth: 4 << 20 });
    expect(swiotlb.mayHold(DEVICE, 0)).toBe(false);
    new BounceBlocks(swiotlb).alloc(cpu, DEVICE, BLOCK, 1, pfns);
    expect(swiotlb.mayHold(DEVICE, pfns[0]! * 4096)).toBe(true);
  });
});
