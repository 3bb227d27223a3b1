import { describe, expect, it } from '@jest/globals';
import type { TableSpec } from '../../lib/bench/plan/table-spec.js';
import { scenarioLines, scenarioTitle } from '../../lib/report/scenario-section.js';
import { controlCells, designCells, resultOf, slotCells } from './fixtures/result.js';

const shownWith = (result: ReturnType<typeof resultOf>, tables: readonly TableSpec[]) =>
  scenarioLines(result, { ...result.scenarios[0]!, tables: [...tables] });
/** Parts of a section, which empty lines divide. */
const partsOf = (lines: readonly string[]) => lines.join('\n').split('\n\n');

describe('scenarioTitle', () => {
  it('returns the name of the scenario and its question', () => {
    expect(scenarioTitle(resultOf(controlCells()).scenarios[0]!)).toBe('control-cost: What does it cost?');
  });
});

describe('scenarioLines', () => {
  it('says how long the scenario ran, and what all of its cells have in common', () => {
    const [when] = partsOf(scenarioLines(resultOf(designCells()), resultOf(designCells()).scenarios[0]!));
    expect(when!.replaceAll(/\s+/g, ' ')).toMatch(
      /^12 rounds in 6 s after 1 discarded warm-up round; all with 2 senders, 1 queue, 64 KiB messages, .* 2 CPUs$/,
    );
    const [alone] = scenarioLines(resultOf(controlCells()), resultOf(controlCells()).scenarios[0]!);
    expect(alone).toBe('12 rounds in 6 s after 1 discarded warm-up round');
  });

  it('shows the tables in the order in which the scenario says them, and nothing for a table without lines', () => {
    const result = resultOf(slotCells());
    const heads = (...tables: TableSpec[]) =>
      partsOf(shownWith(result, tables))
        .slice(1)
        .map((part) => part.split(/ {2,}|\n/)[0]);
    expect(heads({ kind: 'ratios' }, { kind: 'plain' })).toEqual(['ratio', 'cell']);
    expect(heads({ kind: 'plain' }, { kind: 'ratios' })).toEqual(['cell', 'ratio']);
    expect(heads({ kind: 'pairs', by: 'allocator' }, { kind: 'ratios' })).toEqual(['slots']);
    expect(heads({ kind: 'pairs', by: 'slots' }, { kind: 'ratios' })).toEqual(['cell', 'ratio']);
  });

  it('shows the legend of a table of columns below it', () => {
    const columns = [
      { head: 'operation', param: 'operation' },
      { head: 'time', value: 'median' },
    ] as const;
    const spec: TableSpec = { kind: 'columns', columns: [...columns], legend: ['time: of one operation'] };
    expect(partsOf(shownWith(resultOf(controlCells()), [spec])).slice(1)).toEqual([
      'operation             time\nslot-alloc  121 [120, 122]',
      'time: of one operation',
    ]);
  });

  it('shows break-evens of the scenario with the lines that explain them', () => {
    const result = resultOf(controlCells());
    const size = { median: null, low: null, high: null };
    const price = { name: 'p', nsPerUse: 0, nsPerPage: 300, isLowerBound: false, includes: 'both ways', source: null };
    const one = { id: 'x', cost: 'a bounce', compared: [4096, 8192] as [number, number], price, wins: [], rounds: 12 };
    const breakEvens = ['control-cost', 'another'].map((scenario) => ({
      ...one,
      scenario,
      smallest: size,
      largest: size,
    }));
    const [table, legend] = partsOf(shownWith({ ...result, breakEvens }, [{ kind: 'break-evens' }])).slice(1);
    expect(table).toMatch(/^converting +price +buffer +is cheaper\np +300 ns a page +a bounce +never$/);
    expect(legend).toMatch(/^Computed, not measured/);
    expect(partsOf(shownWith(result, [{ kind: 'break-evens' }]))).toHaveLength(1);
  });

  it('shows crossings of the scenario as sentences', () => {
    const result = resultOf(controlCells());
    const size = { median: null, low: null, high: null };
    const one = { id: 'x', of: 'a', to: 'b', compared: [1024, 8192] as [number, number], wins: [], rounds: 12 };
    const crossings = ['control-cost', 'another'].map((scenario) => {
      return { ...one, scenario, smallest: size, largest: size };
    });
    const [lines] = partsOf(shownWith({ ...result, crossings }, [{ kind: 'crossings' }])).slice(1);
    expect(lines).toMatch(/^a costs less than b: at no measured size\nMeasured from 1 KiB to 8 KiB/);
    expect(partsOf(shownWith(result, [{ kind: 'crossings' }]))).toHaveLength(1);
  });

  it('shows cells side by side that differ in one parameter, with the legend below', () => {
    const spec: TableSpec = { kind: 'across', by: 'allocator', ledger: [], legend: ['as the allocators are'] };
    const [table, legend] = partsOf(shownWith(resultOf(slotCells()), [spec])).slice(1);
    expect(table).toMatch(/^slots +typescript +c\+\+/);
    expect(legend).toBe('as the allocators are');
  });

  it('sets to the left as many columns as hold words', () => {
    const columns = [
      { head: 'time', value: 'median' },
      { head: 'operation, by its name', param: 'operation' },
    ] as const;
    const shown = (words?: number) =>
      partsOf(shownWith(resultOf(controlCells()), [{ kind: 'columns', columns: [...columns], words }]))[1];
    expect(shown()).toMatch(/ slot-alloc$/m);
    expect(shown(2)).toMatch(/\] {2}slot-alloc$/m);
    expect(shown()).not.toEqual(shown(2));
  });

  it('says so if nothing was measured', () => {
    const result = resultOf(controlCells());
    expect(shownWith({ ...result, results: [] }, [{ kind: 'plain' }]).slice(1)).toEqual(['', 'nothing was measured']);
  });
});
