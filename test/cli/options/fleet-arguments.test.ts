import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { GROUP_MARK } from '../../../lib/cli/options/file-groups.js';
import { isFleet, withResultsOfFolders } from '../../../lib/cli/options/fleet-arguments.js';
import { scratchFolder } from '../../scratch.js';

const files = (count: number) => Array.from({ length: count }, (_, at) => `${at}.json`);

describe('the arguments of compare', () => {
  it('are a fleet with a folder, more than eight files, or an option of fleets', () => {
    const folder = join(scratchFolder(), 'results');
    mkdirSync(folder);
    expect(isFleet(files(8), {})).toBe(false);
    expect(isFleet(files(9), {})).toBe(true);
    expect(isFleet(['a.json', folder], {})).toBe(true);
    for (const options of [{ fleet: true }, { sql: 'FROM runs' }, { parquet: 'out' }]) {
      expect(isFleet(files(1), options)).toBe(true);
    }
  });

  it('are groups where -- stands between them, however many they are', () => {
    expect(isFleet([...files(20), GROUP_MARK, 'b.json'], { failIf: ['a'] })).toBe(false);
  });

  it('may be folders as groups, with all results below', () => {
    const folder = join(scratchFolder(), 'before');
    mkdirSync(folder);
    for (const name of ['b.json', 'a.json.gz', 'notes.txt']) writeFileSync(join(folder, name), '');
    const args = withResultsOfFolders([folder, GROUP_MARK, 'c.json']);
    expect(args).toEqual([join(folder, 'a.json.gz'), join(folder, 'b.json'), GROUP_MARK, 'c.json']);
  });

  it('are refused if they are both, with the option that does not fit', () => {
    const refusal = (args: readonly string[], options: Parameters<typeof isFleet>[1]) => {
      try {
        return isFleet(args, options);
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(refusal(['a', GROUP_MARK, 'b'], { sql: 'x' })).toContain('--sql takes all files together');
    expect(refusal(files(9), { failIf: ['a'] })).toContain('--fail-if is for groups, and more than 8 files');
    expect(refusal(files(1), { fleet: true, all: true })).toContain('--all is for groups, and --fleet');
  });
});
