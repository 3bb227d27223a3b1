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
    const reading = readHost({ root, now: () => 7, lineRoundTrip: () => 80, cpusLost: () => [1] });
    expect(reading).toMatchObject({ busyMs: 1600, stealMs: 300, totalMs: 10_000, atMs: 7 });
    expect(reading).toMatchObject({
      throttled: { '/sys/fs/cgroup/cpu.stat': 2.5 },
      cpusLost: [1],
      lineRoundTripNs: 80,
    });
  });

  it('refuses sources that there are not', () => {
    const call = () => readHost({ roots: '/' } as object);
    expect(call).toThrow(expect.objectContaining({ code: 'ERR_UNKNOWN_OPTION' }));
  });

  it('returns nulls without /proc, and does not fail', () => {
    const reading = readHost({ root: hostTree({}) });
    expect(reading).toMatchObject({ busyMs: null, stealMs: null, throttled: null, cpusLost: null });
    expect(reading.lineRoundTripNs).toBeNull();
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
      cpusLost: [],
      lineRoundTripNs: [60, 60],
    });
  });

  it('returns null for what is unknown in a reading', () => {
    const unknown = { ...before, busyMs: null, stealMs: null, throttled: null, lineRoundTripNs: null };
    const delta = hostDelta(before, { ...unknown, atMs: 10 });
    expect(delta).toMatchObject({ stealShare: null, othersCpus: null, throttledMs: null, lineRoundTripNs: null });
  });

  it('has the throttled time of the counter that grew most', () => {
    const counters = (inner: number, outer: number) => ({ ...before, throttled: { inner, outer } });
    expect(hostDelta(counters(5, 100), counters(25, 140)).throttledMs).toBe(40);
  });

  it('has the CPUs that were lost before or after, each once', () => {
    const lost = (cpusLost: readonly number[] | null) => ({ ...before, cpusLost });
    expect(hostDelta(lost([10, 2]), lost([2, 3])).cpusLost).toEqual([2, 3, 10]);
    expect(hostDelta(lost(null), lost([1])).cpusLost).toEqual([1]);
    expect(hostDelta(lost(null), lost(null)).cpusLost).toBeNull();
  });
});
