import { describe, expect, it } from '@jest/globals';
import { countedTogether } from '../../../benchmarks/scaling/counted-together.js';

describe('countedTogether', () => {
  it('adds up what threads counted, each by the bytes that it copied, with the least share of time', () => {
    const replies = [
      { counted: { cyclesPerKiB: 100, llcMissesPerKiB: 16, countersRanShare: 1 }, countedBytes: 3072 },
      { counted: { cyclesPerKiB: 20, llcMissesPerKiB: 8, countersRanShare: 0.5 }, countedBytes: 1024 },
    ];
    expect(countedTogether(replies)).toEqual({ cyclesPerKiB: 80, llcMissesPerKiB: 14, countersRanShare: 0.5 });
  });

  it('leaves out what one of the threads could not count', () => {
    const whole = { counted: { cyclesPerKiB: 9, instructionsPerKiB: 8, countersRanShare: 1 }, countedBytes: 1024 };
    const part = { counted: { instructionsPerKiB: 6, countersRanShare: 1 }, countedBytes: 1024 };
    expect(countedTogether([whole, part])).toEqual({ instructionsPerKiB: 7, countersRanShare: 1 });
    const other = { counted: { cyclesPerKiB: 9, countersRanShare: 1 }, countedBytes: 1024 };
    expect(countedTogether([part, other])).toEqual({});
    expect(countedTogether([whole, {}])).toEqual({});
  });

  it('says nothing where no thread counts', () => {
    expect(countedTogether([{}, {}])).toEqual({});
  });
});
