import { describe, expect, it } from '@jest/globals';
import type { CellResult, RatioResult, ResultDocument } from '../../../lib/bench/result/result.js';
import { type AcrossSpec, acrossTable } from '../../../lib/report/tables/across.js';

const SPEC: AcrossSpec = {
  kind: 'across',
  by: 'lifetime',
  ledger: [{ head: 'atomics', ledger: 'own:atomics' }],
  legend: [],
};

const cell = (lifetime: string, fragments: number, median: number, atomics: number, place = 'here'): CellResult => ({
  id: `x/${lifetime}/${place}/${fragments}`,
  scenario: 'x',
  unit: 'ns',
  higherIsBetter: false,
  batch: 1,
  samples: [median],
  durationsMs: [1],
  params: { lifetime, place, fragments },
  summary: { median, low: median, high: median, confidence: 0 },
  ledger: { 'own:atomics': atomics },
  warnings: [],
});
const ratio = (of: CellResult, to: CellResult): RatioResult => ({
  id: `${of.id}:${to.id}`,
  scenario: 'x',
  of: of.id,
  to: to.id,
  median: of.summary.median / to.summary.median,
  low: 1.5,
  high: 2.5,
  rounds: 12,
  significant: true,
});
const rowsOf = (cells: readonly CellResult[], ratios: readonly RatioResult[], spec = SPEC) =>
  acrossTable({ ratios } as unknown as ResultDocument, cells, spec)
    ?.split('\n')
    .map((line) => line.trim().split(/ {2,}/));

const PAGE = [cell('page', 1, 40, 4), cell('page', 17, 200, 36)] as const;
const OWNER = [cell('owner', 1, 20, 4), cell('owner', 17, 100, 4)] as const;

describe('acrossTable', () => {
  it('has a line for all cells that differ in the parameter only, with parts of the ledger and the ratios', () => {
    const ratios = [ratio(PAGE[0], OWNER[0]), ratio(PAGE[1], OWNER[1])];
    expect(rowsOf([...PAGE, ...OWNER], ratios)).toEqual([
      ['fragments', 'page', 'atomics', 'owner', 'atomics', 'x owner'],
      ['1', '40.0', '4', '20.0', '4', '2.00 [1.50, 2.50]'],
      ['17', '200', '36', '100', '4', '2.00 [1.50, 2.50]'],
    ]);
  });

  it('has intervals of the medians, unless a line has no room for them', () => {
    const sure = (one: CellResult): CellResult => ({
      ...one,
      summary: { ...one.summary, low: one.summary.median - 1, high: one.summary.median + 1, confidence: 0.95 },
    });
    expect(rowsOf([sure(PAGE[0])], [])?.[1]).toEqual(['here', '1', '40.0 [39.0, 41.0]', '4']);
    const many = Array.from({ length: 5 }, (_, at) => sure(cell(`lifetime ${at}`, 1, 40, 4)));
    expect(rowsOf(many, [])?.[1]?.filter((text) => text === '40.0')).toHaveLength(5);
  });

  it('names both sides of ratios that are not all of the same', () => {
    const third = cell('third', 1, 10, 4);
    const heads = rowsOf([PAGE[0], OWNER[0], third], [ratio(PAGE[0], OWNER[0]), ratio(OWNER[0], third)])![0]!;
    expect(heads.slice(-2)).toEqual(['page:owner', 'owner:third']);
  });

  it('has dashes for cells and ratios that are not there', () => {
    expect(rowsOf([...PAGE, OWNER[1]], [ratio(PAGE[1], OWNER[1])])?.slice(1)).toEqual([
      ['1', '40.0', '4', '-', '-', '-'],
      ['17', '200', '36', '100', '4', '2.00 [1.50, 2.50]'],
    ]);
  });

  it('rounds parts of the ledger that are no whole numbers', () => {
    expect(rowsOf([cell('page', 1, 40, 4.0625)], [])?.[1]).toEqual(['here', '1', '40.0', '4.06']);
  });

  it('compares no cells that also differ in another parameter', () => {
    expect(rowsOf([PAGE[0], OWNER[1]], [ratio(PAGE[0], OWNER[1])])?.[0]).not.toContain('x owner');
  });

  it('shows parts of the ledger alone, the first one below the name of the value', () => {
    const second = { head: 'again', ledger: 'own:atomics' } as const;
    const spec: AcrossSpec = { ...SPEC, ledger: [...SPEC.ledger, second], shows: ['ledger'] };
    expect(rowsOf([...PAGE, ...OWNER], [ratio(PAGE[0], OWNER[0])], spec)).toEqual([
      ['fragments', 'page', 'again', 'owner', 'again'],
      ['1', '4', '4', '4', '4'],
      ['17', '36', '36', '4', '4'],
    ]);
  });

  it('shows ratios alone, or none of them', () => {
    const ratios = [ratio(PAGE[1], OWNER[1])];
    const shown = (...shows: NonNullable<AcrossSpec['shows']>) =>
      rowsOf([PAGE[1], OWNER[1]], ratios, { ...SPEC, shows });
    expect(shown('ratios')).toEqual([['x owner'], ['2.00 [1.50, 2.50]']]);
    expect(shown('medians')).toEqual([
      ['page', 'owner'],
      ['200', '100'],
    ]);
  });

  it('shows the cells that have the named parameters only, or nothing', () => {
    const there = cell('page', 1, 70, 4, 'there');
    const only = (place: string) => rowsOf([...PAGE, there], [], { ...SPEC, only: { place } });
    expect(only('there')).toEqual([
      ['place', 'fragments', 'page', 'atomics'],
      ['there', '1', '70.0', '4'],
    ]);
    expect(only('here')).toHaveLength(3);
    expect(only('nowhere')).toBeUndefined();
  });
});
