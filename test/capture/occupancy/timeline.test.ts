import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Timeline } from '../../../lib/capture/occupancy/timeline.js';

describe('Timeline', () => {
  it('has no parts before anything is told', () => {
    expect(new Timeline(3).parts()).toEqual([]);
  });

  it('tells what was told in each part, from the first time on', () => {
    const timeline = new Timeline(5);
    timeline.use(10_000, 7);
    timeline.bounce(10_100, 64, true);
    timeline.use(10_500, 4);
    timeline.bounce(12_000, 10, false);
    expect(timeline.parts()).toEqual([
      { fromNs: 0, usedLow: 4, usedHigh: 7, bytes: 64, softirqBytes: 64 },
      { fromNs: 1000, usedLow: 4, usedHigh: 4, bytes: 0, softirqBytes: 0 },
      { fromNs: 2000, usedLow: 4, usedHigh: 4, bytes: 10, softirqBytes: 0 },
    ]);
  });

  it('shows where nothing was told as many slots as were in use last', () => {
    const timeline = new Timeline(0);
    timeline.use(0, 4);
    timeline.use(10, 7);
    timeline.use(3000, 6);
    expect(timeline.parts().map(({ usedLow, usedHigh }) => [usedLow, usedHigh])).toEqual([
      [0, 7],
      [7, 7],
      [7, 7],
      [6, 7],
    ]);
    timeline.use(700_000, 5);
    const { usedLow, usedHigh } = timeline.parts()[100]!;
    expect([usedLow, usedHigh]).toEqual([6, 6]);
  });

  it('keeps the most and the fewest of both parts that become one', () => {
    const timeline = new Timeline(5);
    timeline.use(0, 5);
    timeline.use(1500, 9);
    timeline.use(1600, 2);
    timeline.use(1700, 5);
    timeline.use(600_000, 5);
    expect(timeline.parts()[0]).toMatchObject({ usedLow: 2, usedHigh: 9 });
  });

  it('keeps to 512 parts, and loses neither bytes nor the most and the fewest slots', () => {
    const step = fc.record({ waitNs: fc.nat(1e9), used: fc.nat(1000), bytes: fc.nat(1000), soft: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 100 }), (steps) => {
        const timeline = new Timeline(steps[0]!.used);
        let now = 0;
        for (const { waitNs, used, bytes, soft } of steps) {
          now += waitNs;
          timeline.use(now, used);
          timeline.bounce(now, bytes, soft);
        }
        const parts = timeline.parts();
        expect(parts.length).toBeLessThanOrEqual(512);
        const sum = (of: (one: { bytes: number; softirqBytes: number }) => number) =>
          parts.reduce((total, part) => total + of(part), 0);
        expect(sum(({ bytes }) => bytes)).toBe(steps.reduce((total, { bytes }) => total + bytes, 0));
        expect(sum(({ softirqBytes }) => softirqBytes)).toBe(
          steps.reduce((total, { bytes, soft }) => total + (soft ? bytes : 0), 0),
        );
        expect(Math.max(...parts.map(({ usedHigh }) => usedHigh))).toBe(Math.max(...steps.map(({ used }) => used)));
        expect(Math.min(...parts.map(({ usedLow }) => usedLow))).toBe(Math.min(...steps.map(({ used }) => used)));
        const spanNs = now - steps[0]!.waitNs;
        expect(parts.at(-1)!.fromNs).toBeLessThanOrEqual(spanNs);
        expect(parts.at(-1)!.fromNs + timeline.partNs).toBeGreaterThan(spanNs);
      }),
    );
  });
});
