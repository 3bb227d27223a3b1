import { describe, expect, it } from '@jest/globals';
import type { CellResult } from '../../../lib/bench/result/result.js';
import { columnsTable } from '../../../lib/report/tables/columns.js';

const cell: CellResult = {
  id: 'a/b',
  scenario: 'a',
  unit: 'ns',
  higherIsBetter: false,
  batch: 1,
  samples: [1],
  durationsMs: [1],
  params: { name: 'first', size: 65536, delay: 1500, low: 0.1, high: 0.25 },
  summary: { median: 120, low: 119, high: 121, confidence: 0.95 },
  ledger: { packetShare: 0.1234, userBytes: 4096, lockWaitNs: 2e6, gbps: 34.56, 'own:retries': 7, 'own:bytes': 2048 },
  warnings: [],
};
const row = (...columns: Parameters<typeof columnsTable>[1]) =>
  columnsTable([cell], columns).split('\n')[1]!.split(/ {2,}/);

describe('columnsTable', () => {
  it('shows a parameter as it is, or in its unit, or as a range of two', () => {
    expect(row({ head: 'n', param: 'name' }, { head: 'size', param: 'size', unit: 'bytes' })).toEqual([
      'first',
      '64 KiB',
    ]);
    expect(row({ head: 'n', param: 'name' }, { head: 'delay', param: 'delay', unit: 'ns' })).toEqual([
      'first',
      '1.50 µs',
    ]);
    expect(row({ head: 'range', param: 'low', to: 'high', unit: 'share' })).toEqual(['10.0 - 25.0']);
  });

  it('shows a ledger key in the unit of the list of keys, and a key of the scenario in the unit that it says', () => {
    const listed = (['packetShare', 'userBytes', 'lockWaitNs', 'gbps'] as const).map((ledger) => ({
      head: 'x',
      ledger,
    }));
    expect(row(...listed)).toEqual(['12.3', '4 KiB', '2.00 ms', '34.6']);
    expect(row({ head: 'x', ledger: 'own:retries' }, { head: 'y', ledger: 'own:bytes', unit: 'bytes' })).toEqual([
      '7.00',
      '2 KiB',
    ]);
  });

  it('shows the median of a cell with its interval', () => {
    expect(row({ head: 'time', value: 'median' })).toEqual(['120 [119, 121]']);
  });

  it('has a dash for what a cell does not have', () => {
    const missing = [
      { head: 'a', param: 'none' },
      { head: 'b', param: 'none', unit: 'bytes' },
      { head: 'c', ledger: 'idleNs' },
    ] as const;
    expect(row(...missing)).toEqual(['-', '-', '-']);
  });

  it('sets the columns of words to the left, one unless the scenario says how many', () => {
    const columns = [
      { head: 'long name', param: 'name' },
      { head: 'another', param: 'name' },
    ] as const;
    expect(columnsTable([cell], columns).split('\n')[1]).toBe('first        first');
    expect(columnsTable([cell], columns, 2).split('\n')[1]).toBe('first      first');
  });
});
