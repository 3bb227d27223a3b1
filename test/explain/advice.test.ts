import { describe, expect, it } from '@jest/globals';
import { explain } from '../../lib/explain/explain.js';

const adviceOn = (line: string) => explain(line).messages.map(({ helps, doesNotHelp }) => ({ helps, doesNotHelp }))[0]!;
const full = (size: number, total: number, used: number) =>
  adviceOn(`swiotlb buffer is full (sz: ${size} bytes), total ${total} (slots), used ${used} (slots)`);
const matching = (...texts: string[]) => texts.map((text) => expect.stringContaining(text) as unknown);

describe('advice', () => {
  it('on a full pool names the next larger one, and says that its own size changes nothing', () => {
    expect(full(8192, 32_768, 32_764)).toEqual({
      helps: matching('`swiotlb=65536` (128 MiB) instead of 32768 slots (64 MiB)', 'less data', 'leaks mappings'),
      doesNotHelp: matching('`swiotlb=32768`: this pool has that size already, the default'),
    });
    expect(full(8192, 1024, 1024).helps[0]).toContain('`swiotlb=2048` (4 MiB)');
    expect(full(8192, 2 ** 19, 2 ** 19).helps[0]).toMatch(/^less data in flight: this pool has 1024 MiB/);
  });

  it('on a request that no mapping holds advises against any pool', () => {
    expect(full(368_640, 524_288, 364)).toEqual({
      helps: matching('368640 bytes are asked for, and no mapping has more than 262144', 'why this device is bounced'),
      doesNotHelp: matching('a larger pool, of any size', '364 of 524288 slots were in use'),
    });
  });

  it('on fragments says how many slots in a row are needed, and how many can be in the way', () => {
    expect(full(8192, 32_768, 27_103)).toEqual({
      helps: matching('4 free slots in a row', '`swiotlb=65536`', 'fewer areas'),
      doesNotHelp: matching('82 % of the pool were in use', '`swiotlb=32768`'),
    });
    expect(full(8192, 32_768, 27_103).doesNotHelp[0]).toContain('(8192 slots can be)');
  });

  it('on alignment says why a larger pool changes nothing', () => {
    expect(full(65_536, 32_768, 0).doesNotHelp).toEqual(
      matching('0 of 32768 slots were in use, and with fewer than 1024 some segment has room for 65536 bytes'),
    );
  });

  it('on a lack of any pool, on overwritten memory and on what is not told does not name a size of a pool', () => {
    for (const advice of [full(8, 0, 0), full(2 ** 32 - 2, 512, 0), adviceOn('swiotlb buffer is full (sz: 8 bytes)')]) {
      expect(advice.helps.length).toBeGreaterThan(0);
      expect(advice.helps.join()).not.toContain('larger pool');
    }
    expect(full(8, 0, 0).doesNotHelp).toEqual(matching('the total is 0 slots'));
    expect(adviceOn('swiotlb buffer is full (sz: 8 bytes)').doesNotHelp).toEqual(
      matching('to take 8 for the size of the pool'),
    );
  });

  it('on an address out of reach names it and the mask', () => {
    const { helps } = adviceOn('x y: swiotlb addr 0x2f7000000+512 overflow (mask 27fffffff, bus limit 0).');
    expect(helps).toEqual(matching('0x2f7000000 is above what the device can reach (mask 0x27fffffff)'));
  });

  it('on a boot token below 1024 slots names the value that was meant', () => {
    expect(adviceOn('swiotlb=128')).toEqual({
      helps: matching('for 128 MiB boot with `swiotlb=65536` (128 MiB)'),
      doesNotHelp: matching('`swiotlb=128` (0.25 MiB)'),
    });
    for (const token of ['swiotlb=1024', 'swiotlb=noforce'])
      expect(adviceOn(token)).toEqual({ helps: [], doesNotHelp: [] });
  });
});
