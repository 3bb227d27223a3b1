import { describe, expect, it } from '@jest/globals';
import { GROWTH_ALIGN, GROWTH_ORDER } from '../../lib/model-limits.js';
import { GrowthBlocks } from '../../lib/page/growth-blocks.js';
import { PageTable } from '../../lib/page/page-table.js';
import { ZONE } from '../../lib/swiotlb/pools/block-source.js';
import { PAGE_SIZE } from '../../lib/units.js';
import { inArena, testCpu } from '../smp/fixtures/cpus.js';

const cpu = testCpu();
const START = 3 * GROWTH_ALIGN;

function memoryOf(bytes: number): { blocks: GrowthBlocks; pages: PageTable } {
  const memory = inArena((arena) => {
    const pages = new PageTable(arena, (START + bytes) / PAGE_SIZE);
    return { blocks: new GrowthBlocks(arena, pages, START, bytes), pages };
  });
  for (const part of [memory.pages, memory.blocks]) part.reset();
  return memory;
}

const blocksOf = (bytes: number): GrowthBlocks => memoryOf(bytes).blocks;

const take = (blocks: GrowthBlocks, order: number) => blocks.alloc(cpu, order, ZONE.any, false);

describe('GrowthBlocks', () => {
  it('has blocks of 4 MiB, aligned to their size, and none that is larger', () => {
    const blocks = blocksOf(2 * GROWTH_ALIGN);
    expect([0, 1, 2].map(() => take(blocks, GROWTH_ORDER))).toEqual([START, START + GROWTH_ALIGN, -1]);
    expect(take(blocksOf(2 * GROWTH_ALIGN), GROWTH_ORDER + 1)).toBe(-1);
  });

  it('returns the same memory for every zone, whether the caller may sleep or not', () => {
    for (const zone of Object.values(ZONE)) {
      for (const maySleep of [false, true]) expect(blocksOf(GROWTH_ALIGN).alloc(cpu, 3, zone, maySleep)).toBe(START);
    }
  });

  it('merges blocks that are freed, and counts their pages', () => {
    const blocks = blocksOf(GROWTH_ALIGN);
    const [one, other] = [take(blocks, 0), take(blocks, 4)];
    expect({ take: take(blocks, GROWTH_ORDER), freePages: blocks.freePages }).toEqual({
      take: -1,
      freePages: 1024 - 17,
    });
    blocks.free(cpu, one, 0);
    blocks.free(cpu, other, 4);
    expect({ freePages: blocks.freePages, pages: blocks.pages }).toEqual({ freePages: 1024, pages: 1024 });
    expect(take(blocks, GROWTH_ORDER)).toBe(START);
  });

  it('takes a reference to the first page of a block, which must still be held when the block is freed', () => {
    const { blocks, pages } = memoryOf(GROWTH_ALIGN);
    const block = take(blocks, 3);
    const refs = () => [0, 1].map((page) => pages.refs(block / PAGE_SIZE + page));
    expect(refs()).toEqual([1, 0]);
    blocks.free(cpu, block, 3);
    expect(refs()).toEqual([0, 0]);
    pages.setRefs(take(blocks, 3) / PAGE_SIZE, 0);
    expect(() => blocks.free(cpu, block, 3)).toThrow(expect.objectContaining({ code: 'ERR_DOUBLE_FREE' }));
  });

  it('allocates all of a range that is no multiple of its largest block', () => {
    const blocks = blocksOf(GROWTH_ALIGN + (1 << 20));
    expect([10, 10, 8, 0].map((order) => take(blocks, order))).toEqual([START, -1, START + GROWTH_ALIGN, -1]);
    expect(blocks.freePages).toBe(0);
  });
});
