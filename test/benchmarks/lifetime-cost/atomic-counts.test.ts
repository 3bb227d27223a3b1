import { describe, expect, it } from '@jest/globals';
import { assertUncounted, countAtomics } from '../../../benchmarks/lifetime-cost/atomic-counts.js';

const words = new Int32Array(new SharedArrayBuffer(8));

describe('countAtomics', () => {
  it('lets a thread be timed that has counted nothing', () => {
    expect(() => assertUncounted()).not.toThrow();
  });

  it('counts operations that write apart from loads, and lets them do their work', () => {
    const counts = countAtomics(() => {
      Atomics.store(words, 0, 5);
      Atomics.add(words, 0, 2);
      Atomics.sub(words, 0, 1);
      Atomics.compareExchange(words, 0, 6, 9);
      Atomics.exchange(words, 1, Atomics.load(words, 0));
    });
    expect(counts).toEqual({ writes: 5, loads: 1 });
    expect([...words]).toEqual([9, 9]);
  });

  it('puts the functions of the engine back, also after a failure', () => {
    expect(() =>
      countAtomics(() => {
        throw new Error('no');
      }),
    ).toThrow('no');
    const sources = ['add', 'sub', 'store', 'load', 'compareExchange'].map((name) =>
      String((Atomics as unknown as Record<string, unknown>)[name]),
    );
    for (const source of sources) expect(source).toContain('[native code]');
  });

  it('lets no thread be timed that counts, or has counted', () => {
    const scenario = expect.objectContaining({ code: 'ERR_SCENARIO' });
    countAtomics(() => expect(() => assertUncounted()).toThrow(scenario));
    expect(() => assertUncounted()).toThrow(scenario);
  });
});
