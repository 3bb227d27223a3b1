import { describe, expect, it } from '@jest/globals';
import type { ResultDocument } from '../../../lib/bench/result/result.js';
import type { Ledger } from '../../../lib/bench/types/ledger-keys.js';
import { reportPage } from '../../../lib/report/html/page.js';
import { counterLines, countersTable } from '../../../lib/report/speed/counters.js';
import { textReport } from '../../../lib/report/text.js';
import { copyCells, resultOf } from '../fixtures/result.js';

const measured = resultOf(copyCells());
/** A result of as many cells as there are ledgers. */
const withLedgers = (...ledgers: Ledger[]): ResultDocument => ({
  ...measured,
  results: ledgers.map((ledger, at) => ({ ...measured.results[at]!, params: { size: 1024 << at }, ledger })),
});
const pageOf = (document: ResultDocument) =>
  reportPage({ results: [{ name: 'host', document }], replays: [], sizings: [] });

describe('countersTable', () => {
  it('shows what each cell counted per KiB, and a dash for what is unknown', () => {
    const { results } = withLedgers(
      { cyclesPerKiB: 51.25, instructionsPerKiB: 32, countersRanShare: 1 },
      { cyclesPerKiB: 60, llcMissesPerKiB: 0, countersRanShare: 0.5 },
    );
    expect(
      countersTable(results)!
        .split('\n')
        .map((line) => line.trim().split(/ {2,}/)),
    ).toEqual([
      ['size', 'cycles', 'instructions', 'LLC misses', 'counted'],
      ['1 KiB', '51.3', '32.0', '-', '100 %'],
      ['2 KiB', '60.0', '-', '0', '50 %'],
    ]);
  });

  it('is no table where nothing was counted', () => {
    expect(countersTable(withLedgers({ seconds: 1 }).results)).toBeNull();
  });
});

const because = { errno: 2, why: 'not offered', remedy: 'another host' };
const counters = { opened: [], refused: ['cycles', 'llcMisses'].map((name) => ({ name, ...because })), paranoid: 2 };

describe('counterLines', () => {
  it('says each reason once, with what to try', () => {
    expect(counterLines({ counters }, 80)).toEqual(['cycles, llcMisses: not offered', '  try: another host']);
  });

  it('says nothing where all were opened, and of a file that does not tell', () => {
    expect(counterLines({ counters: { ...counters, refused: [] } }, 80)).toEqual([]);
    expect(counterLines({}, 80)).toEqual([]);
  });
});

describe('a report', () => {
  const result = withLedgers({ cyclesPerKiB: 51.25, countersRanShare: 1 });
  const refused = { ...result, environment: { ...result.environment, counters } };

  it('has a table of counts with its legend, in text and on the page', () => {
    const text = textReport(result, { about: 'bouncing' });
    expect(text).toMatch(/size\s+cycles\s+counted\n\s+1 KiB\s+51\.3\s+100 %/);
    expect(text).toContain('per copied KiB');
    expect(text).not.toContain('Not counted');
    expect(pageOf(result)).toContain('per copied KiB');
  });

  it('says why nothing was counted, in text and on the page', () => {
    expect(textReport(refused, { about: 'bouncing' })).toContain('Not counted\n  cycles, llcMisses: not offered\n');
    expect(pageOf(refused)).toContain('Not counted');
    expect(pageOf(result)).not.toContain('Not counted');
  });
});
