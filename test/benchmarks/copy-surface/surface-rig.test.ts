/** States are prepared as far as a test can see it: what is copied, where from, and what Linux has to do for it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DESTINATION_STATES, SOURCE_STATES, type Spans } from '../../../benchmarks/copy-surface/copy-states.js';
import { offsetsFor } from '../../../benchmarks/copy-surface/offsets.js';
import { PageMemory } from '../../../benchmarks/copy-surface/page-memory.js';
import { SurfaceRig } from '../../../benchmarks/copy-surface/surface-rig.js';
import { addon } from '../../../lib/addon/addon.js';
import { copyKernelIndex } from '../../../lib/memory/copy-kernels.js';
import { random } from '../../../lib/random.js';
import { KIB, MIB } from '../../../lib/units.js';

const [cpu = 0, otherCpu = cpu] = addon().affinity();
const SMALL: Spans = {
  l2: { chunkBytes: 64 * KIB, walkBytes: 96 * KIB },
  llc: { chunkBytes: 64 * KIB, walkBytes: 512 * KIB },
  cacheBytes: MIB,
  memoryBytes: MIB,
  cappedFrom: null,
};
const kernel = copyKernelIndex('libc');

describe('SurfaceRig', () => {
  const rig = new SurfaceRig(SMALL, 64 * KIB, cpu, otherCpu);
  const next = random(3);
  beforeAll(() => rig.open());
  afterAll(() => rig.close());

  it.each(DESTINATION_STATES)('copies from each state to %s', async (to) => {
    for (const from of SOURCE_STATES) {
      for (const [size, batch] of [
        [1500, 20],
        [64 * KIB, 1],
      ] as const) {
        const ns = await rig.run({ kernel, size, batch, from, to }, offsetsFor('random', next), next, true);
        expect(Number.isFinite(ns)).toBe(true);
      }
    }
  });

  it('faults each page of a destination that nothing has touched, while it is copied to', async () => {
    const copies = { kernel, size: 64 * KIB, batch: 4, from: 'hot', to: 'first touch' } as const;
    const before = addon().threadUsage().minorFaults;
    await rig.run(copies, offsetsFor('random', next), next, true);
    expect(addon().threadUsage().minorFaults - before).toBeGreaterThanOrEqual(64);
  });
});

describe('PageMemory', () => {
  it('copies between small pages, and says which part huge ones back', async () => {
    const pages = new PageMemory(2 * MIB, ['4 KiB']);
    await pages.open();
    try {
      const { ns, hugeShare } = pages.run('4 KiB', kernel, MIB, { source: 0, destination: 2048 });
      expect(ns).toBeGreaterThan(0);
      expect(hugeShare).toBeLessThanOrEqual(0);
    } finally {
      pages.close();
    }
  });
});
