import { describe, expect, it } from '@jest/globals';
import { littleEvidence } from '../../../lib/capture/sizing/evidence.js';
import type { SizedLoad } from '../../../lib/capture/sizing/pool-sizing.js';

const CAPTURE = { unparsedLines: 0, lostEvents: 0, lostUncounted: 0 };
const load = (given: object) =>
  ({ durationNs: 20e9, capture: CAPTURE, told: null, holds: null, floorFrom: 'before', ...given }) as SizedLoad;
const TARGET = { asked: null, applied: 0.0001 };

describe('littleEvidence', () => {
  it('is none of a capture that is long, whole and clear', () => {
    expect(littleEvidence([load({})], TARGET, 0.0001)).toEqual([]);
  });

  it.each([
    [{ durationNs: 5e6 }, 'it should last 10 s at least'],
    [{ holds: { groups: [{ source: 'fitted' }, { source: 'assumed' }] } }, 'how long mappings are held is a guess'],
    [{ floorFrom: null }, 'what is held from before is not known'],
    [{ capture: { ...CAPTURE, unparsedLines: 1 } }, 'events are missing, or told twice'],
    [{ told: { doubled: 2 } }, 'events are missing, or told twice'],
  ])('is of %j that %s', (given, missing) => {
    expect(littleEvidence([load(given)], TARGET, 0.0001)).toEqual([missing]);
  });

  it('goes by the target that was asked for', () => {
    expect(littleEvidence([load({})], TARGET, 0.5)).toEqual(['3000 mappings would be needed']);
    expect(littleEvidence([load({})], { asked: 0.01, applied: 0.01 }, 0.005)).toEqual([]);
    expect(littleEvidence([load({})], { asked: 1e-5, applied: 0.005 }, 0.005)).toEqual([
      '300000 mappings would be needed',
    ]);
  });

  it('asks flows for no length', () => {
    expect(littleEvidence([load({ capture: null, durationNs: 1, floorFrom: null })], TARGET, 0.0001)).toEqual([]);
  });
});
