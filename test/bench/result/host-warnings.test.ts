import { describe, expect, it } from '@jest/globals';
import type { ResultDocument, RoundResult } from '../../../lib/bench/result/result.js';
import { judge } from '../../../lib/bench/result/warning-rules.js';
import { codesOf, quietResult } from '../fixtures/quiet-result.js';

describe('a result with rounds on a disturbed host', () => {
  it.each([
    ['STEAL', { stealShare: 0.02 }],
    ['INVOLUNTARY_SWITCHES', { involuntarySwitches: 150 }],
    ['LOADED_HOST', { othersCpus: 0.5 }],
    ['THROTTLED', { throttledMs: 40 }],
    ['CPUS_LOST', { cpusLost: [1] }],
    ['CPUS_MOVED', { lineRoundTripNs: [60, 400] }],
  ] as const)('has the warning %s', (code, round) => {
    const document = quietResult(round as Partial<RoundResult>);
    expect(codesOf(document)).toEqual([code]);
    expect(judge(document)[0]!.remedy).toBeTruthy();
  });

  it('has no warning about a cache line that took twice as long at most', () => {
    expect(codesOf(quietResult({ lineRoundTripNs: [60, 120] }))).toEqual([]);
    expect(codesOf(quietResult({ lineRoundTripNs: [60, 121] }))).toEqual(['CPUS_MOVED']);
  });

  it('has warnings about shares of the time, to which a short round adds little', () => {
    const document = quietResult();
    const [first, ...others] = document.scenarios[0]!.rounds;
    const codes = (more: Partial<RoundResult>) =>
      codesOf({ ...document, scenarios: [{ ...document.scenarios[0]!, rounds: [{ ...first!, ...more }, ...others] }] });
    for (const [code, hit] of [
      ['STEAL', { stealShare: 0.5 }],
      ['LOADED_HOST', { othersCpus: 2 }],
    ] as const) {
      expect(codes({ ...hit, seconds: 1 })).toEqual([code]);
      expect(codes({ ...hit, seconds: 0.01 })).toEqual([]);
    }
  });

  it('has no warning about facts that are not known', () => {
    expect(
      codesOf(
        quietResult({ stealShare: null, othersCpus: null, throttledMs: null, cpusLost: null, lineRoundTripNs: null }),
      ),
    ).toEqual([]);
  });
});

/** What is seen by the warning of this code; undefined if there is none. */
const seenBy = (code: string, document: ResultDocument) =>
  judge(document).find((warning) => warning.code === code)?.seen;
const withQuota = (cpuQuota: number | null, round: Partial<RoundResult>) => {
  const document = quietResult(round);
  return seenBy('THROTTLED', { ...document, environment: { ...document.environment, cpuQuota } });
};

describe('the warning THROTTLED', () => {
  it.each([
    [0.5, 1400, 'quota of 0.5 CPUs, CPUs stopped for 16.8 s in all during 12.0 s of rounds'],
    [0.25, 30, 'quota of 0.25 CPUs, CPUs stopped for 360 ms in all during 12.0 s of rounds'],
    [0.5, 0.2, 'quota of 0.5 CPUs, CPUs stopped for 2.4 ms in all during 12.0 s of rounds'],
    [0.5, 0.0001, 'quota of 0.5 CPUs, CPUs stopped for 0.1 ms in all during 12.0 s of rounds'],
    [0.5, 0, 'quota of 0.5 CPUs, CPUs stopped for 0 ms in all during 12.0 s of rounds'],
    [0.5, null, 'quota of 0.5 CPUs, nothing counts the stops during 12.0 s of rounds'],
    [null, 30, 'a quota that is not told here, CPUs stopped for 360 ms in all during 12.0 s of rounds'],
  ])('has the numbers of a quota of %s CPUs with %s ms in each round', (quota, throttledMs, seen) => {
    expect(withQuota(quota, { throttledMs })).toBe(seen);
  });

  it('is not there where nothing stopped and nothing could', () => {
    expect(withQuota(2, { throttledMs: 0 })).toBeUndefined();
    expect(withQuota(null, { throttledMs: null })).toBeUndefined();
  });
});

describe('the warning CPUS_LOST', () => {
  it('names the CPUs, and the rounds in which any of them was missing', () => {
    const document = quietResult();
    const lose = (lost: Readonly<Record<number, number[]>>): ResultDocument => ({
      ...document,
      scenarios: document.scenarios.map((scenario) => ({
        ...scenario,
        rounds: scenario.rounds.map((round, at) => ({ ...round, cpusLost: lost[at] ?? [] })),
      })),
    });
    expect(seenBy('CPUS_LOST', lose({ 3: [1], 4: [1] }))).toBe('CPU 1 was taken from this process in 2 of 12 rounds');
    expect(seenBy('CPUS_LOST', lose({ 3: [10], 4: [2, 3] }))).toContain('CPUs 2-3,10 were taken');
    expect(seenBy('CPUS_LOST', lose({}))).toBeUndefined();
  });

  it('is not there for files from before', () => {
    expect(codesOf(quietResult({ cpusLost: undefined }))).toEqual([]);
  });
});

describe('warnings about a host that took CPU time', () => {
  it('say that costs leave out samples, if they do', () => {
    const why = (shares: readonly (number | null)[]) => {
      const document = quietResult({ othersCpus: 1, throttledMs: 30 });
      const results = document.results.map((cell) => ({ ...cell, ledgerSamples: { onCpuShare: [...shares] } }));
      return judge({ ...document, results })
        .filter(({ code }) => code === 'LOADED_HOST' || code === 'THROTTLED')
        .map((warning) => warning.why.includes('`cores` leaves out'));
    };
    expect(why([0.5, 0.6, 1])).toEqual([true, true]);
    expect(why([1, 0.99, null])).toEqual([false, false]);
  });
});

describe('a result of a host that is set up differently', () => {
  it('has a warning about a governor that follows the load', () => {
    const document = quietResult();
    const cpu = { ...document.machine.cpu, governor: 'powersave' };
    expect(codesOf({ ...document, machine: { ...document.machine, cpu } })).toEqual(['GOVERNOR']);
  });

  it('has a warning about CPUs that nothing identifies', () => {
    const document = quietResult();
    const cpu = { ...document.machine.cpu, types: null, model: null, modelNumber: null, governor: null };
    expect(codesOf({ ...document, machine: { ...document.machine, cpu } })).toEqual(['UNKNOWN_CPU']);
  });

  it('has a warning about a quota below the CPUs in use', () => {
    const document = quietResult();
    expect(codesOf({ ...document, environment: { ...document.environment, cpuQuota: 1.5 } })).toEqual(['THROTTLED']);
    expect(codesOf({ ...document, environment: { ...document.environment, cpuQuota: 2 } })).toEqual([]);
  });

  it('has a warning about fewer CPUs than senders, queues and a reading device use', () => {
    const document = quietResult();
    const withParams = (params: Record<string, string | number>) =>
      codesOf({ ...document, results: document.results.map((cell) => ({ ...cell, params })) });
    expect(withParams({ senders: 1, queues: 1, device: 'retire' })).toEqual([]);
    expect(withParams({ senders: 1, queues: 1, device: 'read' })).toEqual(['FEW_CPUS']);
    expect(withParams({ senders: 2, queues: 1, device: 'retire' })).toEqual(['FEW_CPUS']);
  });
});
