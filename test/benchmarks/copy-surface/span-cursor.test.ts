import { describe, expect, it } from '@jest/globals';
import { SpanCursor } from '../../../benchmarks/copy-surface/span-cursor.js';
import { Region } from '../../../lib/memory/region.js';
import { random, randomInt } from '../../../lib/random.js';
import { MIB, PAGE_SIZE } from '../../../lib/units.js';

describe('SpanCursor', () => {
  it('passes the whole span before it comes to a byte again, whatever is taken', () => {
    using region = Region.create({ bytes: MIB + PAGE_SIZE, lock: 'no' });
    const cursor = new SpanCursor(region, MIB);
    const next = random(11);
    /** By page: what had been passed when it was last taken. */
    const takenAt = new Map<number, number>();
    for (let turn = 0; turn < 200; turn++) {
      const bytes = 1 + randomInt(next, turn % 10 === 0 ? MIB : MIB / 8);
      const before = cursor.passedBytes;
      const offset = cursor.take(bytes);
      expect(offset % PAGE_SIZE).toBe(0);
      expect(offset + bytes).toBeLessThanOrEqual(MIB);
      const start = cursor.passedBytes - Math.ceil(bytes / PAGE_SIZE) * PAGE_SIZE;
      expect(start).toBeGreaterThanOrEqual(before);
      for (let page = 0; page * PAGE_SIZE < bytes; page++) {
        const at = start + page * PAGE_SIZE;
        const last = takenAt.get(offset / PAGE_SIZE + page);
        if (last !== undefined && at - last < MIB) throw new Error(`page used after ${at - last} bytes`);
        takenAt.set(offset / PAGE_SIZE + page, at);
      }
    }
    expect(takenAt.size).toBe(MIB / PAGE_SIZE);
  });
});
