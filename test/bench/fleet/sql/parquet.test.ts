import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fleet } from '../../../../lib/bench/fleet/fleet.js';
import { FleetDatabase } from '../../../../lib/bench/fleet/sql/fleet-database.js';
import { quoted, writeParquet } from '../../../../lib/bench/fleet/sql/parquet.js';
import { numberCount } from '../../../../lib/bench/fleet/sql/tables.js';
import { scratchFolder } from '../../../scratch.js';
import { collect, writeSmallFleet } from '../fixtures/small-fleet.js';

let fleet: Fleet;
let database: FleetDatabase;
beforeAll(async () => {
  fleet = collect(writeSmallFleet(scratchFolder(), 3));
  database = await FleetDatabase.open(fleet, new Set());
});
afterAll(() => database.close());

describe('the Parquet files of a fleet', () => {
  it('are read again by DuckDB, whatever their folder is called', async () => {
    const folder = join(scratchFolder(), "it's", 'new "here"');
    const [runs, numbers] = await writeParquet(database, folder);
    expect(readdirSync(folder)).toEqual(['numbers.parquet', 'runs.parquet']);
    const count = async (path: string) =>
      (await database.query(`SELECT count(*)::INTEGER FROM ${quoted(path)}`)).getRowsJson()[0]![0];
    expect([await count(runs!), await count(numbers!)]).toEqual([3, numberCount(fleet)]);
    const where = "scenario = 'copy-cost' AND kind = 'value'";
    const sql = `SELECT DISTINCT params['size'] FROM ${quoted(numbers!)} WHERE ${where}`;
    expect((await database.query(sql)).getRowsJson()).toEqual([['65536']]);
  });

  it('replace those that are there', async () => {
    const folder = scratchFolder();
    await writeParquet(database, folder);
    expect(await writeParquet(database, folder)).toHaveLength(2);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('are refused where they cannot be written', async () => {
    const path = join(scratchFolder(), 'file');
    writeFileSync(path, '');
    await expect(writeParquet(database, path)).rejects.toMatchObject({ code: 'ERR_RESULT_FILE' });
  });
});
