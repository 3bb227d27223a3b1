import { describe, expect, it } from '@jest/globals';
import { Swiotlb } from '../../../lib/swiotlb/swiotlb.js';
import { slotHashes } from '../../../lib/trace/replay/slot-hashes.js';
import { freeCounters, runLengths, slotPoolSnapshot } from '../../../lib/trace/replay/snapshot.js';
import { inArena, testCpu } from '../../smp/fixtures/cpus.js';

const DEVICE = { minAlignMask: 0xffff, segmentBoundaryMask: Infinity };
const cpu = testCpu();

function used(): Swiotlb {
  const io = inArena((arena) => new Swiotlb(arena, { start: 2 ** 30, slots: 300, areas: 1 }));
  io.reset();
  io.alloc(cpu, DEVICE, 2 ** 40 + 0x6123, 5000, 65535);
  io.alloc(cpu, DEVICE, 0, 8192, 8191);
  io.alloc(cpu, DEVICE, 2 ** 33 + 2047, 3000, 0);
  return io;
}

describe('a snapshot', () => {
  it('holds counters and cursors of areas, and hashes of slots', () => {
    const { pool } = used();
    expect(slotPoolSnapshot(3, pool, false)).toEqual({
      p: 3,
      areas: [[pool.areas.used(0), pool.areas.index(0)]],
      ...slotHashes(pool.table),
    });
  });

  it('writes free counters as runs', () => {
    const { pool } = used();
    const counters = freeCounters(pool.table);
    expect([...counters]).toEqual(Array.from({ length: 300 }, (_, slot) => pool.table.freeCounter(slot)));
    expect(runLengths(Uint16Array.of(0, 0, 3, 2, 1, 1, 0, 5, 4))).toBe('u2 3-1 1-1 u1 5-4');
    expect(runLengths(new Uint16Array())).toBe('');
    expect(slotPoolSnapshot(0, pool, true).rle).toBe(runLengths(counters));
  });
});
