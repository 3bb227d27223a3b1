import { describe, expect, it } from '@jest/globals';
import type { ResultDocument, RoundResult } from '../../../lib/bench/result/result.js';
import { judge, noHugePages, unlockedMemory } from '../../../lib/bench/result/warning-rules.js';
import { FakeClock, scriptedCell, scriptedRecorder, scriptedScenario } from '../fixtures/scripted.js';

const QUIET: RoundResult = {
  seconds: 1,
  cells: 1,
  stealShare: 0,
  othersCpus: 0,
  involuntarySwitches: 0,
  throttledMs: 0,
  lineRoundTripNs: [60, 61],
};

/** A document of twelve quiet rounds of one cell, with `round` over each of them. */
function result(round: Partial<RoundResult> = {}, values = new Array<number>(12).fill(10)): ResultDocument {
  const clock = new FakeClock();
  const recorder = scriptedRecorder(clock);
  const cell = scriptedCell('cell', clock, () => 1);
  const record = recorder.begin(scriptedScenario([cell]));
  for (const value of values) record.addSample(cell, { value, durationMs: 100 });
  record.rounds.push(...values.map(() => ({ ...QUIET, ...round })));
  const document = recorder.document({ complete: true, interrupted: false });
  return { ...document, machine: { ...document.machine, cpu: { ...document.machine.cpu, governor: 'performance' } } };
}

const codes = (document: ResultDocument) => judge(document).map(({ code }) => code);

describe('judge', () => {
  it('returns no warning for a quiet run', () => {
    expect(codes(result())).toEqual([]);
  });

  it.each([
    ['STEAL', { stealShare: 0.02 }],
    ['INVOLUNTARY_SWITCHES', { involuntarySwitches: 150 }],
    ['LOADED_HOST', { othersCpus: 0.5 }],
    ['THROTTLED', { throttledMs: 40 }],
    ['CPUS_MOVED', { lineRoundTripNs: [60, 400] }],
  ] as const)('returns the warning %s', (code, round) => {
    const document = result(round as Partial<RoundResult>);
    expect(codes(document)).toEqual([code]);
    expect(judge(document)[0]!.remedy).toBeTruthy();
  });

  it('returns no warning about facts that are not known', () => {
    expect(codes(result({ stealShare: null, othersCpus: null, throttledMs: null, lineRoundTripNs: null }))).toEqual([]);
  });

  it('warns about wide intervals, and names the widest', () => {
    const document = result({}, [1, 10, 10, 10, 30, 1, 30, 1, 30, 10, 1, 30]);
    expect(judge(document)[0]).toMatchObject({ code: 'NOISY_HOST', seen: expect.stringContaining('cell') });
  });

  it('warns about few rounds', () => {
    expect(codes(result({}, [10, 10, 10]))).toEqual(['FEW_SAMPLES']);
  });

  it('warns about rounds that drift, whether they rise or fall', () => {
    const rising = [10, 11, 10, 12, 15, 16, 14, 17, 20, 21, 20, 22];
    for (const values of [rising, rising.toReversed()]) {
      const warning = judge(result({}, values)).find(({ code }) => code === 'DRIFT');
      expect(warning?.seen).toMatch(/1 of 1 cells .* (95 % higher|49 % lower) \(cell\)/);
    }
    expect(codes(result({}, [10, 11, 10, 11, 10, 11, 11, 10, 11, 10, 11, 10]))).toEqual([]);
    expect(codes(result({}, [10, 10, 10, 10, 10, 10, 10, 10, 10.5, 10.5, 10.5, 10.5]))).toEqual([]);
  });

  it('warns about a governor that follows the load', () => {
    const document = result();
    const cpu = { ...document.machine.cpu, governor: 'powersave' };
    expect(codes({ ...document, machine: { ...document.machine, cpu } })).toEqual(['GOVERNOR']);
  });

  it('warns about a quota below the CPUs in use', () => {
    const document = result();
    expect(codes({ ...document, environment: { ...document.environment, cpuQuota: 1.5 } })).toEqual(['THROTTLED']);
    expect(codes({ ...document, environment: { ...document.environment, cpuQuota: 2 } })).toEqual([]);
  });

  it('warns about fewer CPUs than senders, queues and a reading device use', () => {
    const document = result();
    const withParams = (params: Record<string, string | number>) =>
      codes({ ...document, results: document.results.map((cell) => ({ ...cell, params })) });
    expect(withParams({ senders: 1, queues: 1, device: 'retire' })).toEqual([]);
    expect(withParams({ senders: 1, queues: 1, device: 'read' })).toEqual(['FEW_CPUS']);
    expect(withParams({ senders: 2, queues: 1, device: 'retire' })).toEqual(['FEW_CPUS']);
  });

  it('warns about samples that are shorter than fifty readings of the clock', () => {
    const document = result();
    const clock = { overheadNs: 3e6, resolutionNs: 100 };
    expect(codes({ ...document, environment: { ...document.environment, clock } })).toEqual(['COARSE_TIMER']);
  });

  it('warns about short times between readings of the clock, however many of them are in a sample', () => {
    const document = result();
    const withTimes = (timedNs: number) =>
      codes({ ...document, results: document.results.map((cell) => ({ ...cell, ledger: { timedNs } })) });
    const { overheadNs, resolutionNs } = document.environment.clock;
    const shortest = 50 * Math.max(overheadNs, resolutionNs);
    expect(withTimes(shortest - 1)).toEqual(['COARSE_TIMER']);
    expect(withTimes(shortest)).toEqual([]);
  });
});

const REFUSAL = { errno: 12, limitBytes: 8 << 20 };

describe('unlockedMemory', () => {
  it('says how much could not be locked, and which limit forbids it', () => {
    const warning = unlockedMemory({ bytes: 64 << 20, locked: false, lockRefusal: REFUSAL });
    expect(warning).toMatchObject({
      code: 'UNLOCKED_MEMORY',
      seen: '65536 KiB could not be locked (errno 12, a limit of 8192 KiB)',
      remedy: expect.stringContaining('ulimit -l'),
    });
    const unlimited = { ...REFUSAL, limitBytes: -1 };
    expect(unlockedMemory({ bytes: 1024, locked: false, lockRefusal: unlimited })!.seen).toContain('no limit');
  });

  it('returns null for memory that is locked, or that was not meant to be', () => {
    expect(unlockedMemory({ bytes: 1, locked: true, lockRefusal: null })).toBeNull();
    expect(unlockedMemory({ bytes: 1, locked: false, lockRefusal: null })).toBeNull();
  });
});

describe('noHugePages', () => {
  it('returns a warning if less than half of the memory is backed by huge pages', () => {
    expect(noHugePages({ bytes: 4096, hugeBytes: 0 })?.code).toBe('NO_HUGE_PAGES');
    expect(noHugePages({ bytes: 4096, hugeBytes: 2048 })).toBeNull();
    expect(noHugePages({ bytes: 4096, hugeBytes: -1 })).toBeNull();
  });
});
