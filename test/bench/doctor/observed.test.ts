import { describe, expect, it } from '@jest/globals';
import type { BusySlice } from '../../../lib/bench/doctor/guards/busy.js';
import { fullSpeedShare, lineFactor, ofHost, ofSlices } from '../../../lib/bench/doctor/observed.js';

const slice = (given: Partial<BusySlice>): BusySlice => ({
  wallNs: 5e8,
  cpuNs: 5e8,
  copies: 320,
  involuntarySwitches: 0,
  pulseNs: [1],
  copyNs: [10],
  ...given,
});

describe('ofSlices', () => {
  it('adds up times and switches of all slices', () => {
    const seen = ofSlices([
      slice({ cpuNs: 4e8, involuntarySwitches: 3 }),
      slice({ cpuNs: 5e8, involuntarySwitches: 1 }),
    ]);
    expect(seen).toMatchObject({ onCpuShare: 0.9, switchesPerSecond: 4 });
  });

  it('takes the spread of copies from decile to decile, so that a few of them do not count', () => {
    const copyNs = [1, ...Array.from({ length: 18 }, () => 10), 1000];
    expect(ofSlices([slice({ copyNs })]).copySpread).toBe(0);
    const skewed = Array.from({ length: 100 }, (_, at) => (at < 95 ? 100 + at : 1e6));
    expect(ofSlices([slice({ copyNs: skewed })]).copySpread).toBeCloseTo(80 / 149.5);
  });

  it('knows nothing of no slices', () => {
    expect(ofSlices([])).toEqual({ onCpuShare: null, switchesPerSecond: null, fullSpeedShare: null, copySpread: null });
  });

  it('never tells more time on the CPU than there was', () => {
    expect(ofSlices([slice({ cpuNs: 5.1e8 })]).onCpuShare).toBe(1);
  });
});

describe('fullSpeedShare', () => {
  it('counts pulses within 5 % of the fastest', () => {
    expect(fullSpeedShare([1, 1.04, 1.06, 2])).toBe(0.5);
  });

  it('does not take an error of the clock for the fastest', () => {
    expect(fullSpeedShare([0.1, ...Array.from({ length: 99 }, () => 1)])).toBe(1);
  });
});

describe('ofHost', () => {
  const delta = { seconds: 10, stealShare: 0.02, othersCpus: 0.3, throttledMs: 500 };

  it('makes throttled time a share of that of all CPUs', () => {
    expect(ofHost(delta, 1)).toEqual({ stealShare: 0.02, othersCpus: 0.3, throttledShare: 0.05 });
    expect(ofHost(delta, 2).throttledShare).toBe(0.025);
    expect(ofHost(delta, 0).throttledShare).toBe(0.05);
  });

  it('keeps unknown what is not known', () => {
    const unknown = { stealShare: null, othersCpus: null, throttledShare: null };
    expect(ofHost({ ...delta, stealShare: null, othersCpus: null, throttledMs: null }, 2)).toEqual(unknown);
    expect(ofHost({ ...delta, seconds: 0 }, 2)).toEqual(unknown);
  });
});

describe('lineFactor', () => {
  it('compares the slowest with the fastest of at least two', () => {
    expect(lineFactor([60, 150, 50])).toBe(3);
    expect(lineFactor([60])).toBeNull();
  });
});
