import { describe, expect, it } from '@jest/globals';
import { withoutMissingEnds } from '../../../lib/capture/load/missing-ends.js';
import { EARLIER, NOT_TOLD } from '../../../lib/capture/load/pool-load.js';
import { loadOf } from './loads.js';

const STAYING = Number.POSITIVE_INFINITY;
const LOAD = loadOf([{ heldNs: 5 }, { heldNs: STAYING }, { heldNs: STAYING }, { heldNs: EARLIER }]);

describe('withoutMissingEnds', () => {
  it('takes all times as not told if no mapping was seen to end: they are of slots that were given away again', () => {
    const { load, missing } = withoutMissingEnds(LOAD, false, null);
    expect([[...load.heldNs], missing]).toEqual([[NOT_TOLD, NOT_TOLD, NOT_TOLD, EARLIER], 'none-ended']);
  });

  it('takes mappings that stay as not told if more would be in use than the host has counted', () => {
    const { load, missing } = withoutMissingEnds(LOAD, true, 2);
    expect([[...load.heldNs], missing]).toEqual([[5, NOT_TOLD, NOT_TOLD, EARLIER], 'above-high-water']);
  });

  it.each([3, null])('changes nothing where ends are told and there is room for %p', (room) => {
    expect(withoutMissingEnds(LOAD, true, room)).toEqual({ load: LOAD, missing: null });
  });

  it('changes nothing where no end was told of any mapping', () => {
    const load = loadOf([{ heldNs: NOT_TOLD }]);
    expect(withoutMissingEnds(load, false, 5)).toEqual({ load, missing: null });
  });
});
