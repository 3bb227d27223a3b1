import { describe, expect, it } from '@jest/globals';
import { chunkBytesOf, DESTINATION_STATES, spansOf } from '../../../benchmarks/copy-surface/copy-states.js';
import { movedPerByte } from '../../../benchmarks/copy-surface/moved-bytes.js';
import type { CacheFacts } from '../../../lib/bench/facts/host-schema.js';
import { EFFORTS } from '../../../lib/bench/plan/settings.js';
import { GIB, KIB, MIB } from '../../../lib/units.js';
import { lastLevelCache, memoryHost } from '../../bench/fixtures/memory-facts.js';

const cacheOf = (level: number, bytes: number): CacheFacts => ({ ...lastLevelCache(bytes), level });
const hostOf = (l1: number, l2: number, l3: number, total = 512 * GIB) => ({
  ...memoryHost(null, total),
  caches: [cacheOf(1, l1), { ...cacheOf(1, l1), type: 'Instruction' }, cacheOf(2, l2), cacheOf(3, l3)],
});
const usual = hostOf(48 * KIB, MIB, 32 * MIB);

describe('spansOf', () => {
  it('walks what evicts a chunk from the nearer cache and leaves it in the farther one', () => {
    for (const [l1, l2, l3] of [
      [48 * KIB, MIB, 32 * MIB],
      [32 * KIB, 256 * KIB, 4 * MIB],
      [48 * KIB, 2 * MIB, 400 * MIB],
      [64 * KIB, MIB, 8 * MIB],
    ] as const) {
      const spans = spansOf('default', hostOf(l1, l2, l3), 0, 256 * GIB);
      expect(spans.l2!.walkBytes).toBeGreaterThanOrEqual(2 * l1);
      expect(spans.l2!.walkBytes + 2 * spans.l2!.chunkBytes).toBeLessThanOrEqual(l2);
      expect(spans.llc!.walkBytes).toBeGreaterThanOrEqual(2 * l2);
      expect(spans.llc!.walkBytes + 2 * spans.llc!.chunkBytes).toBeLessThanOrEqual(l3);
      expect(spans.memoryBytes).toBe(Math.min(4 * l3, GIB));
    }
  });

  it('has no use for caches of instructions, whichever cache is listed first', () => {
    const instructions = { ...cacheOf(1, 192 * KIB), type: 'Instruction' as const };
    const host = { ...usual, caches: [instructions, ...usual.caches] };
    expect(spansOf('default', host, 0, 32 * GIB)).toEqual(spansOf('default', usual, 0, 32 * GIB));
  });

  it('has no level that is not told, or that nothing can be evicted to', () => {
    const untold = spansOf('default', memoryHost(null, 64 * GIB), 0, 32 * GIB);
    expect(untold).toMatchObject({ l2: null, llc: null, cacheBytes: null, memoryBytes: 128 * MIB });
    expect(spansOf('default', hostOf(48 * KIB, 2 * MIB, 3 * MIB), 0, 32 * GIB).llc).toBeNull();
    for (const state of ['L2', 'LLC'] as const) expect(chunkBytesOf(state, untold)).toBe(0);
    for (const state of DESTINATION_STATES) {
      expect(chunkBytesOf(state, spansOf('default', usual, 0, 32 * GIB))).toBeGreaterThan(64 * KIB);
    }
  });

  it('is four times the cache in memory, capped by what is available, and says so', () => {
    expect(spansOf('default', usual, 0, 32 * GIB)).toMatchObject({ memoryBytes: 128 * MIB, cappedFrom: null });
    const small = spansOf('default', usual, 0, GIB);
    expect(small).toMatchObject({ memoryBytes: 64 * MIB, cappedFrom: 128 * MIB });
    for (const effort of EFFORTS) expect(spansOf(effort, usual, 0, 0).memoryBytes).toBe(512 * KIB);
    expect(spansOf('quick', hostOf(48 * KIB, MIB, 400 * MIB), 0, 64 * GIB).memoryBytes).toBe(256 * MIB);
  });
});

describe('movedPerByte', () => {
  it('adds a read to own the line where stores are temporal and no cache has it, and the zeros of a fresh page', () => {
    const moved = DESTINATION_STATES.map((to) => [movedPerByte('libc', to), movedPerByte('nt-avx2', to)]);
    expect(Object.fromEntries(DESTINATION_STATES.map((to, at) => [to, moved[at]]))).toEqual({
      hot: [2, 2],
      L2: [2, 2],
      LLC: [2, 2],
      memory: [3, 2],
      flushed: [3, 2],
      'other core': [2, 2],
      'first touch': [3, 3],
    });
  });
});
