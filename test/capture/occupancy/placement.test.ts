import { describe, expect, it } from '@jest/globals';
import { deviceKeeping, keptOffset } from '../../../lib/capture/occupancy/placement.js';

describe('keptOffset', () => {
  it.each([
    [null, null, 0],
    [0x1c3d, null, 0],
    [0x1c3d, 0x8000, 0],
    [0x1c3d, 0x8800, 0],
    [0x1c3d, 0x8c3d, 0xc3d],
    [0x143d, 0x8c3d, 0x43d],
    [null, 0x843d, 0x43d],
  ])('of a buffer at %p in slots at %p is %p', (address, slot, offset) => {
    expect(keptOffset(address, slot)).toBe(offset);
  });

  it('is what a device that keeps offsets asks for, and any other none', () => {
    expect([deviceKeeping(0).minAlignMask, deviceKeeping(0x43d).minAlignMask]).toEqual([0, 4095]);
  });
});
