import { describe, expect, it } from '@jest/globals';
import { kneeSentence } from '../../../lib/report/speed/cache-knees.js';
import { KIB, MIB } from '../../../lib/units.js';

const L1 = { bytes: 49 * KIB, low: 45 * KIB, high: 54 * KIB, beforeNs: 1.37, afterNs: 4.1 };
const L2 = { bytes: 1.1 * MIB, low: MIB, high: 1.25 * MIB, beforeNs: 4.1, afterNs: 13.2 };
const L3 = { bytes: 28 * MIB, low: 24 * MIB, high: 40 * MIB, beforeNs: 14, afterNs: 98.4 };

describe('the sentence about measured caches', () => {
  it('has each size with its interval, and the times of a load between them', () => {
    expect(kneeSentence({ cacheKnees: [L1, L2, L3] })).toBe(
      'measured: memory gets slower from 49 KiB [45, 54], 1.1 MiB [1, 1.25] and 28 MiB [24, 40] on, ' +
        '1.37, 4.10, 13.2, 98.4 ns a load',
    );
    expect(kneeSentence({ cacheKnees: [L3] })).toBe(
      'measured: memory gets slower from 28 MiB [24, 40] on, 14.0, 98.4 ns a load',
    );
  });

  it('says that no size is slower, and is none where nothing was measured', () => {
    expect(kneeSentence({ cacheKnees: [] })).toBe('measured: memory is as fast at all sizes');
    expect(kneeSentence({ cacheKnees: null })).toBeNull();
    expect(kneeSentence({})).toBeNull();
  });
});
