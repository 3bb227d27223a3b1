/** Writes the tables of a fleet as files of Parquet. */
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileError } from '../../files/file-error.js';
import { makeFolder } from '../../files/make-folder.js';
import type { FleetDatabase } from './fleet-database.js';

const TABLES = ['runs', 'numbers'] as const;

/** A text as SQL has it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * Writes `runs.parquet` and `numbers.parquet` into a folder, which is made if it is missing; what is there under these
 * names is replaced in one step each. Resolves to the paths.
 * @throws ERR_RESULT_FILE; files that were there are then still whole
 */
export async function writeParquet(database: FleetDatabase, folder: string): Promise<string[]> {
  const paths: string[] = [];
  try {
    makeFolder(folder);
  } catch (error) {
    throw fileError(folder, 'write', error);
  }
  for (const table of TABLES) {
    const path = join(folder, `${table}.parquet`);
    const draft = join(folder, `.${table}.parquet.${process.pid}.tmp`);
    try {
      await database.query(`COPY (FROM ${table}) TO ${quoted(draft)} (FORMAT parquet, COMPRESSION zstd)`);
      renameSync(draft, path);
    } catch (error) {
      rmSync(draft, { force: true });
      throw fileError(path, 'write', reasonOf(error));
    }
    paths.push(path);
  }
  return paths;
}

/** What Linux or DuckDB said. */
function reasonOf(error: unknown): unknown {
  const { details } = error as { details?: { said?: unknown } };
  return typeof details?.said === 'string' ? details.said : error;
}
