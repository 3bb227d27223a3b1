import { describe, expect, it, jest } from '@jest/globals';
import type { Bounces } from '../../../benchmarks/pollution/bounces.js';
import { PACED_GBPS, Sender } from '../../../benchmarks/pollution/sender-pace.js';

/** A sender whose clock is set by the test, and what it bounced. */
function sending(copyKernel: number | null, pace: 'paced' | 'full speed', times: readonly number[]) {
  const bounced: number[] = [];
  let rests = 0;
  const bounces = {
    bounce: (_kernel: number, packets: number) => bounced.push(packets),
    advance: () => {},
    rest: () => rests++,
  } as unknown as Bounces;
  let now = 0;
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
  try {
    const sender = new Sender(bounces, copyKernel, pace);
    for (now of times) sender.turn();
    now = 1e9;
    return { bounced, rests, rate: sender.rate(), wasStopped: sender.wasStopped };
  } finally {
    clock.mockRestore();
  }
}

const PERIOD_MS = (65536 * 8) / (PACED_GBPS * 1e6);
const every = (ms: number, count: number) => Array.from({ length: count }, (_, at) => at * ms);

describe('a sender', () => {
  it('bounces a packet when one is due, and never above its pace', () => {
    const { bounced, rate } = sending(0, 'paced', every(PERIOD_MS / 10, 1001));
    expect(bounced.length).toBeGreaterThan(85);
    expect(bounced.length).toBeLessThanOrEqual(101);
    expect(rate).toBeLessThanOrEqual(PACED_GBPS * 1.02);
  });

  it('makes up for one packet at most after it had no CPU', () => {
    const late = 100 * PERIOD_MS;
    const { bounced } = sending(0, 'paced', [0, late, late, late, late + PERIOD_MS]);
    expect(bounced).toEqual([1, 1, 1, 1]);
  });

  it('bounces in each turn at full speed, and nothing where it waits', () => {
    expect(sending(0, 'full speed', every(0.001, 10)).bounced).toEqual(Array(10).fill(4));
    const { bounced, rests, rate } = sending(null, 'paced', every(PERIOD_MS, 3));
    expect({ bounced, rests, rate }).toEqual({ bounced: [], rests: 3, rate: 0 });
  });

  it('tells whether its CPU was taken away between two turns', () => {
    const stops = [
      [0, 1, 2, 3],
      [0, 1, 4, 5],
    ];
    expect(stops.map((times) => sending(0, 'paced', times).wasStopped)).toEqual([false, true]);
  });

  it('has no rate before time has passed', () => {
    expect(sending(0, 'paced', [0]).rate).toBe(0);
  });
});
