import { describe, expect, it } from '@jest/globals';
import { hasAllPoints, points, sendPlan, sizesOf, WAYS } from '../../../benchmarks/kernel-send/send-shapes.js';
import { defaultSettings, type Effort } from '../../../lib/bench/plan/settings.js';

const settings = (effort: Effort, scenarios: readonly string[], cpus = [0, 1]) => ({
  ...defaultSettings(effort, cpus, 1),
  scenarios,
});
const ALONE = ['kernel-send'];
const BESIDE = ['tx-designs', 'kernel-send'];
const valuesOf = <Key extends 'way' | 'state' | 'senders' | 'message'>(key: Key, all: ReturnType<typeof points>) => [
  ...new Set(all.map((point) => point[key])),
];

describe('the points of kernel-send', () => {
  it('are all ways, sizes, states and two numbers of senders in a full run, and in one of its own', () => {
    for (const whole of [settings('full', BESIDE), settings('default', ALONE)]) {
      const all = points(whole, true);
      expect(all.filter(({ senders }) => senders === 1)).toHaveLength(5 * 6 * 3);
      expect(all.filter(({ senders }) => senders === 2)).toHaveLength(5 * 6 * (whole.effort === 'full' ? 3 : 1));
      expect(valuesOf('way', all)).toEqual([...WAYS]);
      expect(valuesOf('message', all)).toEqual([1400, 4096, 16384, 65536, 262144, 1048576]);
      expect(valuesOf('state', all)).toEqual(['hot', 'aged', 'flushed']);
      expect(valuesOf('senders', all)).toEqual([1, 2]);
      expect(hasAllPoints(whole)).toBe(true);
    }
  });

  it('are few beside other scenarios and in quick runs: TCP for the verdict, and UDP for the break-even', () => {
    for (const few of [settings('default', BESIDE), settings('quick', ALONE)]) {
      const all = points(few, true);
      expect(all).toHaveLength(2 + 2 * 2 * sizesOf(few).length);
      expect(all[0]).toEqual({ way: 'tcp', message: 65536, state: 'hot', senders: 1 });
      expect(valuesOf('state', all)).toEqual(['hot', 'flushed']);
      expect(valuesOf('senders', all)).toEqual([1]);
      // Of hot memory MSG_ZEROCOPY pays from some hundred KiB on: beyond the last size but one.
      expect(sizesOf(few)).toEqual([16384, 65536, 262144, 1048576]);
    }
  });

  it('have no flushed source where programs cannot flush, and one sender on one CPU', () => {
    const all = points(settings('full', ALONE, [3]), false);
    expect(valuesOf('state', all)).toEqual(['hot', 'aged']);
    expect(valuesOf('senders', all)).toEqual([1]);
    expect(valuesOf('senders', points(settings('full', ALONE, [...Array(64).keys()]), true))).toEqual([1, 8]);
  });
});

describe('sendPlan()', () => {
  it('has several calls in a sample, none of which moves much', () => {
    for (const message of sizesOf(settings('full', ALONE))) {
      const { messages, repeats } = sendPlan(message);
      expect({ message, few: messages * message <= 4 << 20, many: messages >= 2 && repeats >= 5 }).toEqual({
        message,
        few: true,
        many: true,
      });
    }
  });
});
