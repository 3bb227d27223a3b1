import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { coresOf } from '../../../lib/bench/result/cores.js';
import { type CellResult, type ResultDocument, resultSchema } from '../../../lib/bench/result/result.js';
import { CORE_KEYS, type CoreKey, type Ledger } from '../../../lib/bench/types/ledger-keys.js';
import {
  coresRange,
  coresText,
  costOf,
  notGivenLines,
  partColumns,
  partTexts,
  printedParts,
  shownDifference,
} from '../../../lib/report/costs/costs.js';
import { copyCells, designCells, priceCells, resultOf } from '../fixtures/result.js';

const cost = (...values: number[]): Record<CoreKey, number> =>
  Object.fromEntries(CORE_KEYS.map((key, at) => [key, values[at] ?? 0])) as Record<CoreKey, number>;
const sampled = (rounds: readonly Ledger[]): CellResult['ledgerSamples'] =>
  Object.fromEntries(CORE_KEYS.map((key) => [key, rounds.map((ledger) => ledger[key] ?? null)]));

const result = resultOf(designCells());
const cellOf = (design: string, of: ResultDocument = result) =>
  of.results.find(({ params }) => params.design === design)!;

/** A cell of a file from before costs were recorded. */
function older(cell: CellResult, ledgerSamples?: CellResult['ledgerSamples']): CellResult {
  return { ...cell, cores: undefined, ledgerSamples };
}

describe('the cost of a cell in a report', () => {
  it('is what the result recorded', () => {
    expect(costOf(cellOf('bounce'))).toBe(cellOf('bounce').cores);
    expect(coresRange(costOf(cellOf('bounce')))).toBe('1.65 [1.65, 1.65]');
    expect(coresText(costOf(cellOf('bounce')))).toBe('1.65±0.00');
  });

  it('is the sum of the medians of parts in an older file, without an interval', () => {
    const found = costOf(older(cellOf('bounce')));
    expect([coresRange(found), coresText(found)]).toEqual(['1.65', '1.65']);
    expect(partColumns(found, partTexts)).toEqual(['0.70', '0.70', '0.05', '0.10', '0.10']);
  });

  it('is made of the single rounds where an older file has them, each adding its own parts', () => {
    const rounds = Array.from({ length: 12 }, (_, round) => cost(round / 10, 0, 0, 0, 2 - round / 10));
    const found = costOf(older(cellOf('bounce'), sampled(rounds)));
    expect(found).toMatchObject({ rounds: 12 });
    expect(coresRange(found)).toBe('2.00 [2.00, 2.00]');
  });

  it('has parts with half the widths of their intervals', () => {
    const rounds = Array.from({ length: 5 }, (_, round) => cost(1 + round / 10, 0.5));
    const found = coresOf(rounds, 1)!;
    expect([coresRange(found), coresText(found)]).toEqual(['1.70 [1.50, 1.90]', '1.70±0.20']);
    expect(partTexts(found).coresUser).toBe('1.20±0.20');
  });

  it('is none where too few rounds have one, and none for copies', () => {
    const cell = older({ ...cellOf('bounce'), ledger: {} }, sampled([cost(1), cost(1), {}, {}, {}, {}, {}, {}]));
    expect([costOf(cell), coresRange(costOf(cell)), coresText(costOf(cell))]).toEqual([null, '-', '-']);
    expect(partColumns(costOf(cell), printedParts)).toEqual(['-', '-', '-', '-', '-']);
    expect(costOf(resultOf(copyCells()).results[0]!)).toBeNull();
  });
});

describe('the printed parts', () => {
  it('add up to the printed total, and are each less than a hundredth away from what they are', () => {
    const part = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 3, noNaN: true }));
    const round = fc.tuple(part, part, part, part, part).map((values) => cost(...values));
    fc.assert(
      fc.property(fc.array(round, { minLength: 6, maxLength: 14 }), (rounds) => {
        const found = coresOf(rounds)!;
        const printed = printedParts(found);
        const hundredths = (text: string) => Math.round(Number(text) * 100);
        const sum = CORE_KEYS.reduce((total, key) => total + hundredths(printed[key]), 0);
        expect(sum).toBe(hundredths(coresText(found).split('±')[0]!));
        for (const key of CORE_KEYS) {
          const { cores } = found.parts[key];
          expect(Math.abs(Number(printed[key]) - cores)).toBeLessThan(0.0101);
          if (cores === 0) expect(printed[key]).toBe('0.00');
          expect(partTexts(found)[key].startsWith(`${printed[key]}±`)).toBe(true);
        }
      }),
    );
  });

  it('are rounded up where rounding down loses most', () => {
    const thirds = coresOf(Array.from({ length: 6 }, () => cost(1 / 3, 1 / 3, 1 / 3 + 0.001)))!;
    expect(partColumns(thirds, printedParts)).toEqual(['0.33', '0.33', '0.34', '0.00', '0.00']);
  });
});

describe('costs that are not given', () => {
  const spoilt = (having: number): ResultDocument => {
    const results = result.results.map((cell) => ({
      ...older({ ...cell, ledger: { onCpuShare: 0.3 } }),
      ledgerSamples: { coresTotal: Array.from({ length: 12 }, (_, round) => (round < having ? 1 : null)) },
    }));
    return { ...result, results };
  };

  it('are explained by the rounds in which the threads had their CPUs', () => {
    expect(notGivenLines(spoilt(3).results, 2)).toEqual([
      'cores -: not given: a round has a cost if the threads had their CPUs for 95 % of it, and a cell if that are 6 ' +
        'rounds or more and half of all; direct, bounce, bounce-pages in 3 of 12 rounds',
    ]);
    expect(notGivenLines(spoilt(3).results, 2, 'run')).toEqual([
      'cores -: not given: a round has a cost if the threads had their CPUs for 95 % of it, a run if that are 6 ' +
        'rounds or more and half of all, and a cell if half of the runs have one; direct, bounce, bounce-pages in 3 ' +
        'of 12 runs',
    ]);
    expect(notGivenLines(result.results, 2)).toEqual([]);
    expect(notGivenLines(resultOf(copyCells()).results, 2)).toEqual([]);
  });

  it('are explained by the thread of a device that reads, if there are too few CPUs', () => {
    const reading = spoilt(0).results.map((cell) => ({ ...cell, params: { ...cell.params, device: 'read' } }));
    expect(notGivenLines(reading, 2)[0]).toMatch(
      /a device that reads has a thread too, and the run had 2 CPUs for all$/,
    );
    expect(notGivenLines(reading, 3)[0]).not.toContain('device');
  });
});

describe('the difference of two costs in a report', () => {
  const between = (one: ResultDocument) => shownDifference(one, cellOf('bounce-pages', one), cellOf('bounce', one));

  it('is the one that was formed within rounds, with the parts that are significant, the largest first', () => {
    expect(between(result)).toEqual({
      text: '-0.80 [-0.80, -0.80]',
      significant: true,
      parts: ['bounce copy -0.70', 'waiting for locks -0.10', 'slot and page work +0.05', 'user copy -0.05'],
    });
  });

  it('carries a ~ and no parts where it is not significant', () => {
    const costDifferences = result.costDifferences.map((one) => ({ ...one, low: -1.7, high: 0.1, significant: false }));
    expect(between({ ...result, costDifferences })).toEqual({
      text: '~ -0.80 [-1.70, +0.10]',
      significant: false,
      parts: [],
    });
  });

  it('is formed of the single rounds where an older file has them', () => {
    const priced = resultOf(priceCells());
    expect(priced.costDifferences.map(({ of, to }) => [of, to])).not.toContainEqual([
      cellOf('bounce-pages', priced).id,
      cellOf('bounce', priced).id,
    ]);
    expect(between(priced)!.text).toBe('-0.80 [-0.80, -0.80]');
  });

  it('is that of the sums of medians in other older files, without an interval', () => {
    const file = { ...result, costDifferences: undefined, results: result.results.map((cell) => older(cell)) };
    const found = between(resultSchema().parse(file))!;
    expect(found).toMatchObject({ text: '-0.80', significant: true });
    expect(found.parts.slice(0, 2)).toEqual(['bounce copy -0.70', 'waiting for locks -0.10']);
    expect(found.parts.slice(2).sort()).toEqual(['slot and page work +0.05', 'user copy -0.05']);
  });

  it('is none where a cost is not given', () => {
    const results = result.results.map((cell) => older({ ...cell, ledger: {} }));
    expect(between({ ...result, results, costDifferences: [] })).toBeNull();
  });
});
