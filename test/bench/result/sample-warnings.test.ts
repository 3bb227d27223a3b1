import { describe, expect, it } from '@jest/globals';
import { judge } from '../../../lib/bench/result/warning-rules.js';
import { codesOf, quietResult } from '../fixtures/quiet-result.js';

describe('a result with poor samples', () => {
  it('has a warning about wide intervals, and names the widest', () => {
    const document = quietResult({}, [1, 10, 10, 10, 30, 1, 30, 1, 30, 10, 1, 30]);
    expect(judge(document)[0]).toMatchObject({ code: 'NOISY_HOST', seen: expect.stringContaining('cell') });
  });

  it('has a warning about few rounds', () => {
    expect(codesOf(quietResult({}, [10, 10, 10]))).toEqual(['FEW_SAMPLES']);
  });

  it('has a warning about calls that are in no order, and none about their order or the number of rounds', () => {
    const rising = [10, 11, 10, 12, 15, 16, 14, 17, 20, 21, 20, 22];
    const document = { ...quietResult({}, rising), sampledBy: 'call' as const };
    const scenarios = document.scenarios.map((scenario) => ({ ...scenario, rounds: [] }));
    expect(codesOf({ ...document, scenarios })).toEqual(['NOISY_HOST', 'NOT_INTERLEAVED']);
  });

  it('has a warning about rounds that drift, whether they rise or fall', () => {
    const rising = [10, 11, 10, 12, 15, 16, 14, 17, 20, 21, 20, 22];
    for (const values of [rising, rising.toReversed()]) {
      const warning = judge(quietResult({}, values)).find(({ code }) => code === 'DRIFT');
      expect(warning?.seen).toMatch(/1 of 1 cells .* (95 % higher|49 % lower) \(cell\)/);
    }
    expect(codesOf(quietResult({}, [10, 11, 10, 11, 10, 11, 11, 10, 11, 10, 11, 10]))).toEqual([]);
    const small = [10, 10, 10, 10, 10, 10, 10, 10, 10.5, 10.5, 10.5, 10.5];
    expect(codesOf(quietResult({}, small))).not.toContain('DRIFT');
  });

  it('has a warning about samples that are shorter than fifty readings of the clock', () => {
    const document = quietResult();
    const clock = { overheadNs: 3e6, resolutionNs: 100 };
    expect(codesOf({ ...document, environment: { ...document.environment, clock } })).toEqual(['COARSE_TIMER']);
  });

  it('names the shortest sample, and promises no better clock where the source is the TSC already', () => {
    const document = quietResult();
    const { machine, environment } = { ...document, environment: { ...document.environment } };
    const toldBy = (clocksource: string | null) => {
      const clock = { overheadNs: 3e6, resolutionNs: 100 };
      const kernel = { ...machine.kernel, clocksource };
      return judge({ ...document, machine: { ...machine, kernel }, environment: { ...environment, clock } })[0];
    };
    expect(toldBy('tsc')).toMatchObject({
      seen: expect.stringMatching(/^1 of 1 cells have samples shorter than 150000\.0 µs, .* \(cell\)$/),
      remedy: expect.stringContaining('is the TSC already'),
    });
    for (const source of ['hpet', null]) expect(toldBy(source)!.remedy).toMatch(/^use a host whose clock source/);
  });

  it('has a warning about short times between readings of the clock, however many of them are in a sample', () => {
    const document = quietResult();
    const withTimes = (timedNs: number) =>
      codesOf({ ...document, results: document.results.map((cell) => ({ ...cell, ledger: { timedNs } })) });
    const { overheadNs, resolutionNs } = document.environment.clock;
    const shortest = 50 * Math.max(overheadNs, resolutionNs);
    expect(withTimes(shortest - 1)).toEqual(['COARSE_TIMER']);
    expect(withTimes(shortest)).toEqual([]);
  });

  it('has a warning about threads that waited for a CPU in more than one of twenty samples', () => {
    const document = quietResult();
    const withShares = (onCpuShare: (number | null)[]) =>
      judge({ ...document, results: document.results.map((cell) => ({ ...cell, ledgerSamples: { onCpuShare } })) });
    const quiet = new Array<number>(19).fill(1);
    expect(withShares([...quiet, 0.2])).toEqual([]);
    expect(withShares([0.2, 0.949, 0.95, ...quiet, null])).toMatchObject([
      { code: 'LITTLE_CPU', seen: expect.stringMatching(/ 95 % .* 2 of 22 samples .* worst 20 %$/) },
    ]);
    expect(withShares([null, null])).toEqual([]);
  });

  it('has a warning about samples that were taken again', () => {
    const seenOf = (repeats: number) => judge(quietResult({ repeats }, new Array<number>(12).fill(10)))[0]?.seen;
    expect(seenOf(2)).toBe('the process stood still, and 24 samples were taken again');
    expect(seenOf(0)).toBeUndefined();
    const document = quietResult();
    const [first, ...others] = document.scenarios[0]!.rounds;
    const once = { ...document.scenarios[0]!, rounds: [{ ...first!, repeats: 1 }, ...others] };
    expect(judge({ ...document, scenarios: [once] })).toMatchObject([
      { code: 'STOOD_STILL', seen: 'the process stood still, and a sample was taken again' },
    ]);
  });

  it('tells of a pause outside of samples, which is no reason for a run to be too long', () => {
    const document = { ...quietResult(), stoodStillMs: 7500 };
    expect(judge(document)).toMatchObject([
      { code: 'STOOD_STILL', seen: 'the process stood still for 7.5 s, outside of the samples that count' },
    ]);
    const { limitMs } = document.settings;
    const long = { ...document, settings: { ...document.settings, rounds: null }, seconds: limitMs / 1000 + 7 };
    expect(judge(long).map(({ code }) => code)).toEqual(['STOOD_STILL']);
    expect(judge({ ...long, stoodStillMs: 6000 }).map(({ code }) => code)).toEqual(['OVERRUN', 'STOOD_STILL']);
    expect(judge({ ...document, stoodStillMs: 0 })).toEqual([]);
  });

  it('has a warning about a host that changes more slowly than rounds follow each other', () => {
    const slow = [10, 10.1, 10.2, 10.1, 10, 12, 12.1, 12.2, 12.1, 12, 12.2, 12.1];
    const found = judge(quietResult({}, slow)).find(({ code }) => code === 'SLOW_WEATHER');
    expect(found?.seen).toMatch(/0\.\d\d in the median cell\): 12 of them say as much as [2-4] independent ones$/);
    const quick = slow.map((_, at) => slow[(at * 5) % 12]!);
    expect(codesOf(quietResult({}, quick))).not.toContain('SLOW_WEATHER');
    expect(codesOf(quietResult({}, slow.slice(0, 9)))).not.toContain('SLOW_WEATHER');
  });

  it('has no warning about a drift of so few rounds that a third of them says nothing', () => {
    expect(codesOf(quietResult({}, [10, 10, 12, 12, 12, 12, 14, 14]))).not.toContain('DRIFT');
    expect(codesOf(quietResult({}, [10, 10, 10, 12, 12, 12, 14, 14, 14]))).toContain('DRIFT');
  });

  it('has a warning about a run that took longer than its limit, and none where rounds are fixed', () => {
    const document = quietResult();
    const codes = (seconds: number, rounds: number | null) =>
      codesOf({ ...document, seconds, settings: { ...document.settings, budgetMs: 1000, limitMs: 2000, rounds } });
    expect([codes(2, null), codes(2.1, null), codes(9, 12)]).toEqual([[], ['OVERRUN'], []]);
  });
});
