import { describe, expect, it } from '@jest/globals';
import { copyBatch, copySizes } from '../../../benchmarks/copy-cost/copy-sizes.js';
import { EFFORTS } from '../../../lib/bench/plan/settings.js';
import { MIB } from '../../../lib/units.js';
import { memoryHost } from '../../bench/fixtures/memory-facts.js';

describe('copySizes', () => {
  it.each(EFFORTS)('returns ascending sizes from 64 bytes for effort %s', (effort) => {
    const sizes = copySizes(effort, memoryHost(32 * MIB, 64 * 1024 * MIB));
    expect(sizes[0]).toBe(64);
    expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
  });

  it('ends at four times the last-level cache', () => {
    expect(copySizes('default', memoryHost(32 * MIB, 64 * 1024 * MIB)).at(-1)).toBe(128 * MIB);
    expect(copySizes('default', memoryHost(null, null)).at(-1)).toBe(128 * MIB);
  });

  it('stays within the time of a quick run and the memory of a small host', () => {
    expect(copySizes('quick', memoryHost(32 * MIB, 64 * 1024 * MIB)).at(-1)).toBe(64 * MIB);
    expect(copySizes('full', memoryHost(32 * MIB, 512 * MIB)).at(-1)).toBe(32 * MIB);
  });

  it('includes a size that is not a power of two', () => {
    for (const effort of EFFORTS) expect(copySizes(effort, memoryHost(null, null))).toContain(1500);
  });
});

describe('copyBatch', () => {
  it('returns many copies if they are small, and one if it is large', () => {
    expect(copyBatch(64, 'hot')).toBeGreaterThan(5000);
    expect(copyBatch(4 * MIB, 'hot')).toBe(1);
    expect(copyBatch(64 * MIB, 'cold')).toBe(1);
  });

  it('keeps cold copies within the memory that is flushed for them', () => {
    for (const size of [64, 1500, 65536])
      expect(copyBatch(size, 'cold') * Math.max(64, size)).toBeLessThanOrEqual(2 * MIB);
  });
});
