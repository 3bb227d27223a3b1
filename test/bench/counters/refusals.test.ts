import { constants } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { type CounterLimits, counterRefusal } from '../../../lib/bench/counters/refusals.js';

const { EACCES, EPERM, ENOENT, EOPNOTSUPP, ENOSYS, EMFILE, EBUSY, EDOM } = constants.errno;
const ORDINARY = { paranoid: 3, isRoot: false };
const LENIENT = { paranoid: 2, isRoot: false };
const ROOT = { paranoid: 4, isRoot: true };
const why = (errno: number, limits: CounterLimits = LENIENT) => counterRefusal(errno, limits).why;

describe('counterRefusal', () => {
  it('names the level of perf_event_paranoid to an ordinary user whom it stops, and how to lower it', () => {
    for (const errno of [EACCES, EPERM]) {
      const { why: reason, remedy } = counterRefusal(errno, ORDINARY);
      expect(reason).toContain('kernel.perf_event_paranoid is 3 here');
      expect(remedy).toContain('kernel.perf_event_paranoid=2');
    }
    expect(why(EACCES, { paranoid: null, isRoot: false })).toContain('kernel.perf_event_paranoid is not known here');
  });

  it('tells a filter of system calls where the level would permit it, as it does to root', () => {
    for (const limits of [LENIENT, ROOT, { paranoid: null, isRoot: true }]) {
      const { why: reason, remedy } = counterRefusal(EPERM, limits);
      expect(reason).toContain('filter of system calls');
      expect(remedy).toContain('PERFMON');
    }
  });

  it('tells other causes apart, each with a remedy of its own', () => {
    const all = [ENOENT, ENOSYS, EMFILE, EBUSY].map((errno) => counterRefusal(errno, LENIENT));
    expect(new Set(all.map((one) => one.why)).size).toBe(all.length);
    expect(new Set(all.map((one) => one.remedy)).size).toBe(all.length);
    expect(why(ENOENT)).toContain('hypervisor');
    expect(why(EOPNOTSUPP)).toBe(why(ENOENT));
    expect(why(ENOSYS)).toContain('no performance events');
    expect(counterRefusal(EMFILE, LENIENT).remedy).toContain('ulimit -n');
  });

  it('names an error that it does not know', () => {
    expect(why(EDOM)).toBe('refused with EDOM');
    expect(why(100_000)).toBe('refused with error 100000');
  });
});
