import { describe, expect, it } from '@jest/globals';
import { queuePlan, queueSizes, SAMPLE_BYTES, SLOT_BYTES } from '../../../benchmarks/copy-temperature/queue-sizes.js';
import { EFFORTS } from '../../../lib/bench/plan/settings.js';
import { GIB, KIB, MIB } from '../../../lib/units.js';
import { memoryHost } from '../../bench/fixtures/memory-facts.js';

const large = memoryHost(32 * MIB, 64 * GIB);

describe('queueSizes', () => {
  it.each(EFFORTS)('returns ascending multiples of the copies that write them, from 4 KiB, for effort %s', (effort) => {
    const { sizes } = queueSizes(effort, large, 0, 32 * GIB);
    expect(sizes[0]).toBe(4 * KIB);
    expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
    for (const size of sizes) expect(size % queuePlan(size, false).unitBytes).toBe(0);
  });

  it('ends at 256 MiB, or at twice a larger last-level cache, up to 1 GiB', () => {
    const longest = (llc: number | null) => queueSizes('default', memoryHost(llc, 64 * GIB), 0, 32 * GIB).sizes.at(-1);
    expect([32 * MIB, 200 * MIB, 4 * GIB, null].map(longest)).toEqual([256 * MIB, 512 * MIB, GIB, 256 * MIB]);
    expect(queueSizes('quick', large, 0, 32 * GIB).sizes.at(-1)).toBe(64 * MIB);
  });

  it('leaves out what an eighth of the memory does not hold, and says which', () => {
    const whole = queueSizes('default', large, 0, 32 * GIB).sizes;
    for (const small of [
      queueSizes('default', large, 0, 256 * MIB),
      queueSizes('default', memoryHost(null, 256 * MIB), 0, GIB),
    ]) {
      expect(small.sizes.at(-1)).toBe(32 * MIB);
      expect([...small.sizes, ...small.leftOut]).toEqual(whole);
    }
    expect(queueSizes('default', large, 0, 0).sizes).toEqual([4 * KIB]);
  });
});

describe('queuePlan', () => {
  const { sizes } = queueSizes('full', large, 0, 32 * GIB);

  it('times whole copies of the queue, behind as many that are not timed, and no more than slots hold', () => {
    for (const size of sizes) {
      const { unitBytes, timedBytes } = queuePlan(size, false);
      expect(timedBytes % unitBytes).toBe(0);
      expect(timedBytes).toBeGreaterThan(0);
      expect(2 * timedBytes).toBeLessThanOrEqual(Math.min(size, SLOT_BYTES));
    }
  });

  it('times as many bytes of each queue, but fewer where each repeat is a message or writes a long queue', () => {
    for (const size of sizes) {
      const { timedBytes, repeats } = queuePlan(size, false);
      if (size < 32 * MIB) expect(timedBytes * repeats).toBeGreaterThanOrEqual(SAMPLE_BYTES);
      else expect(repeats).toBe(1);
      expect(queuePlan(size, true).repeats).toBe(Math.min(repeats, 32));
    }
  });
});
