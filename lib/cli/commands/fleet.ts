/**
 * `copytax compare FOLDER` and `copytax compare` of many files: which hosts are alike, how much they vary, and which
 * lie outside; queries over their numbers, and export to Parquet.
 */
import { findResults } from '../../bench/fleet/find-results.js';
import type { Fleet } from '../../bench/fleet/fleet.js';
import { fleetDocument } from '../../bench/fleet/fleet-document.js';
import { groupsOf } from '../../bench/fleet/fleet-groups.js';
import type { FleetDocument } from '../../bench/fleet/fleet-schema.js';
import { readFleet } from '../../bench/fleet/read-fleet.js';
import { FleetDatabase } from '../../bench/fleet/sql/fleet-database.js';
import { loadDuckDb } from '../../bench/fleet/sql/load-duckdb.js';
import { writeParquet } from '../../bench/fleet/sql/parquet.js';
import { queryFleet } from '../../bench/fleet/sql/query-result.js';
import { tablesText } from '../../bench/fleet/sql/tables.js';
import { CopytaxError } from '../../errors.js';
import { fleetEmail } from '../../report/fleet/fleet-email.js';
import { failureLines, fleetText } from '../../report/fleet/fleet-text.js';
import { queryJson, queryText } from '../../report/fleet/query-text.js';
import { usageError } from '../options/usage.js';
import { EXIT_FAILED, EXIT_FINE } from '../terminal/print-error.js';
import { ProgressLine, timeText } from '../terminal/progress.js';

export interface FleetOptions {
  readonly base?: string;
  readonly strict?: boolean;
  readonly json?: boolean;
  readonly email?: boolean;
  readonly sql?: string;
  readonly parquet?: string;
}

/** What `--sql` lists instead of running it. */
const LISTING = 'tables';
/** What takes less is over before a line is read. */
const QUIET_MS = 1000;
/** The first files take longer, because their thread has just started. */
const TELLING_FILES = 32;

async function readShowing(paths: readonly string[]): Promise<Fleet> {
  const line = new ProgressLine(process.stderr);
  const began = performance.now();
  const fleet = await readFleet(paths, {
    onFile: (done, files) => {
      const passed = performance.now() - began;
      if (passed < QUIET_MS || done === files) return;
      const left = done < TELLING_FILES ? '' : timeText((passed / done) * (files - done));
      line.update('files', () => `read ${done} of ${files} files${left}`);
    },
  });
  line.clear();
  return fleet;
}

/** @throws ERR_RESULT_FILE or the code of the first failure if no file could be read */
function requireRuns({ runs, failures, files }: Fleet): void {
  const [first] = failures;
  if (runs.length > 0 || first === undefined) return;
  const others = files > 1 ? `none of ${files} files could be read; the first: ` : '';
  throw new CopytaxError('ERR_RESULT_FILE', `${others}${first.message} (${first.code})`, {
    files,
    remedy: 'name files that `copytax bench --json` wrote',
  });
}

/** Files that failed are told on stderr where stdout has something else. */
function printFailures({ failures }: Fleet): void {
  if (failures.length > 0) process.stderr.write(failureLines({ failures }));
}

async function queryCommand(fleet: Fleet, { sql, parquet, json }: FleetOptions): Promise<void> {
  const outliers = groupsOf(fleet).groups.flatMap((group) => group.outliers.map(({ run }) => run.source));
  const database = await FleetDatabase.open(fleet, new Set(outliers));
  try {
    if (parquet !== undefined) {
      const paths = await writeParquet(database, parquet);
      process.stderr.write(`copytax: wrote ${paths.join(' and ')}\n`);
    }
    if (sql !== undefined) {
      const result = await queryFleet(database, sql);
      process.stdout.write(json ? queryJson(result) : queryText(result));
    }
  } finally {
    database.close();
  }
  printFailures(fleet);
}

function printDocument(fleet: Fleet, document: FleetDocument, { json, email }: FleetOptions): void {
  if (json) process.stdout.write(`${JSON.stringify(document, null, 1)}\n`);
  else process.stdout.write(email ? fleetEmail(document) : fleetText(document));
  if (json || email) printFailures(fleet);
}

/**
 * Resolves to the exit code: 1 if a file could not be read, whatever was done with the others.
 * @throws ERR_USAGE, ERR_RESULT_FILE, ERR_MISSING_PACKAGE, ERR_SQL
 */
export async function fleetCommand(paths: readonly string[], options: FleetOptions): Promise<number> {
  const { base, strict, sql, parquet } = options;
  if (sql?.trim() === LISTING) {
    process.stdout.write(tablesText());
    return EXIT_FINE;
  }
  if (paths.length === 0) throw usageError('no files: name folders or files that `copytax bench --json` wrote');
  const isQuery = sql !== undefined || parquet !== undefined;
  // Before a thousand files are read.
  if (isQuery) await loadDuckDb();
  const fleet = await readShowing(findResults(paths));
  requireRuns(fleet);
  if (isQuery) {
    await queryCommand(fleet, options);
  } else {
    const document = fleetDocument(fleet, { isStrict: strict ?? false, ...(base === undefined ? {} : { base }) });
    if (document === null) {
      const remedy = 'name a group by its number from 1, the largest first, or by the beginning of its fingerprint';
      throw usageError(`--base '${base}' is no group of this fleet`, { given: base, remedy });
    }
    printDocument(fleet, document, options);
  }
  return fleet.failures.length > 0 ? EXIT_FAILED : EXIT_FINE;
}
