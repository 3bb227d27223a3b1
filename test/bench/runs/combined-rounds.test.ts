import { describe, expect, it } from '@jest/globals';
import { combineRounds } from '../../../lib/bench/runs/combined-rounds.js';
import { QUIET } from '../fixtures/quiet-result.js';

const UNKNOWN = { stealShare: null, othersCpus: null, throttledMs: null, cpusLost: null, lineRoundTripNs: null };

describe('the rounds of a run as one', () => {
  it('add up what is counted, and take the mean over time of what is a share', () => {
    const rounds = [
      { ...QUIET, seconds: 1, cells: 3, repeats: 1, stealShare: 0.1, othersCpus: 1, involuntarySwitches: 5 },
      { ...QUIET, seconds: 3, cells: 2, stealShare: 0.5, othersCpus: 0, involuntarySwitches: 6, throttledMs: 7 },
    ];
    expect(combineRounds(rounds)).toEqual({
      seconds: 4,
      cells: 3,
      repeats: 1,
      stealShare: 0.4,
      othersCpus: 0.25,
      involuntarySwitches: 11,
      throttledMs: 7,
      cpusLost: [],
      lineRoundTripNs: [60, 61],
    });
  });

  it('keep the extremes of the round trip, and all CPUs that were lost', () => {
    const rounds = [
      { ...QUIET, cpusLost: [3, 1], lineRoundTripNs: [70, 50] },
      { ...QUIET, cpusLost: [1], lineRoundTripNs: [400, 60] },
    ];
    expect(combineRounds(rounds)).toMatchObject({ cpusLost: [1, 3], lineRoundTripNs: [50, 400] });
  });

  it('leave out what is not known, and know nothing if no round does', () => {
    const unknown = { ...QUIET, ...UNKNOWN };
    expect(combineRounds([unknown, { ...QUIET, stealShare: 0.2 }])).toMatchObject({ stealShare: 0.2, throttledMs: 0 });
    expect(combineRounds([unknown])).toMatchObject(UNKNOWN);
    const { cpusLost: _cpusLost, ...old } = QUIET;
    expect(combineRounds([old]).cpusLost).toBeNull();
  });
});
