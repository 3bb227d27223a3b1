import { describe, expect, it } from '@jest/globals';
import type { Warning } from '../../../lib/bench/plan/warning.js';
import { resultSchema } from '../../../lib/bench/result/result.js';
import { FakeClock, scriptedCell, scriptedRecorder, scriptedScenario, takenSample } from '../fixtures/scripted.js';

const STATE = { complete: false, interrupted: true };
const WARNING: Warning = { code: 'UNLOCKED_MEMORY', seen: '4 MiB', why: 'paging', remedy: 'raise the limit' };

describe('Recorder', () => {
  const clock = new FakeClock();
  const [of, to] = [scriptedCell('of', clock, () => 1), scriptedCell('to', clock, () => 1)];
  const scenario = scriptedScenario([of, to], { ratios: [{ id: 'of:to', of: 'of', to: 'to' }] });

  it('makes a document that its schema accepts, also before any sample', () => {
    const recorder = scriptedRecorder(clock);
    expect(resultSchema().parse(recorder.document(STATE))).toEqual(recorder.document(STATE));
    recorder.begin(scenario);
    expect(recorder.document(STATE)).toMatchObject({ results: [], ratios: [], ...STATE });
  });

  it('keeps raw samples and medians of ledgers', () => {
    const recorder = scriptedRecorder(clock);
    const record = recorder.begin(scenario);
    for (const value of [5, 1, 3])
      record.addSample(of, takenSample({ value, durationMs: 2, ledger: { bytes: value } }));
    const [cell] = recorder.document(STATE).results;
    expect(cell).toMatchObject({ samples: [5, 1, 3], durationsMs: [2, 2, 2], ledger: { bytes: 3 } });
    expect(cell!.summary).toEqual({ median: 3, low: 1, high: 5, confidence: 0.75 });
  });

  it('keeps the samples of those keys of a ledger that the scenario names, null where there is no number', () => {
    const recorder = scriptedRecorder(clock);
    const record = recorder.begin({ ...scenario, sampledLedger: ['bytes', 'coresUser'] });
    record.addSample(
      of,
      takenSample({ value: 1, durationMs: 1, ledger: { bytes: 7, coresUser: Number.NaN, skbs: 2 } }),
    );
    record.addSample(of, takenSample({ value: 1, durationMs: 1 }));
    const document = recorder.document(STATE);
    expect(document.results[0]!.ledgerSamples).toEqual({ bytes: [7, null] });
    expect(resultSchema().parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
    const other = scriptedRecorder(clock);
    other.begin(scenario).addSample(of, takenSample({ value: 1, durationMs: 1, ledger: { bytes: 7 } }));
    expect(other.document(STATE).results[0]).not.toHaveProperty('ledgerSamples');
  });

  it('leaves out of a ledger what JSON cannot hold', () => {
    const recorder = scriptedRecorder(clock);
    recorder
      .begin(scenario)
      .addSample(of, takenSample({ value: 0, durationMs: 1, ledger: { coresUser: Number.NaN, bytes: 0 } }));
    const document = recorder.document(STATE);
    expect(document.results[0]!.ledger).toEqual({ bytes: 0 });
    expect(resultSchema().parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
  });

  it('pairs cells into ratios', () => {
    const recorder = scriptedRecorder(clock);
    const record = recorder.begin(scenario);
    for (let round = 1; round <= 8; round++) {
      record.addSample(to, takenSample({ value: round, durationMs: 1 }));
      record.addSample(of, takenSample({ value: 2 * round, durationMs: 1 }));
    }
    expect(recorder.document(STATE).ratios).toEqual([
      {
        id: 'of:to',
        scenario: 'scripted',
        of: 'of',
        to: 'to',
        median: 2,
        low: 2,
        high: 2,
        rounds: 8,
        significant: true,
      },
    ]);
  });

  it('compares costs by size with prices, and keeps the prices', () => {
    const price = { name: 'p', nsPerUse: 2000, nsPerPage: 0, isLowerBound: false, includes: 'both ways', source: null };
    const points = [
      { bytes: 4096, cell: 'of' },
      { bytes: 16384, cell: 'to' },
    ];
    const recorder = scriptedRecorder(clock);
    const compared = { ...scenario, breakEvens: [{ id: 'scripted/cost', cost: 'a copy', points, prices: [price] }] };
    const record = recorder.begin(compared);
    record.addSample(of, takenSample({ value: 1000, durationMs: 1 }));
    expect(recorder.document(STATE).breakEvens).toEqual([]);
    record.addSample(to, takenSample({ value: 4000, durationMs: 1 }));
    const document = recorder.document(STATE);
    const size = (bytes: number) => ({ median: bytes, low: bytes, high: bytes });
    expect(document.breakEvens).toEqual([
      {
        id: 'scripted/cost',
        scenario: 'scripted',
        cost: 'a copy',
        compared: [4096, 16384],
        price,
        wins: [[12288, 16384]],
        shown: [],
        smallest: size(12288),
        largest: size(16384),
        rounds: 1,
      },
    ]);
    expect(resultSchema().parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
  });

  it('says where a cost crosses another, once a round has all sizes of both', () => {
    const points = [
      { bytes: 1024, of: 'of', to: 'to' },
      { bytes: 4096, of: 'to', to: 'of' },
    ];
    const recorder = scriptedRecorder(clock);
    const compared = { ...scenario, crossings: [{ id: 'scripted/of:to', of: 'one', to: 'another', points }] };
    const record = recorder.begin(compared);
    record.addSample(of, takenSample({ value: 2, durationMs: 1 }));
    expect(recorder.document(STATE).crossings).toEqual([]);
    record.addSample(to, takenSample({ value: 1, durationMs: 1 }));
    const document = recorder.document(STATE);
    const size = (bytes: number) => ({ median: bytes, low: bytes, high: bytes });
    expect(document.crossings).toEqual([
      {
        id: 'scripted/of:to',
        scenario: 'scripted',
        of: 'one',
        to: 'another',
        compared: [1024, 4096],
        wins: [[2048, 4096]],
        shown: [],
        smallest: size(2048),
        largest: size(4096),
        rounds: 1,
      },
    ]);
    expect(resultSchema().parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
  });

  it('keeps a warning of samples once, with the number of samples that had it', () => {
    const recorder = scriptedRecorder(clock);
    const record = recorder.begin(scenario);
    record.addSample(of, takenSample({ value: 1, durationMs: 1, warnings: [WARNING] }));
    record.addSample(of, takenSample({ value: 1, durationMs: 1 }));
    const document = recorder.document(STATE);
    expect(document.results[0]!.warnings).toEqual([{ ...WARNING, seen: '4 MiB (1 of 2 samples)' }]);
    expect(document.warnings.filter(({ code }) => code === 'UNLOCKED_MEMORY')).toHaveLength(1);
  });

  it('returns documents that later samples do not change', () => {
    const recorder = scriptedRecorder(clock);
    const record = recorder.begin(scenario);
    record.addSample(of, takenSample({ value: 1, durationMs: 1 }));
    const early = recorder.document(STATE);
    record.addSample(of, takenSample({ value: 2, durationMs: 1 }));
    expect(early.results[0]!.samples).toEqual([1]);
  });

  it('counts the samples that have a pulse, by the fastest of all scenarios, and the seconds of the run', () => {
    const own = new FakeClock();
    const recorder = scriptedRecorder(own);
    const [first, second] = [recorder.begin(scenario), recorder.begin({ ...scenario, name: 'other' })];
    first.addSample(of, takenSample({ value: 1, durationMs: 1, pulseNs: [0.5] }));
    first.addSample(to, takenSample({ value: 1, durationMs: 1 }));
    second.addSample(of, takenSample({ value: 1, durationMs: 1, pulseNs: [0.25, 0.5] }));
    own.ms = 1500;
    const { pulse, seconds } = recorder.document(STATE);
    expect(pulse).toEqual({ factor: 1.05, fastestNs: [0.25, 0.5], samples: 2, atFullSpeed: 1 });
    expect(seconds).toBe(1.5);
  });
});
