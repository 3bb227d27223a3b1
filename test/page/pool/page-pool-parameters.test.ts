import { describe, expect, it } from '@jest/globals';
import {
  EINVAL,
  PAGE_POOL_DEFAULTS,
  PAGE_POOL_FLAG,
  refusalOf,
  ringSlotsOf,
} from '../../../lib/page/pool/page-pool-parameters.js';
import { DIRECTION } from '../../../lib/swiotlb/dma-attributes.js';

const { map, sync } = PAGE_POOL_FLAG;

describe('the parameters of a page pool', () => {
  it.each([
    ['no flag', { direction: 3 }, 0],
    ['an unknown flag', { flags: 16 }, EINVAL],
    ['a mapping from the device', { flags: map, direction: DIRECTION.fromDevice }, 0],
    ['a mapping in both directions', { flags: map, direction: DIRECTION.bidirectional }, 0],
    ['a mapping to the device', { flags: map, direction: DIRECTION.toDevice }, EINVAL],
    ['a mapping to the device, for transmit', { flags: map, direction: DIRECTION.toDevice, isForTransmit: true }, 0],
    ['a mapping in no direction', { flags: map, direction: 3, isForTransmit: true }, EINVAL],
    ['synchronization without a mapping', { flags: sync, syncBytes: 4096 }, EINVAL],
    ['synchronization of nothing', { flags: map | sync, syncBytes: 0 }, EINVAL],
    ['synchronization', { flags: map | sync, syncBytes: 4096 }, 0],
  ])('with %s lead to %o: %i', (_what, given, refusal) => {
    expect(refusalOf({ ...PAGE_POOL_DEFAULTS, ...given })).toBe(refusal);
  });

  it.each([
    [0, 1024],
    [1, 1],
    [40, 40],
    [16384, 16384],
    [40000, 16384],
  ])('that ask for a ring of %i slots get %i', (ringSlots, slots) => {
    expect(ringSlotsOf({ ...PAGE_POOL_DEFAULTS, ringSlots })).toBe(slots);
  });
});
