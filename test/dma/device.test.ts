import { describe, expect, it } from '@jest/globals';
import { networkDevice } from '../../lib/dma/device.js';

describe('networkDevice', () => {
  it('reaches everything and wishes nothing, unless told', () => {
    const device = networkDevice(false);
    expect(device).toMatchObject({ forceBounce: false, minAlignMask: 0, segmentBoundaryMask: Infinity });
    expect(device.dmaMask).toBe(Number.MAX_SAFE_INTEGER);
    expect(device.number).not.toBe(0); // pages of the pool carry it, and 0 is nobody
    expect(networkDevice(true).forceBounce).toBe(true);
    expect(networkDevice(true, { dmaMask: 0xffffffff, minAlignMask: 511 })).toMatchObject({
      ...{ forceBounce: true, dmaMask: 0xffffffff, minAlignMask: 511, name: 'eth0' },
    });
  });
});
