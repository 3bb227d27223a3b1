import { describe, expect, it } from '@jest/globals';
import { clockFacts, nativeClock, shortestSampleNs } from '../../../lib/bench/host/clock.js';
import { CopyList } from '../../../lib/memory/copy-list.js';

describe('clockFacts', () => {
  it('measures the smallest step of a clock', () => {
    let reading = 0;
    expect(clockFacts(() => Math.floor(reading++ / 10) * 1000).resolutionNs).toBe(1000);
  });

  it('measures the cost of reading a clock', () => {
    let ns = 0;
    expect(clockFacts(() => (ns += 500)).overheadNs).toBeCloseTo(500);
  });

  it('returns a step of 0 for a clock that stands still', () => {
    expect(clockFacts(() => 1)).toEqual({ overheadNs: 0, resolutionNs: 0 });
  });

  it('measures the native clock unless it is given another', () => {
    const list = CopyList.ofThisThread();
    const before = list.now;
    const { overheadNs, resolutionNs } = clockFacts();
    expect(list.now - before).toBeGreaterThan(0);
    expect(resolutionNs).toBeGreaterThan(0);
    expect(overheadNs).toBeLessThan(list.now - before);
  });

  it('requires samples as long as fifty readings', () => {
    expect(shortestSampleNs({ overheadNs: 40, resolutionNs: 10 })).toBe(2000);
    expect(shortestSampleNs({ overheadNs: 40, resolutionNs: 1000 })).toBe(50_000);
  });
});

describe('nativeClock', () => {
  it('counts nanoseconds, as many as another clock counts meanwhile', () => {
    const clock = nativeClock();
    const other = () => Number(process.hrtime.bigint());
    const outer = other();
    const began = clock.fn() as number;
    const inner = other();
    while (other() - inner < 2e6);
    const atLeast = other() - inner;
    const ns = (clock.fn() as number) - began;
    const atMost = other() - outer;
    expect(ns).toBeGreaterThan(atLeast * 0.99);
    expect(ns).toBeLessThan(atMost * 1.01);
    expect(clock.toMs(ns)).toBeCloseTo(ns / 1e6);
    expect(clock.fromMs(2)).toBe(2e6);
  });
});
