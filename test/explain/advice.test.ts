import { describe, expect, it } from '@jest/globals';
import { explain } from '../../lib/explain/explain.js';

const adviceOn = (line: string) => explain(line).messages.map(({ helps, doesNotHelp }) => ({ helps, doesNotHelp }))[0]!;
const full = (size: number | bigint, total: number | bigint, used: number | bigint) =>
  adviceOn(`swiotlb buffer is full (sz: ${size} bytes), total ${total} (slots), used ${used} (slots)`);
const matching = (...texts: string[]) => texts.map((text) => expect.stringContaining(text) as unknown);

describe('advice', () => {
  it('on a full pool names the next larger one, and says that its own size changes nothing', () => {
    expect(full(8192, 32_768, 32_764)).toEqual({
      helps: matching('`swiotlb=65536` (128 MiB) instead of 32768 slots (64 MiB)', 'less data', 'leaks mappings'),
      doesNotHelp: matching('`swiotlb=32768`: this pool has that size already, the default'),
    });
    expect(full(8192, 1024, 1024).helps[0]).toContain('`swiotlb=2048` (4 MiB)');
    expect(full(8192, 128, 128).helps[0]).toContain('`swiotlb=1024` (2 MiB) instead of 128 slots (256 KiB)');
    expect(full(8192, 512, 512).helps[0]).toContain('a restricted pool: enlarge its reserved memory');
    expect(full(8192, 483_328, 480_000).helps[0]).toContain('`swiotlb=524288` (1024 MiB) instead of 483328');
  });

  it('on a pool as large as can be advises against a larger one', () => {
    expect(full(8192, 2 ** 19, 2 ** 19)).toEqual({
      helps: matching('less data', 'leaks mappings'),
      doesNotHelp: matching('a larger one than 1024 MiB is hard to find below 4 GiB'),
    });
  });

  it('on a request for more than the whole pool has says so', () => {
    expect(full(131_074, 64, 0)).toEqual({
      helps: matching('`swiotlb=1024`', '65 free slots in a row'),
      doesNotHelp: matching('to wait: the pool has 64 slots in all'),
    });
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
    expect(full(8192, 32_768, 27_103).doesNotHelp[0]).toContain('8192 slots, badly spread');
  });

  it('on alignment says why a larger pool changes nothing', () => {
    expect(full(65_536, 32_768, 0).doesNotHelp).toEqual(
      matching('0 of 32768 slots were in use, and with fewer than 1024 some segment has room for 65536 bytes'),
    );
  });

  it('on numbers that cannot be says which, and has none that the line does not have', () => {
    const largest = 2n ** 64n - 1n;
    for (const [advice, why] of [
      [full(8192, 32_768, largest), `${largest} is no number`],
      [full(8192, 10n ** 20n, 5), `${10n ** 20n} is no number`],
      [full(0, 32_768, 5), '0 bytes'],
    ] as const) {
      expect(advice.helps).toEqual(matching(why));
      expect(
        advice.helps[0]!.match(/\d+/g)!.every(
          (digits) => /^(?:64|0|8192|32768|5)$/.test(digits) || BigInt(digits) > 10n ** 19n,
        ),
      ).toBe(true);
    }
  });

  it('on a pool that Linux gave back, and on a warning about alignment, waits for a failure', () => {
    expect(adviceOn('software IO TLB: tearing down default memory pool').helps).toEqual(matching('lack of a pool'));
    expect(adviceOn('x y0: Alloc alignment may prevent fulfilling requests with max mapping_size')).toEqual({
      helps: matching('smaller requests do'),
      doesNotHelp: matching('a larger pool'),
    });
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

  it('on an address out of reach goes by the smaller one of the mask and the limit of the bus', () => {
    const advice = (mask: string, limit: string, address = '0x4184f3000') =>
      adviceOn(`usb 1-1: swiotlb addr ${address}+8 overflow (mask ${mask}, bus limit ${limit}).`).helps;
    expect(advice('ffffffffff', '3ffffffff')).toEqual(matching('(bus limit 0x3ffffffff)'));
    expect(advice('3ffffffff', 'ffffffffff')).toEqual(matching('(mask 0x3ffffffff)'));
    expect(advice('ffffffffffffffff', '0')).toEqual(matching('is below the mask 0xffffffffffffffff'));
    expect(advice('ffffffff', '0', '0xfffffff8')).toEqual(matching('is below the mask'));
    expect(advice('ffffffff', '0', '0xfffffff9')).toEqual(matching('is above what'));
  });

  it('on a device without a mask names no address', () => {
    for (const line of ['x y0: DMA map on device without dma_mask', 'hwdev DMA mask = 0xff, dev_addr = 0x123'])
      expect(adviceOn(line).helps.join()).not.toContain('null');
    expect(adviceOn('x y0: DMA addr 0x123+4 overflow (mask ff, bus limit 0).').helps[1]).toContain(
      'a pool, if there is',
    );
  });

  it('on bytes outside of a mapping asks for a repair', () => {
    expect(adviceOn('x y0: Access before mapping start detected. orig offset 5, requested offset 0.').helps).toEqual(
      matching('it synchronises bytes that it has not mapped'),
    );
  });

  it('on a boot token below 1024 slots names the value that was meant', () => {
    expect(adviceOn('swiotlb=128')).toEqual({
      helps: matching('if 128 MiB were meant: `swiotlb=` counts slots of 2 KiB, boot with `swiotlb=65536` (128 MiB)'),
      doesNotHelp: matching('`swiotlb=128` (256 KiB)'),
    });
    for (const token of ['swiotlb=1024', 'swiotlb=0', 'swiotlb=noforce'])
      expect(adviceOn(token)).toEqual({ helps: [], doesNotHelp: [] });
  });
});
