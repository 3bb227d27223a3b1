import { describe, expect, it } from '@jest/globals';
import { DUCKDB, loadDuckDb } from '../../../../lib/bench/fleet/sql/load-duckdb.js';
import { scratchFolder } from '../../../scratch.js';

const refusing = (code: string, message: string) => () => Promise.reject(Object.assign(new Error(message), { code }));
const notFound = refusing('ERR_MODULE_NOT_FOUND', `Cannot find package '${DUCKDB}' imported from here`);

describe('the package of DuckDB', () => {
  it('is loaded from where copytax lies', async () => {
    expect(typeof (await loadDuckDb()).DuckDBInstance.create).toBe('function');
  });

  it('is looked for where the command is called, too', async () => {
    const asked: string[] = [];
    const imports = (specifier: string) => {
      asked.push(specifier);
      return specifier === DUCKDB ? notFound() : Promise.resolve({ found: true });
    };
    expect(await loadDuckDb(imports, process.cwd())).toEqual({ found: true });
    expect(asked[1]).toMatch(/^file:.*node_modules\/@duckdb\/node-api\//);
  });

  it('is asked for with the command that installs it where it is in neither place', async () => {
    const error = await loadDuckDb(notFound, scratchFolder()).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'ERR_MISSING_PACKAGE', details: { package: DUCKDB } });
    expect(error.details.remedy).toContain(`npm install ${DUCKDB}`);
  });

  it('is told apart from a package that is there and does not load', async () => {
    const broken = refusing('ERR_DLOPEN_FAILED', 'libduckdb.so: cannot open shared object file\nand a stack');
    const error = await loadDuckDb(broken).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'ERR_MISSING_PACKAGE' });
    expect(error.message).toMatch(/is there and cannot be loaded \(linux .*\): libduckdb.so: cannot open/);
    const needs = refusing('MODULE_NOT_FOUND', "Cannot find module '@duckdb/node-bindings-linux-x64/duckdb.node'");
    expect((await loadDuckDb(needs).catch((reason) => reason)).message).toContain('cannot be loaded');
  });
});
