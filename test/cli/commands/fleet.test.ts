import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { fleetSchema } from '../../../lib/bench/fleet/fleet-schema.js';
import { type FleetOptions, fleetCommand } from '../../../lib/cli/commands/fleet.js';
import { writeSmallFleet } from '../../bench/fleet/fixtures/small-fleet.js';
import { scratchFolder } from '../../scratch.js';

/** What the command says of its progress, where the host stalls for longer than it stays quiet. */
const PROGRESS = /^copytax: read \d+ of \d+ files.*\n/gm;

/** Runs the command, and returns what it wrote besides its progress, and with which exit code it ended. */
async function run(paths: readonly string[], options: FleetOptions = {}) {
  const [out, err]: string[][] = [[], []];
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => out!.push(String(text)) > 0),
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => err!.push(String(text)) > 0),
  ];
  try {
    const code = await fleetCommand(paths, options);
    return { code, out: out!.join(''), err: err!.join('').replaceAll(PROGRESS, '') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** A folder with a fleet of two kinds of hosts and, in a folder below, a damaged file. */
function damagedFleet(): string {
  const folder = scratchFolder();
  writeSmallFleet(folder, 12, { fingerprints: ['1-aa', '1-aa', '1-bb'] });
  mkdirSync(join(folder, 'more'));
  writeFileSync(join(folder, 'more', 'damaged.json'), '{"schema": "copytax.result/3", "runs"');
  return folder;
}

describe('the command of a fleet', () => {
  it('prints the groups of a folder, and what could not be read with exit code 1', async () => {
    const { code, out, err } = await run([damagedFleet()]);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toMatch(/^13 files: 12 runs of 2 kinds of host, no outlier, 1 file could not be read\n/);
    expect(out).toMatch(/Could not be read\n +ERR_RESULT_SCHEMA: .*damaged.json is cut off/);
  });

  it('prints the document as JSON, and failures beside it', async () => {
    const { code, out, err } = await run([damagedFleet()], { json: true, base: '2' });
    expect(code).toBe(1);
    expect(fleetSchema().parse(JSON.parse(out)).groups[0]!.fingerprint).toBe('1-bb');
    expect(err).toContain('damaged.json');
  });

  it('prints a few lines for an email', async () => {
    const { code, out } = await run(writeSmallFleet(scratchFolder(), 3), { email: true });
    expect(code).toBe(0);
    expect(out).toMatch(/^3 files: 3 runs of 1 kind of host/);
  });

  it('prints the rows of a query as a table or as JSON, and failures on stderr', async () => {
    const folder = damagedFleet();
    const sql = 'SELECT fingerprint, count(*) AS n FROM runs GROUP BY fingerprint ORDER BY fingerprint';
    const { code, out, err } = await run([folder], { sql });
    expect({ code, out }).toEqual({ code: 1, out: 'fingerprint  n\n1-aa         8\n1-bb         4\n' });
    expect(err).toContain('damaged.json');
    expect(JSON.parse((await run([folder], { sql, json: true })).out)).toEqual([
      { fingerprint: '1-aa', n: 8 },
      { fingerprint: '1-bb', n: 4 },
    ]);
  });

  it('writes Parquet', async () => {
    const folder = join(scratchFolder(), 'out');
    const { code, err } = await run(writeSmallFleet(scratchFolder(), 2), { parquet: folder });
    expect(code).toBe(0);
    expect(err).toContain('runs.parquet');
    expect(readdirSync(folder)).toEqual(['numbers.parquet', 'runs.parquet']);
  });

  it('lists the tables without reading a file', async () => {
    const { code, out } = await run([], { sql: 'tables' });
    expect(code).toBe(0);
    expect(out).toMatch(/^runs: /);
  });

  it('refuses a fleet of nothing, a base that is no group, and a wrong query', async () => {
    const files = writeSmallFleet(scratchFolder(), 2);
    await expect(run([])).rejects.toMatchObject({ code: 'ERR_USAGE' });
    await expect(run(files, { base: 'nothing' })).rejects.toMatchObject({ code: 'ERR_USAGE' });
    await expect(run(files, { sql: 'SELEC 1' })).rejects.toMatchObject({ code: 'ERR_SQL' });
  });

  it('fails with the first error if no file can be read', async () => {
    const folder = scratchFolder();
    for (const name of ['a', 'b']) writeFileSync(join(folder, `${name}.json`), '{}');
    const error = await run([folder]).catch((reason) => reason);
    expect(error.code).toBe('ERR_RESULT_FILE');
    expect(error.message).toMatch(/^none of 2 files could be read; the first: .*a\.json .*ERR_RESULT_SCHEMA/);
  });
});
