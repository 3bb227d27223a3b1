/**
 * A fleet as tables of DuckDB in memory. The numbers of runs are appended as they are, and their rows once: `numbers`
 * joins both. Owned by who opens it; main thread.
 */
import type { DuckDBAppender, DuckDBConnection, DuckDBResultReader } from '@duckdb/node-api';
import { CopytaxError } from '../../../errors.js';
import type { Fleet } from '../fleet.js';
import { type DuckDb, loadDuckDb } from './load-duckdb.js';
import { type ColumnValue, NUMBER_COLUMNS, paramsOf, RUN_COLUMNS, type RunColumn } from './tables.js';

/** Beside what reading the files took; more is kept on disk by DuckDB itself. */
const MEMORY_LIMIT = '256MB';
/** Extensions would be downloaded. */
const SETTINGS = {
  memory_limit: MEMORY_LIMIT,
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
};

const ROW_COLUMNS = NUMBER_COLUMNS.slice(1, -2);

const SCHEMA = [
  `CREATE TABLE runs (${RUN_COLUMNS.map(({ name, type }) => `${name} ${type}`).join(', ')})`,
  `CREATE TABLE number_rows (row_index INTEGER, ${ROW_COLUMNS.map(({ name, type }) => `${name} ${type}`).join(', ')})`,
  'CREATE TABLE run_sources (run_index INTEGER, source VARCHAR)',
  'CREATE TABLE number_values (run_index INTEGER, row_index INTEGER, median DOUBLE, spread DOUBLE)',
  `CREATE VIEW numbers AS SELECT ${NUMBER_COLUMNS.map(({ name }) => name).join(', ')}
     FROM number_values JOIN number_rows USING (row_index) JOIN run_sources USING (run_index)`,
];

/** Appends a value that may be missing. */
class Rows {
  readonly #appender: DuckDBAppender;
  readonly #duckdb: DuckDb;

  constructor(appender: DuckDBAppender, duckdb: DuckDb) {
    this.#appender = appender;
    this.#duckdb = duckdb;
  }

  value(type: RunColumn['type'], value: ColumnValue): void {
    const to = this.#appender;
    if (value === null || value === undefined) to.appendNull();
    else if (type === 'INTEGER') to.appendInteger(value as number);
    else if (type === 'BIGINT') to.appendBigInt(BigInt(value as number));
    else if (type === 'DOUBLE') to.appendDouble(value as number);
    else if (type === 'BOOLEAN') to.appendBoolean(value as boolean);
    else if (type === 'VARCHAR[]') to.appendList(value as string[], this.#duckdb.LIST(this.#duckdb.VARCHAR));
    else if (type === 'TIMESTAMP') this.#timestamp(value as string);
    else to.appendVarchar(value as string);
  }

  /** A file may say anything of its time. */
  #timestamp(iso: string): void {
    const milliseconds = Date.parse(iso);
    if (Number.isNaN(milliseconds)) this.#appender.appendNull();
    else this.#appender.appendTimestamp(new this.#duckdb.DuckDBTimestampValue(BigInt(milliseconds) * 1000n));
  }

  map(entries: readonly (readonly [string, string])[]): void {
    const { DuckDBMapValue, MAP, VARCHAR } = this.#duckdb;
    const value = new DuckDBMapValue(entries.map(([key, word]) => ({ key, value: word })));
    this.#appender.appendMap(value, MAP(VARCHAR, VARCHAR));
  }
}

async function append(
  connection: DuckDBConnection,
  table: string,
  fill: (appender: DuckDBAppender) => void,
): Promise<void> {
  const appender = await connection.createAppender(table);
  fill(appender);
  appender.closeSync();
}

async function fill(
  connection: DuckDBConnection,
  duckdb: DuckDb,
  { runs, rows }: Fleet,
  outliers: ReadonlySet<string>,
): Promise<void> {
  for (const statement of SCHEMA) await connection.run(statement);
  await append(connection, 'runs', (appender) => {
    const to = new Rows(appender, duckdb);
    for (const run of runs) {
      for (const { type, of } of RUN_COLUMNS) to.value(type, of(run, outliers));
      appender.endRow();
    }
  });
  await append(connection, 'run_sources', (appender) => {
    for (const [index, { source }] of runs.entries()) {
      appender.appendInteger(index);
      appender.appendVarchar(source);
      appender.endRow();
    }
  });
  await append(connection, 'number_rows', (appender) => {
    const to = new Rows(appender, duckdb);
    for (const [index, row] of rows.entries()) {
      const { kind, scenario, line, id, unit, higherIsBetter } = row.row;
      appender.appendInteger(index);
      for (const word of [kind, scenario, line, id]) appender.appendVarchar(word);
      to.map(paramsOf(row));
      appender.appendVarchar(unit);
      to.value('BOOLEAN', higherIsBetter);
      appender.endRow();
    }
  });
  await append(connection, 'number_values', (appender) => {
    for (const [index, run] of runs.entries()) {
      for (let at = 0; at < run.rows.length; at++) {
        appender.appendInteger(index);
        appender.appendInteger(run.rows[at]!);
        appender.appendDouble(run.medians[at]!);
        const spread = run.spreads[at]!;
        if (Number.isNaN(spread)) appender.appendNull();
        else appender.appendDouble(spread);
        appender.endRow();
      }
    }
  });
}

/** The tables of one fleet. */
export class FleetDatabase {
  readonly #connection: DuckDBConnection;

  private constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  /**
   * Resolves to the tables of a fleet. `outliers`: sources of the runs that lie outside.
   * @throws ERR_MISSING_PACKAGE
   */
  static async open(fleet: Fleet, outliers: ReadonlySet<string>): Promise<FleetDatabase> {
    const duckdb = await loadDuckDb();
    const instance = await duckdb.DuckDBInstance.create(':memory:', SETTINGS);
    const connection = await instance.connect();
    await fill(connection, duckdb, fleet, outliers);
    return new FleetDatabase(connection);
  }

  /** Runs the statements of a query, of which the last is read. @throws ERR_SQL with what DuckDB says */
  async query(sql: string): Promise<DuckDBResultReader> {
    let last: DuckDBResultReader | undefined;
    try {
      const statements = await this.#connection.extractStatements(sql).catch(async () => {
        // What is wrong is said by running it; nothing is wrong with comments alone, which are no statement.
        await this.#connection.run(sql);
        return null;
      });
      // One by one: a query of several has the result of its first for DuckDB.
      for (let at = 0; statements !== null && at < statements.count; at++) {
        const statement = await statements.prepare(at);
        last = await statement.runAndReadAll();
        statement.destroySync();
      }
    } catch (error) {
      const said = String((error as Error).message)
        .replaceAll(/\s+/g, ' ')
        .trim();
      throw new CopytaxError('ERR_SQL', `DuckDB refuses the query: ${said}`, { sql, said }, error);
    }
    if (last === undefined) throw new CopytaxError('ERR_SQL', 'the query is empty', { sql });
    return last;
  }

  close(): void {
    this.#connection.closeSync();
  }
}
