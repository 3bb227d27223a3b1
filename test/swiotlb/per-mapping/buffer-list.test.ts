import { describe, expect, it } from '@jest/globals';
import { BufferList } from '../../../lib/swiotlb/per-mapping/buffer-list.js';
import { BufferRecords, NO_RECORD } from '../../../lib/swiotlb/per-mapping/buffer-records.js';
import { inArena } from '../../smp/fixtures/cpus.js';

function listOf(...addresses: number[]) {
  const records = inArena((arena) => new BufferRecords(arena, 2, 8));
  records.reset();
  const list = new BufferList(records);
  for (const address of addresses) list.insert(1, records.take(1, address, 1, 8192));
  const order = () => {
    const seen: number[] = [];
    for (let record = list.first(1); record !== NO_RECORD; record = list.next(record)) {
      seen.push(records.address(record));
    }
    return seen;
  };
  return { list, order };
}

describe('BufferList', () => {
  it('keeps the buffer that was mapped or looked up last at its front', () => {
    const { list, order } = listOf(10_000, 20_000, 30_000);
    expect(order()).toEqual([30_000, 20_000, 10_000]);
    list.find(1, 10_000 + 8191);
    expect(order()).toEqual([10_000, 30_000, 20_000]);
    list.find(1, 30_001);
    expect(order()).toEqual([30_000, 10_000, 20_000]);
    list.find(1, 30_000);
    expect(order()).toEqual([30_000, 10_000, 20_000]);
  });

  it('moves and loses nothing when a lookup finds nothing', () => {
    const { list, order } = listOf(10_000, 20_000, 30_000);
    for (const address of [9999, 10_000 + 8192, 0, 2 ** 40]) expect(list.find(1, address)).toBe(NO_RECORD);
    expect(list.find(0, 10_000)).toBe(NO_RECORD); // of the other device
    expect(order()).toEqual([30_000, 20_000, 10_000]);
    const empty = listOf();
    expect(empty.list.find(1, 10_000)).toBe(NO_RECORD);
    expect(empty.order()).toEqual([]);
  });

  it('removes the first, the last and a middle buffer, and none by an address inside it', () => {
    const { list, order } = listOf(10_000, 20_000, 30_000, 40_000);
    expect(list.remove(1, 20_001)).toBe(NO_RECORD);
    expect(order()).toEqual([40_000, 30_000, 20_000, 10_000]);
    list.remove(1, 30_000);
    list.remove(1, 40_000);
    list.remove(1, 10_000);
    expect(order()).toEqual([20_000]);
    list.remove(1, 20_000);
    expect(order()).toEqual([]);
    expect(list.remove(1, 20_000)).toBe(NO_RECORD);
  });
});
