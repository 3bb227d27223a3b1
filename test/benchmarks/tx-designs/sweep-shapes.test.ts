import { describe, expect, it } from '@jest/globals';
import { shapes } from '../../../benchmarks/shared/tx-shapes.js';
import { calibrationShape, sweepShapes } from '../../../benchmarks/tx-designs/sweep-shapes.js';
import { sweepSettings } from '../../../lib/bench/plan/settings.js';
import { MIB } from '../../../lib/units.js';

const settings = sweepSettings([0, 1], 5);
const USUAL = { window: 4 * MIB, ackDelayNs: 0, percent: 90, pool: 64 * MIB };

describe('sweepShapes', () => {
  const all = sweepShapes(settings);
  const differing = (from: object) =>
    all.filter((shape) => Object.entries(from).some(([name, value]) => shape[name as keyof typeof shape] !== value));

  it('returns every combination of senders, queues and messages, with all else as usual', () => {
    const usual = all.filter((shape) => !differing(USUAL).includes(shape));
    expect(usual.map(({ senders, queues, message }) => [senders, queues, message])).toEqual(
      [
        [1, 1],
        [2, 1],
        [2, 2],
      ].flatMap((counts) => [64, 1024, 4096, 16384, 65536, MIB].map((message) => [...counts, message])),
    );
  });

  it('varies all else with the most senders on one queue, slot pools together with percentages', () => {
    const arms = differing(USUAL);
    for (const shape of arms) expect(shape).toMatchObject({ senders: 2, queues: 1, message: 65536 });
    const of = (name: 'ackDelayNs' | 'window') => [...new Set(arms.map((shape) => shape[name]))].sort((a, b) => a - b);
    expect(of('ackDelayNs')).toEqual([0, 50_000, 1e6, 10e6]);
    expect(of('window')).toEqual([256 << 10, 4 * MIB, 64 * MIB]);
    const shares = arms.filter(({ ackDelayNs, window }) => ackDelayNs === 0 && window === 4 * MIB);
    expect(shares).toHaveLength(4 * 4 - 1);
    for (const { window, pool } of arms) if (window !== 4 * MIB) expect(pool).toBe(1024 * MIB);
  });

  it('returns no shape twice', () => {
    expect(new Set(all.map((shape) => JSON.stringify(shape))).size).toBe(all.length);
  });

  it('takes the first value of a list that does not have the usual one', () => {
    const one = { senders: [1], queues: [1], messages: [1500], windows: [MIB, 2 * MIB], pools: [16 * MIB] };
    const made = sweepShapes({ ...settings, ...one, ackDelaysNs: [7], percents: [10, 20] });
    expect(made.map(({ window, percent }) => [window, percent])).toEqual([
      [MIB, 10],
      [MIB, 20],
      [2 * MIB, 10],
    ]);
    for (const shape of made) expect(shape).toMatchObject({ message: 1500, ackDelayNs: 7, pool: 16 * MIB });
  });
});

describe('calibrationShape', () => {
  it('has two senders on one queue, or one on one CPU', () => {
    expect(calibrationShape(settings, 512)).toMatchObject({ ...USUAL, senders: 2, queues: 1, message: 512 });
    expect(calibrationShape({ ...settings, cpus: [0, 1], queues: [2] }, 512)).toMatchObject({
      senders: 2,
      queues: 1,
      message: 512,
    });
    expect(calibrationShape({ ...settings, cpus: [3] }, 512).senders).toBe(1);
  });

  it('has messages that no shape of a sweep has by default', () => {
    expect(shapes(settings).map(({ message }) => message)).not.toContain(calibrationShape(settings, 512).message);
  });
});
