/** tinybench reads a clock that only the operation moves, so that nothing depends on the speed of the host. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TimestampProvider } from 'tinybench';
import { measureTask } from '../../../benchmarks/control-cost/operation-task.js';
import { clockOf } from '../../../lib/bench/host/clock.js';

/** Each call of the operation takes the next of `costs` nanoseconds per operation, and then the last one. */
function scripted(costs: readonly number[]): {
  clock: TimestampProvider;
  calls: number[];
  operation(n: number): number;
} {
  let ns = 0;
  const calls: number[] = [];
  return {
    clock: clockOf('scripted', () => ns),
    calls,
    operation: (count) => {
      ns += count * costs[Math.min(calls.length, costs.length - 1)]!;
      calls.push(count);
      return 2;
    },
  };
}

describe('measureTask', () => {
  it('returns the median cost of an operation, which the first and the interrupted calls do not change', () => {
    const { clock, operation, calls } = scripted([900, 500, 80, 80, 5000, 80]);
    const { value, durationMs, ledger } = measureTask('a', operation, 1000, clock);
    expect(value).toBeCloseTo(80);
    const ns = calls.length * 80_000 + 820_000 + 420_000 + 4_920_000;
    expect(durationMs).toBeCloseTo(ns / 1e6);
    expect(ledger).toEqual({
      proof: 2 * calls.length,
      timedNs: expect.closeTo(80_000),
      'own:p99Ns': expect.any(Number),
      'own:marginOfError': expect.any(Number),
      'own:calls': calls.length,
    });
    expect(ledger!['own:p99Ns']).toBeGreaterThan(900);
    // 16 calls of 466 ns in the mean and a standard deviation of 1236 ns: t(15) = 2.131 standard errors of 309 ns.
    expect(ledger!['own:marginOfError']).toBeGreaterThan(1.3);
    expect(ledger!['own:marginOfError']).toBeLessThan(1.5);
  });

  it('repeats batches of one size for five milliseconds of its clock, and at least sixteen times', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 9000 }), (cost, batch) => {
        fc.pre(cost * batch > 1000);
        const { clock, operation, calls } = scripted([cost]);
        const { value, ledger } = measureTask('a', operation, batch, clock);
        expect(value! / cost).toBeCloseTo(1, 6);
        expect(ledger!['own:p99Ns']! / cost).toBeCloseTo(1, 6);
        expect(ledger!['own:marginOfError']).toBeCloseTo(0, 6);
        expect(new Set(calls)).toEqual(new Set([batch]));
        expect(Math.abs(calls.length - Math.max(16, Math.ceil(5e6 / (cost * batch))))).toBeLessThanOrEqual(1);
      }),
      { numRuns: 50 },
    );
  });

  it('throws what the operation throws', () => {
    const error = Object.assign(new Error('full'), { code: 'ERR_SWIOTLB_FULL' });
    const fail = () => {
      throw error;
    };
    expect(() => measureTask('a', fail, 1, scripted([1]).clock)).toThrow(error);
  });
});
