import { describe, expect, it } from '@jest/globals';
import { hostDelta, readHost } from '../../../lib/bench/host/host-reading.js';
import { hostTree } from '../fixtures/host-tree.js';
import { QUIET_READING } from '../fixtures/scripted.js';

describe('readHost', () => {
  it('reads CPU time of the host, and the round trip of a line', () => {
    const root = hostTree({
      'proc/stat': 'cpu  100 0 50 800 10 5 5 30 0 0\ncpu0 1 1 1 1 1 1 1 1\n',
      'sys/fs/cgroup/cpu.stat': 'usage_usec 5\nthrottled_usec 2500\n',
    });
    const reading = readHost({ root, now: () => 7, lineRoundTrip: () => 80 });
    expect(reading).toMatchObject({ busyMs: 1600, stealMs: 300, totalMs: 10_000, throttledMs: 2.5, atMs: 7 });
    expect(reading.lineRoundTripNs).toBe(80);
  });

  it('returns nulls without /proc, and does not fail', () => {
    const reading = readHost({ root: hostTree({}) });
    expect(reading).toMatchObject({ busyMs: null, stealMs: null, throttledMs: null, lineRoundTripNs: null });
  });
});

describe('hostDelta', () => {
  const before = { ...QUIET_READING };

  it('subtracts this process from the load', () => {
    const after = { ...before, atMs: 1000, busyMs: 1500, stealMs: 100, totalMs: 2000, ownMs: 900 };
    expect(hostDelta(before, after)).toEqual({
      seconds: 1,
      stealShare: 0.05,
      othersCpus: 0.6,
      involuntarySwitches: 0,
      throttledMs: 0,
      lineRoundTripNs: [60, 60],
    });
  });

  it('returns null for what is unknown in a reading', () => {
    const unknown = { ...before, busyMs: null, stealMs: null, throttledMs: null, lineRoundTripNs: null };
    const delta = hostDelta(before, { ...unknown, atMs: 10 });
    expect(delta).toMatchObject({ stealShare: null, othersCpus: null, throttledMs: null, lineRoundTripNs: null });
  });
});
