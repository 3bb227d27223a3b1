import { describe, expect, it } from '@jest/globals';
import { LimitedBlocks, NO_BLOCK, orderOf } from '../../../lib/swiotlb/pools/block-source.js';
import { testCpu } from '../../smp/fixtures/cpus.js';
import { ZONE_DMA_LIMIT, ZONE_START, ZoneBlocks } from '../zone-blocks.js';

const cpu = testCpu();

describe('LimitedBlocks', () => {
  it('returns a block that ends at the limit, and frees one that ends after it', () => {
    const blocks = new ZoneBlocks();
    const limited = new LimitedBlocks(blocks, ZONE_DMA_LIMIT);
    expect(limited.alloc(cpu, 4097, ZONE_START.any + 4096, true)).toBe(ZONE_START.any);
    expect(limited.alloc(cpu, 4097, ZONE_START.any + 8192 + 4095, true)).toBe(ZONE_START.dma32);
    const above = ZONE_START.any + 8192;
    expect(blocks.journal).toEqual([
      `1 of any, may sleep: ${ZONE_START.any}`,
      `1 of any, may sleep: ${above}`,
      `1 back: ${above}`,
      `1 of dma32, may sleep: ${ZONE_START.dma32}`,
    ]);
  });

  it('tries no other zone when there is no memory', () => {
    const blocks = new ZoneBlocks(2);
    expect(new LimitedBlocks(blocks, ZONE_DMA_LIMIT).alloc(cpu, 8 * 4096, Infinity, false)).toBe(NO_BLOCK);
    expect(blocks.journal).toEqual(['3 of any: -1']);
  });

  it('takes the smallest power of two of pages that holds the bytes', () => {
    expect([1, 4096, 4097, 8192, 8193, 262_144, 262_145].map(orderOf)).toEqual([0, 0, 1, 1, 2, 6, 7]);
  });
});
