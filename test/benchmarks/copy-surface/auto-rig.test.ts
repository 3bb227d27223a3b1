import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AutoRig } from '../../../benchmarks/copy-surface/auto-rig.js';
import { allCopyKernels } from '../../../lib/memory/copy-kernels.js';
import { random } from '../../../lib/random.js';
import { KIB, MIB } from '../../../lib/units.js';

const SUPPORTED = [...allCopyKernels().entries()].flatMap(([index, { supported }]) => (supported ? index : []));

describe('AutoRig', () => {
  const asked: number[] = [];
  const rig = new AutoRig((bytes) => asked.push(bytes) - 1);
  const next = random(1);
  beforeAll(() => rig.open());
  afterAll(() => rig.close());

  it.each([1, 65, 9000, 64 * KIB, 65 * KIB, MIB + 1, 2 * MIB])('times all copy kernels at %d bytes', (size) => {
    const { ns, timedNs } = rig.examined(size, -1, next);
    expect([...ns.keys()].sort((a, b) => a - b)).toEqual(SUPPORTED);
    for (const [kernel, time] of ns) {
      expect(time).toBeGreaterThan(0);
      expect(timedNs.get(kernel)).toBeGreaterThanOrEqual(time);
    }
    // Of one copy, and not of all that are timed together.
    expect(Math.min(...ns.values())).toBeLessThan(1000 * Math.max(1, size / KIB));
  });

  it('measures once for all that compare themselves at a size, and chooses anew when one of them asks again', () => {
    const [one, two] = SUPPORTED as [number, number];
    const before = asked.length;
    const first = rig.examined(64, one, next);
    expect(rig.examined(64, two, next)).toBe(first);
    expect(rig.examined(1500, two, next)).not.toBe(first);
    expect(asked.slice(before)).toEqual([64, 1500]);
    const second = rig.examined(64, two, next);
    expect(second).not.toBe(first);
    expect(rig.examined(64, one, next)).toBe(second);
    expect(asked.slice(before)).toEqual([64, 1500, 64]);
    expect([first.chosen, second.chosen]).toEqual([before, before + 2]);
  });
});
