import { describe, expect, it } from '@jest/globals';
import { batchFor, sink, timeCalls } from '../../../lib/bench/measure/timed-calls.js';

describe('timeCalls', () => {
  it('calls as often as it is told, returns the last result, and keeps none', () => {
    let calls = 0;
    const { ns, result } = timeCalls(() => ++calls, 1000);
    expect({ calls, result, kept: sink.result }).toEqual({ calls: 1000, result: 1000, kept: undefined });
    expect(ns).toBeGreaterThan(0);
  });

  it('keeps no result when a call throws', () => {
    let calls = 0;
    const failing = () => {
      if (++calls === 3) throw new Error('third');
      return calls;
    };
    expect(() => timeCalls(failing, 5)).toThrow('third');
    expect({ calls, kept: sink.result }).toEqual({ calls: 3, kept: undefined });
  });
});

describe('batchFor', () => {
  /** A function whose calls take this time, by a clock that is told so. */
  const batchOf = (nsOf: (batch: number) => number) => {
    let batches = 0;
    return batchFor(
      () => 0,
      () => {},
      (_way, calls) => ({ ns: calls * nsOf(batches++), result: 0 }),
    );
  };

  it.each([
    [4.8, 2 ** 20],
    [600, 2 ** 13],
    [5e6, 1],
    [3e9, 1],
  ])('finds for calls of %d ns a batch of %d calls: about 5 ms', (ns, calls) => {
    expect(batchOf(() => ns)).toBe(calls);
  });

  it('goes by the fastest batch: others were disturbed, or not compiled yet', () => {
    expect(batchOf((batch) => (batch < 4 ? 60_000 : 600))).toBe(2 ** 13);
    expect(batchOf((batch) => (batch % 3 === 2 ? 6000 : 600))).toBe(2 ** 13);
  });

  it('comes to an end with a clock that stands still', () => {
    expect(batchOf(() => 0)).toBe(2 ** 30);
  });

  it('shows each result to the check, and throws what that throws', () => {
    const refuse = (result: unknown) => {
      throw new Error(`not ${result}`);
    };
    expect(() => batchFor(() => 7, refuse)).toThrow('not 7');
  });
});
