import { describe, expect, it } from '@jest/globals';
import type { ResultDocument } from '../../../lib/bench/result/result.js';
import { COUNTER_KEYS, type Ledger } from '../../../lib/bench/types/ledger-keys.js';
import { reportPage } from '../../../lib/report/html/page.js';
import { counterLines, countersTables } from '../../../lib/report/speed/counters.js';
import { REPORT_WIDTH } from '../../../lib/report/tables/format.js';
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

/** The words of a table, line by line. */
const words = (text: string) => text.split('\n').map((line) => line.trim().split(/ {2,}/));

describe('countersTables', () => {
  it('shows what each cell counted per KiB, and a dash for what is unknown', () => {
    const { results } = withLedgers(
      { cyclesPerKiB: 51.25, instructionsPerKiB: 32, countersRanShare: 1 },
      { cyclesPerKiB: 60, llcMissesPerKiB: 0, countersRanShare: 0.5 },
    );
    expect(countersTables(results).map(words)).toEqual([
      [
        ['size', 'cycles', 'instructions', 'LLC misses', 'counted'],
        ['1 KiB', '51.3', '32.0', '-', '100 %'],
        ['2 KiB', '60.0', '-', '0', '50 %'],
      ],
    ]);
  });

  it('is no table where nothing was counted', () => {
    expect(countersTables(withLedgers({ seconds: 1 }).results)).toEqual([]);
  });

  it('are one for each part that was counted, with the parameters and the counters of that part', () => {
    const params = [
      { part: 'states', kernel: 'libc', from: 'hot', to: 'L2' },
      { part: 'pages', kernel: 'libc', pages: '4 KiB' },
      { part: 'auto', kernel: 'libc', size: 64 },
      { part: 'states', kernel: 'libc', from: 'hot', to: 'memory' },
      { part: 'pages', kernel: 'libc', pages: 'hugetlb' },
    ];
    const ledgers = [{ cyclesPerKiB: 10 }, { llcMissesPerKiB: 3 }, {}, { cyclesPerKiB: 20 }, { llcMissesPerKiB: 2 }];
    const cells = withLedgers(...ledgers).results.map((cell, at) => ({ ...cell, params: params[at]! }));
    expect(countersTables(cells).map(words)).toEqual([
      [['states, counts per KiB'], ['to', 'cycles'], ['L2', '10.0'], ['memory', '20.0']],
      [['pages, counts per KiB'], ['pages', 'LLC misses'], ['4 KiB', '3.00'], ['hugetlb', '2.00']],
    ]);
  });

  it('are a sentence where a part of several has more cells than anybody reads', () => {
    const params = ['states', 'states', 'states', 'pages', 'pages'].map((part, at) => ({ part, size: at }));
    const ledgers = params.map(() => ({ cyclesPerKiB: 10 }));
    const cells = withLedgers(...ledgers).results.map((cell, at) => ({ ...cell, params: params[at]! }));
    const firstLines = (some: typeof cells, most?: number) => countersTables(some, most).map((text) => words(text)[0]);
    expect(firstLines(cells, 2)).toEqual([
      ['states, counts per KiB: of 3 cells, in the result (--json)'],
      ['pages, counts per KiB'],
    ]);
    expect(firstLines(cells)).toEqual([['states, counts per KiB'], ['pages, counts per KiB']]);
    expect(firstLines(cells.slice(0, 3), 2)).toEqual([['size', 'cycles']]);
  });

  it('fit into a report where a part has four parameters and all counters', () => {
    const sides = [
      ['hot', 'first touch'],
      ['other core', 'flushed'],
    ];
    const ledger = Object.fromEntries(COUNTER_KEYS.map((key) => [key, key === 'countersRanShare' ? 1 : 1234.5]));
    const cells = withLedgers(ledger, ledger).results.map((cell, at) => {
      const [from, to] = sides[at]!;
      const kernel = at === 0 ? 'nt-avx512' : 'portable';
      return { ...cell, params: { part: 'states', kernel, from: from!, to: to!, size: 1500 << (6 * at) } };
    });
    const lines = countersTables(cells).flatMap((text) => text.split('\n'));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(REPORT_WIDTH - 2);
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
