import { describe, expect, it } from '@jest/globals';
import type { CellResult } from '../../../lib/bench/result/result.js';
import {
  copyCostTables,
  designsTable,
  pairsTable,
  plainTable,
  ratiosTable,
} from '../../../lib/report/tables/tables.js';
import { controlCells, copyCells, designCells, resultOf, slotCells } from '../fixtures/result.js';

const head = (table: string) => table.split('\n')[0]!.split(/ {2,}/);
const rows = (table: string) => table.split('\n').slice(1);

/** The cells with these parameters besides their own. */
const withParams = (cells: readonly CellResult[], params: CellResult['params']) =>
  cells.map((cell) => ({ ...cell, params: { ...cell.params, ...params } }));

describe('designsTable', () => {
  const result = resultOf(designCells());
  const twice = (params: CellResult['params']) => ({
    ...result,
    results: [...result.results, ...withParams(result.results, params)],
  });

  it('has a column for a parameter that differs, sizes as sizes, and none for one that all share', () => {
    const table = designsTable(twice({ message: 1024, senders: 16 }));
    expect(head(table).slice(0, 3)).toEqual(['senders', 'message', 'design']);
    expect(rows(table).map((row) => row.trim().split(/ {2,}/).slice(0, 3))).toEqual([
      ['2', '64 KiB', 'direct'],
      ['2', '64 KiB', 'bounce'],
      ['2', '64 KiB', 'bounce-pages'],
      ['16', '1 KiB', 'direct'],
      ['16', '1 KiB', 'bounce'],
      ['16', '1 KiB', 'bounce-pages'],
    ]);
  });

  it('has columns for all parameters if there is one cell', () => {
    const one = { ...result, results: result.results.slice(0, 1), ratios: [] };
    expect(head(designsTable(one)).slice(0, 8)).toEqual([
      'senders',
      'queues',
      'message',
      'window',
      'device',
      'pool',
      'cpus',
      'design',
    ]);
    expect(rows(designsTable(one))).toEqual([expect.stringContaining('direct')]);
  });

  it('has a dash for a parameter that some cells do not have', () => {
    expect(head(designsTable(twice({ ackDelayNs: 50_000 })))[0]).toBe('ACK delay');
    const table = designsTable(twice({ growth: 'pools' }));
    expect(head(table)[0]).toBe('growth');
    expect(rows(table).map((row) => row.split(/ +/)[0])).toEqual(['-', '-', '-', 'pools', 'pools', 'pools']);
  });

  it('has a dash for missing ledger keys, and no ratio without the conventional path', () => {
    const bare = result.results
      .filter(({ params }) => params.design !== 'bounce')
      .map((cell) => ({ ...cell, ledger: {}, cores: undefined }));
    const [row] = rows(designsTable({ ...result, results: bare }));
    expect(row!.split(/ +/).slice(-7)).toEqual(Array(7).fill('-'));
    expect(row).not.toMatch(/\d\.\d\d \[\d/);
  });

  it('shows counts as they are, and halves of even numbers of rounds', () => {
    const grown = result.results.map((cell) => ({
      ...cell,
      ledger: { ...cell.ledger, mapFailures: 2.5, poolsAdded: 1e6, transientPools: 0 },
    }));
    for (const row of rows(designsTable({ ...result, results: grown }))) expect(row).toMatch(/ 2\.5 +1000000 +0$/);
  });

  it('is only its head without cells', () => {
    expect(rows(designsTable(resultOf()))).toEqual([]);
  });
});

describe('copyCostTables', () => {
  const { results } = resultOf(copyCells());

  it('returns a table for each state of the caches, with sizes down and copy kernels across', () => {
    const tables = copyCostTables([...results].reverse());
    expect(tables.map(head)).toEqual([
      ['cold', 'fastest', 'movsb, GB/s', 'libc, GB/s'],
      ['hot', 'fastest', 'movsb, GB/s', 'libc, GB/s'],
    ]);
    for (const table of tables)
      expect(rows(table).map((row) => row.split(/ {2,}/)[0])).toEqual([...['64 B', '64 KiB', '128 MiB']]);
  });

  it('has a dash where a copy kernel did not copy a size', () => {
    const [table] = copyCostTables(results.filter(({ params }) => params.kernel !== 'movsb' || params.size !== 64));
    expect(rows(table!)[0]).toMatch(/^64 B .* -$/);
  });

  it('shows the time of the fastest copy kernel', () => {
    const [hot] = copyCostTables(results);
    expect(rows(hot!)[0]).toMatch(/^64 B +8\.28 \[8\.20, 8\.36\] ns /); // libc: 64 / 20 + 5
  });

  it('returns no tables without cells', () => {
    expect(copyCostTables([])).toEqual([]);
  });
});

describe('pairsTable', () => {
  const result = resultOf(slotCells());

  it('returns null without pairs, or if some cell is in no pair', () => {
    expect(pairsTable({ ...result, ratios: [] }, result.results, 'allocator')).toBeNull();
    expect(pairsTable(result, result.results.slice(1), 'allocator')).toBeNull();
    expect(pairsTable(result, [], 'allocator')).toBeNull();
  });

  it('returns null if a pair differs in another parameter', () => {
    const [first, ...others] = result.results;
    const changed = { ...first!, params: { ...first!.params, allocator: 'c++', threads: 4 } };
    expect(pairsTable(result, [changed, ...others], 'allocator')).toBeNull();
  });

  it('returns null if a cell is in two pairs', () => {
    const more = { ...result.ratios[0]!, id: 'again' };
    expect(pairsTable({ ...result, ratios: [...result.ratios, more] }, result.results, 'allocator')).toBeNull();
  });
});

describe('plainTable', () => {
  it('names cells by their id without the scenario, if the id begins with it', () => {
    const [cell] = resultOf(controlCells()).results;
    expect(rows(plainTable([cell!]))[0]).toMatch(/^slot-alloc +\d/);
    expect(rows(plainTable([{ ...cell!, scenario: 'control' }]))[0]).toMatch(/^control-cost\/slot-alloc +\d/);
    expect(rows(plainTable([{ ...cell!, unit: 'Gbit/s', batch: 7 }]))[0]).toMatch(/ Gbit\/s +7$/);
  });
});

describe('ratiosTable', () => {
  it('has the ratios of its scenario that no table of pairs shows', () => {
    const result = resultOf(slotCells());
    expect(rows(ratiosTable(result, 'slot-pool')!).map((row) => row.split(/ +/)[0])).toEqual(['1', '16']);
    expect(ratiosTable(result, 'slot-pool', 'allocator')).toBeNull();
    expect(ratiosTable(result, 'another')).toBeNull();
  });
});
