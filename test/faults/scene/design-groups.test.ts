import { describe, expect, it } from '@jest/globals';
import { DESIGN_NAMES } from '../../../lib/designs/designs.js';
import {
  ALL_DESIGNS,
  endOn,
  THAT_BOUNCE,
  THAT_HOLD_SLOTS,
  THAT_MAP_SLOTS,
} from '../../../lib/faults/scene/design-groups.js';
import { COPES } from '../../../lib/faults/scene/fault.js';

describe('groups of designs', () => {
  it('are taken from what the designs promise', () => {
    expect(ALL_DESIGNS).toEqual(DESIGN_NAMES);
    expect(THAT_MAP_SLOTS).toEqual(DESIGN_NAMES.filter((name) => name !== 'direct'));
    expect(THAT_BOUNCE).toEqual(['bounce', 'msg-zerocopy', 'splice']);
    expect(THAT_HOLD_SLOTS).toEqual(expect.arrayContaining(['bounce-pages', 'txbuf']));
  });

  it('get the same ends', () => {
    expect(endOn(COPES, ['direct', 'txbuf'])).toEqual({ direct: COPES, txbuf: COPES });
  });
});
