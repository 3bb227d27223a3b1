import { describe, expect, it } from '@jest/globals';
import { BufferRecords, NO_RECORD } from '../../../lib/swiotlb/per-mapping/buffer-records.js';
import { inArena } from '../../smp/fixtures/cpus.js';

function twoDevices() {
  const records = inArena((arena) => new BufferRecords(arena, 2, 3));
  records.reset();
  return records;
}

describe('BufferRecords', () => {
  it('has the configured number of records for each device, whatever the other device uses', () => {
    const records = twoDevices();
    const taken = [0, 0, 0, 0, 1].map((device) => records.take(device, 4096, 1, 4096));
    expect(taken[3]).toBe(NO_RECORD);
    expect(new Set(taken).size).toBe(5);
    expect({ live0: records.live(0), live1: records.live(1) }).toEqual({ live0: 3, live1: 1 });
    records.give(0, taken[1]!);
    expect(records.take(0, 4096, 1, 4096)).toBe(taken[1]);
    expect(records.take(0, 4096, 1, 4096)).toBe(NO_RECORD);
  });

  it('holds addresses beyond 32 bits, and tells which addresses lie in a buffer', () => {
    const records = twoDevices();
    const record = records.take(1, 2 ** 40 + 4096, 2 ** 44 + 5, 5000);
    expect([records.address(record), records.origin(record), records.bytes(record)]).toEqual([
      2 ** 40 + 4096,
      2 ** 44 + 5,
      5000,
    ]);
    const inside = [-1, 0, 4999, 5000].map((at) => records.contains(record, 2 ** 40 + 4096 + at));
    expect(inside).toEqual([false, true, true, false]);
  });

  it('counts the pages of blocks, and none once all records are given back', () => {
    const records = twoDevices();
    const taken = [4096, 4097, 20_000].map((bytes) => records.take(0, bytes, 1, bytes));
    expect({ pages0: records.pages(0), pages1: records.pages(1) }).toEqual({ pages0: 1 + 2 + 8, pages1: 0 });
    for (const record of taken) records.give(0, record);
    expect({ pages: records.pages(0), live: records.live(0) }).toEqual({ pages: 0, live: 0 });
  });
});
