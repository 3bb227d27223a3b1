import { describe, expect, it } from '@jest/globals';
import { NO_SLOT_POOL } from '../../../lib/swiotlb/pools/slot-pool-list.js';
import { Swiotlb } from '../../../lib/swiotlb/swiotlb.js';
import { SlotPoolOrdinals } from '../../../lib/trace/replay/slot-pool-ordinals.js';
import { inArena } from '../../smp/fixtures/cpus.js';

const START = 2 ** 30;

describe('SlotPoolOrdinals', () => {
  it('gives no number twice, even if a slot pool comes back with the same record', () => {
    const io = inArena((arena) => new Swiotlb(arena, { start: START, slots: 256, areas: 2 }));
    const ordinals = new SlotPoolOrdinals(io);
    expect({ boot: ordinals.of(0), unknown: ordinals.of(7), none: ordinals.of(NO_SLOT_POOL) }).toEqual({
      boot: 0,
      unknown: -1,
      none: -1,
    });
    const facts = { start: START, n: 256, na: 2, an: 128 };
    expect(ordinals.add(7, true)).toEqual({ p: 1, tr: 1, ...facts }); // the static build has one slot pool
    ordinals.remove(7);
    expect({ has: ordinals.has(7), of: ordinals.of(7), pool: ordinals.pool(1) }).toEqual({
      has: false,
      of: -1,
      pool: null,
    });
    expect(ordinals.add(7, false)).toEqual({ p: 2, tr: 0, ...facts });
    expect(ordinals.pool(2)).toBe(io.pool);
  });
});
