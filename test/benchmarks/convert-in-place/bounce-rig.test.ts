import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BounceRig, LARGEST_BUFFER, SOURCE_STATES } from '../../../benchmarks/convert-in-place/bounce-rig.js';
import { addon } from '../../../lib/addon/addon.js';
import { copyKernelIndex } from '../../../lib/memory/copy-kernels.js';
import { KIB, MIB } from '../../../lib/units.js';

let rig: BounceRig;
beforeAll(() => {
  rig = new BounceRig(4 * MIB, copyKernelIndex('libc'), addon().affinity().at(-1)!);
});
afterAll(() => rig.close());

describe('the rig of bounces', () => {
  it.each(SOURCE_STATES)('bounces each byte once, and releases all slots, with buffers %s', async (state) => {
    for (const bytes of [4 * KIB, 64 * KIB, 256 * KIB, LARGEST_BUFFER]) {
      const before = rig.bounced;
      const { bounceNs, slotNs } = await rig.run(bytes, state, 3);
      const count = 3 * BounceRig.groupOf(bytes);
      const { bytes: after, copies } = rig.bounced;
      expect({ bytes: after - before.bytes, copies: copies - before.copies }).toEqual({
        bytes: count * bytes,
        copies: count,
      });
      expect(rig.slotsUsed).toBe(0);
      expect(bounceNs).toBeGreaterThan(0);
      expect(slotNs).toBeGreaterThan(0);
    }
  });

  it.each(SOURCE_STATES)('copies what is %s to slots, and moves on through the slot pool', async (state) => {
    await rig.run(64 * KIB, state, 20);
    const { ram } = rig;
    const { system, slotPool } = rig.layout;
    const written = new Uint8Array(ram.buffer, system, 64 * KIB);
    const last = new Uint8Array(ram.buffer, slotPool, 4 * MIB);
    const places = [];
    for (let at = 0; at < last.length; at += 64 * KIB) {
      if (Buffer.compare(last.subarray(at, at + written.length), written) === 0) places.push(at);
    }
    expect(places.length).toBeGreaterThan(3);
  });

  it('writes as many buffers before it bounces them as a second-level cache holds, and at least one', () => {
    expect([4 * KIB, 64 * KIB, 256 * KIB, MIB].map((bytes) => BounceRig.groupOf(bytes))).toEqual([64, 4, 1, 1]);
  });
});
