import { describe, expect, it } from '@jest/globals';
import { FleetDatabase } from '../../../../lib/bench/fleet/sql/fleet-database.js';
import { plain, queryFleet } from '../../../../lib/bench/fleet/sql/query-result.js';
import { collect } from '../fixtures/small-fleet.js';

describe('the result of a query', () => {
  it('has values that JSON can hold, whatever their type', async () => {
    const database = await FleetDatabase.open(collect([]), new Set());
    const values = {
      'count(*)': 0,
      '9007199254740993': '9007199254740993',
      '1.25::DECIMAL(5,2)': 1.25,
      "'nan'::DOUBLE": 'NaN',
      NULL: null,
      true: true,
      "TIMESTAMP '2026-01-02 03:04:05'": '2026-01-02T03:04:05',
      "DATE '2026-01-02'": '2026-01-02',
      '[1, 2]': [1, 2],
      "{'a': 1::BIGINT}": { a: 1 },
      "MAP {'k': 'v'}": { k: 'v' },
      'INTERVAL 2 DAY': '2 days',
    };
    const columns = Object.keys(values).map((sql, at) => `${sql} AS c${at}`);
    const { columns: names, rows } = await queryFleet(database, `SELECT ${columns.join(', ')} FROM runs`);
    database.close();
    expect(names).toEqual(columns.map((_, at) => `c${at}`));
    expect(rows).toEqual([Object.values(values)]);
  });

  it('has names for columns that are named alike', async () => {
    const database = await FleetDatabase.open(collect([]), new Set());
    const { columns } = await queryFleet(database, 'SELECT 1 AS a, 2 AS a');
    database.close();
    expect(new Set(columns).size).toBe(2);
  });

  it('is text where nothing else fits', () => {
    expect(plain({ toString: () => 'shown' })).toBe('shown');
    expect(plain(undefined)).toBeNull();
  });
});
