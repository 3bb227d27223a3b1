/**
 * Loads the package of DuckDB, which is not one of those that copytax needs: who asks for a query installs it. It is
 * looked for where copytax lies, and then where the command is called.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CopytaxError } from '../../../errors.js';

export const DUCKDB = '@duckdb/node-api';

/** What is used of the package. */
export type DuckDb = typeof import('@duckdb/node-api');

/** Imports a module by its name or by the URL of its file. */
type Import = (specifier: string) => Promise<unknown>;

const here: Import = (specifier) => import(specifier);

/** The file of the package as a program in `folder` would import it. @throws MODULE_NOT_FOUND */
function fileSeenFrom(folder: string): string {
  return pathToFileURL(createRequire(join(folder, 'package.json')).resolve(DUCKDB)).href;
}

/** True if it is the package itself that is not there, and not something that it needs. */
function isMissing(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  const isNotFound = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  return isNotFound && message.includes(`'${DUCKDB}'`);
}

/** The command that installs it beside this copytax. */
function installCommand(): string {
  const isGlobal = /[\\/]lib[\\/]node_modules[\\/]copytax[\\/]/.test(import.meta.url);
  return `npm install${isGlobal ? ' --global' : ''} ${DUCKDB}`;
}

function missing(): CopytaxError {
  const remedy = `run \`${installCommand()}\`: about 70 MB`;
  return new CopytaxError('ERR_MISSING_PACKAGE', `--sql and --parquet need the package ${DUCKDB}`, {
    package: DUCKDB,
    remedy,
  });
}

function broken(cause: unknown): CopytaxError {
  const reason = String((cause as Error).message ?? cause)
    .split('\n')[0]!
    .trim();
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined;
  const libc = report?.header?.glibcVersionRuntime;
  const host = `${process.platform} ${process.arch}, ${libc === undefined ? 'no glibc' : `glibc ${libc}`}`;
  return new CopytaxError(
    'ERR_MISSING_PACKAGE',
    `the package ${DUCKDB} is there and cannot be loaded (${host}): ${reason}`,
    {
      package: DUCKDB,
      reason,
      remedy: `install it again on this host with \`${installCommand()}\`, or query where DuckDB runs`,
    },
    cause,
  );
}

/**
 * Resolves to the package. `imports` stands for the engine in tests.
 * @throws ERR_MISSING_PACKAGE if it is not installed, or does not load here
 */
export async function loadDuckDb(imports: Import = here, folder = process.cwd()): Promise<DuckDb> {
  try {
    return (await imports(DUCKDB)) as DuckDb;
  } catch (error) {
    if (!isMissing(error)) throw broken(error);
  }
  let file: string;
  try {
    file = fileSeenFrom(folder);
  } catch {
    throw missing();
  }
  try {
    return (await imports(file)) as DuckDb;
  } catch (error) {
    throw broken(error);
  }
}
