import { describe, expect, it, jest } from '@jest/globals';
import { counters } from '../../../lib/bench/counters/counters.js';
import { doctorSchema } from '../../../lib/bench/doctor/doctor-schema.js';
import { Examination } from '../../../lib/bench/doctor/examination.js';
import { GUARD_NAMES } from '../../../lib/bench/doctor/guard-list.js';
import { HostWatch } from '../../../lib/bench/doctor/host-watch.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';

const host = hostFacts();

/** A process that stands still in the parts of these numbers, counted from 1, and for `stoodMs` in all. */
function standing(parts: readonly number[], stoodMs: number) {
  let part = 0;
  let closed = 0;
  return {
    begin: () => void part++,
    stoodStill: async () => parts.includes(part),
    stoodMs,
    close: () => void closed++,
    closed: () => closed,
  };
}

describe('an Examination', () => {
  it('measures every guard, or says why not, and judges by every rule', async () => {
    const parts: string[] = [];
    const left: number[] = [];
    const onPart = (part: string, leftMs: number) => {
      parts.push(part);
      left.push(leftMs);
    };
    const standstill = standing([], 0);
    const { signal } = new AbortController();
    const examination = new Examination({ host, signal, scale: 0.01, onPart, standstill });
    await examination.run();
    expect(standstill.closed()).toBe(1);
    const document = examination.document();
    await examination.close();
    expect(doctorSchema().parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
    expect(document.guards.map(({ name }) => name)).toEqual(GUARD_NAMES);
    for (const { name, refusal, comparisons } of document.guards) {
      expect({ name, isShown: refusal !== null || comparisons.length > 0 }).toEqual({ name, isShown: true });
    }
    expect(document.interrupted).toBe(false);
    expect(document.verdict).not.toBeNull();
    expect(parts.filter((part) => part !== 'the host')).toEqual(GUARD_NAMES);
    expect(left).toEqual(left.toSorted((a, b) => b - a));
    expect(left.at(-1)).toBeCloseTo(5); // the last look at the host, of 500 ms
  });

  it('asks nothing of its threads when the signal was aborted before', async () => {
    const prepare = jest.spyOn(HostWatch.prototype, 'prepare');
    const standstill = standing([], 0);
    const examination = new Examination({ host, signal: AbortSignal.abort(), scale: 0.01, standstill });
    await examination.run();
    const { interrupted, guards } = examination.document();
    await examination.close();
    expect({ interrupted, measured: guards.filter(({ comparisons }) => comparisons.length > 0) }).toEqual({
      interrupted: true,
      measured: [],
    });
    expect([prepare.mock.calls.length, standstill.closed()]).toEqual([0, 0]);
    prepare.mockRestore();
  });

  it('begins no part when there is no time left, and says so', async () => {
    const examination = new Examination({
      host,
      signal: new AbortController().signal,
      beganMs: performance.now() - 20e3,
      standstill: standing([], 0),
    });
    await examination.run();
    const document = examination.document();
    await examination.close();
    expect(document).toMatchObject({ interrupted: false });
    expect(document.seconds).toBeGreaterThanOrEqual(20);
    expect([...new Set(document.guards.map(({ refusal }) => refusal))]).toEqual(['there was no time left for it']);
    expect(document.judgements.find(({ name }) => name === 'on-cpu')).toMatchObject({ level: 'unknown' });
  });

  it('that is interrupted has what was measured by then, and no verdict', async () => {
    const stop = new AbortController();
    const onPart = (part: string) => {
      if (part === 'zero-page') stop.abort();
    };
    const examination = new Examination({
      host,
      signal: stop.signal,
      scale: 0.01,
      onPart,
      standstill: standing([], 0),
    });
    await examination.run();
    const document = examination.document();
    await examination.close();
    expect(document).toMatchObject({ interrupted: true, verdict: null });
    const [first, ...others] = document.guards;
    expect(first!.refusal).toBeNull();
    expect(others.every(({ refusal }) => refusal === 'the examination was interrupted before it ended')).toBe(true);
  });

  it('measures again what a pause spoilt, takes no time for it, and says so', async () => {
    const parts: string[] = [];
    const examination = new Examination({
      host,
      signal: new AbortController().signal,
      scale: 0.01,
      beganMs: performance.now() - 20e3,
      onPart: (part) => parts.push(part),
      standstill: standing([1, 3, 5, 6, 7, 8], 20e3), // a look, a guard, and all tries of another guard
    });
    await examination.run();
    const { guards, missing, interrupted } = examination.document();
    await examination.close();
    const [first, second, third] = GUARD_NAMES;
    const again = [second, second, second, second];
    expect(parts.slice(0, 9)).toEqual(['the host', 'the host', first, first, ...again, third]);
    expect(parts.filter((part) => part !== 'the host').slice(6)).toEqual(GUARD_NAMES.slice(2));
    const refusalOf = (of: string | undefined) => guards.find(({ name }) => name === of)!.refusal;
    expect([refusalOf(first), refusalOf(second)]).toEqual([null, 'the process stood still while it was measured']);
    expect(interrupted).toBe(false);
    expect(missing[0]).toEqual({
      fact: 'an examination without a pause',
      reason: 'the process stood still for 20.0 s; what that spoilt was measured again',
    });
  });

  it('says which performance counters are refused here and why, or nothing where none is', async () => {
    const examination = new Examination({ host, signal: AbortSignal.abort() });
    const { missing } = examination.document();
    await examination.close();
    using opened = counters();
    const reasons = missing.filter(({ fact }) => fact === 'performance counters').map(({ reason }) => reason);
    expect(reasons).toEqual(opened.reason === '' ? [] : [opened.reason]);
  });

  it('that is interrupted before it begins ends at once', async () => {
    const examination = new Examination({ host, signal: AbortSignal.abort() });
    await examination.run();
    expect(examination.document()).toMatchObject({ interrupted: true, verdict: null });
    await examination.close();
  });
});
