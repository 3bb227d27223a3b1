import { describe, expect, it } from '@jest/globals';
import { MemoryBandwidth, partBytes, transfersPerByte } from '../../../benchmarks/tx-designs/memory-bandwidth.js';
import { addon } from '../../../lib/addon/addon.js';
import { COPY_KERNEL_NAMES } from '../../../lib/memory/copy-kernels.js';
import { MIB } from '../../../lib/units.js';
import { memoryHost } from '../../bench/fixtures/memory-facts.js';

describe('partBytes', () => {
  it('divides four times the last-level caches among the threads', () => {
    expect(partBytes(memoryHost(32 * MIB, null, [0, 1]), [0, 1])).toBe(64 * MIB);
    expect(partBytes(memoryHost(null, null), [0])).toBe(128 * MIB);
  });

  it('takes no more than an eighth of the memory, and at least a batch for each side', () => {
    expect(partBytes(memoryHost(64 * MIB, 1024 * MIB), [0])).toBe(128 * MIB);
    expect(partBytes(memoryHost(32 * MIB, MIB), [...Array(64).keys()])).toBe(2 * MIB);
  });
});

describe('transfersPerByte', () => {
  it('counts the line that an ordinary store reads before it writes', () => {
    const of = (name: (typeof COPY_KERNEL_NAMES)[number]) => transfersPerByte(COPY_KERNEL_NAMES.indexOf(name));
    for (const name of ['libc', 'movsb'] as const)
      expect({ name, transfers: of(name) }).toEqual({ name, transfers: 3 });
    for (const name of ['nt-avx2', 'nt-neon'] as const) {
      expect({ name, transfers: of(name) }).toEqual({ name, transfers: 2 });
    }
  });
});

describe('MemoryBandwidth', () => {
  it('copies on all CPUs that it is given, again and again', async () => {
    const [cpu] = addon().affinity();
    const memory = new MemoryBandwidth(memoryHost(MIB, null), [cpu!, cpu!], 0);
    await memory.open();
    try {
      for (let round = 0; round < 3; round++) {
        const { value, durationMs, pulseNs } = await memory.sample(20);
        expect(value).toBeGreaterThan(0);
        expect(durationMs).toBeGreaterThan(0);
        expect(pulseNs).toEqual([expect.any(Number), expect.any(Number)]);
      }
    } finally {
      await memory.close();
    }
  });
});
