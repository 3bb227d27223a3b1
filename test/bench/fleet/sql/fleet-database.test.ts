import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fleet } from '../../../../lib/bench/fleet/fleet.js';
import { FleetDatabase } from '../../../../lib/bench/fleet/sql/fleet-database.js';
import { NUMBER_COLUMNS, numberCount, RUN_COLUMNS } from '../../../../lib/bench/fleet/sql/tables.js';
import { scratchFolder } from '../../../scratch.js';
import { collect, writeSmallFleet } from '../fixtures/small-fleet.js';

let fleet: Fleet;
let database: FleetDatabase;
beforeAll(async () => {
  fleet = collect(writeSmallFleet(scratchFolder(), 4, { fingerprints: ['1-a', null] }));
  database = await FleetDatabase.open(fleet, new Set([fleet.runs[1]!.source]));
});
afterAll(() => database.close());

const rowsOf = async (sql: string) => (await database.query(sql)).getRowsJson();

describe('the database of a fleet', () => {
  it('has each run and each number once', async () => {
    expect(await rowsOf('SELECT count(*)::INTEGER FROM runs')).toEqual([[4]]);
    expect(await rowsOf('SELECT count(*)::INTEGER FROM numbers')).toEqual([[numberCount(fleet)]]);
  });

  it('has the columns that its listing says, with their types', async () => {
    for (const [table, columns] of [
      ['runs', RUN_COLUMNS],
      ['numbers', NUMBER_COLUMNS],
    ] as const) {
      const described = await rowsOf(`SELECT column_name, column_type FROM (DESCRIBE ${table})`);
      expect(described).toEqual(columns.map(({ name, type }) => [name, type]));
    }
  });

  it('has the numbers of the runs', async () => {
    const [run] = fleet.runs;
    const at = 5;
    const { row } = fleet.rows[run!.rows[at]!]!;
    const where = `source = '${run!.source}' AND kind = '${row.kind}' AND id = '${row.id}'`;
    expect(await rowsOf(`SELECT median, spread, unit FROM numbers WHERE ${where}`)).toEqual([
      [run!.medians[at], run!.spreads[at], row.unit],
    ]);
  });

  it('finds numbers by the parameters of their cells', async () => {
    const sql = `SELECT DISTINCT id FROM numbers WHERE kind = 'value' AND params['state'] = 'hot' ORDER BY id`;
    const ids = (await rowsOf(sql)).flat();
    expect(ids.length).toBeGreaterThan(2);
    for (const id of ids) expect(id).toMatch(/^copy-cost\/.*\/hot\//);
  });

  it('has outliers, times, lists and gaps', async () => {
    const sql =
      'SELECT outlier, fingerprint, created::VARCHAR, len(warnings)::INTEGER FROM runs ORDER BY source LIMIT 2';
    expect(await rowsOf(sql)).toEqual([
      [false, '1-a', '2026-01-01 00:00:00', 4],
      [true, null, '2026-01-01 01:00:00', 4],
    ]);
  });

  it('reads the last of several statements', async () => {
    expect(await rowsOf('SELECT 1; SELECT 2')).toEqual([[2]]);
    expect(await rowsOf('CREATE TEMP TABLE few AS SELECT 3 AS x; FROM few;')).toEqual([[3]]);
    await expect(database.query('SELECT 1; SELECT nothing_such FROM runs')).rejects.toMatchObject({ code: 'ERR_SQL' });
  });

  it('refuses a wrong query in one line with what DuckDB says, and goes on', async () => {
    const error = await database.query('SELECT nothing_such FROM runs').catch((reason) => reason);
    expect(error.code).toBe('ERR_SQL');
    expect(error.message).toMatch(/^DuckDB refuses the query: Binder Error: .*nothing_such/);
    expect(error.message).not.toContain('\n');
    for (const empty of ['', ' ', ';', '-- a comment']) {
      await expect(database.query(empty)).rejects.toMatchObject({ code: 'ERR_SQL', message: 'the query is empty' });
    }
    expect(await rowsOf('SELECT 1')).toEqual([[1]]);
  });
});
