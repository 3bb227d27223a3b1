import { describe, expect, it } from '@jest/globals';
import type { RoundResult } from '../../../lib/bench/result/result.js';
import { judge } from '../../../lib/bench/result/warning-rules.js';
import { codesOf, quietResult } from '../fixtures/quiet-result.js';

describe('a result with rounds on a disturbed host', () => {
  it.each([
    ['STEAL', { stealShare: 0.02 }],
    ['INVOLUNTARY_SWITCHES', { involuntarySwitches: 150 }],
    ['LOADED_HOST', { othersCpus: 0.5 }],
    ['THROTTLED', { throttledMs: 40 }],
    ['CPUS_MOVED', { lineRoundTripNs: [60, 400] }],
  ] as const)('has the warning %s', (code, round) => {
    const document = quietResult(round as Partial<RoundResult>);
    expect(codesOf(document)).toEqual([code]);
    expect(judge(document)[0]!.remedy).toBeTruthy();
  });

  it('has no warning about facts that are not known', () => {
    expect(
      codesOf(quietResult({ stealShare: null, othersCpus: null, throttledMs: null, lineRoundTripNs: null })),
    ).toEqual([]);
  });
});

describe('a result of a host that is set up differently', () => {
  it('has a warning about a governor that follows the load', () => {
    const document = quietResult();
    const cpu = { ...document.machine.cpu, governor: 'powersave' };
    expect(codesOf({ ...document, machine: { ...document.machine, cpu } })).toEqual(['GOVERNOR']);
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
