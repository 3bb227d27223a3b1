import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { fleetDocument } from '../../../lib/bench/fleet/fleet-document.js';
import { fleetText } from '../../../lib/report/fleet/fleet-text.js';
import { collect, writeSmallFleet } from '../../bench/fleet/fixtures/small-fleet.js';
import { scratchFolder } from '../../scratch.js';

describe('the text of a fleet', () => {
  it('has its groups, outliers by their path, groups side by side, and what is in no group', () => {
    const folder = scratchFolder();
    const fingerprints = ['1-aa', '1-aa', '1-bb', null];
    const paths = writeSmallFleet(folder, 40, { fingerprints, slower: new Map([[4, 1.25]]) });
    const damaged = join(folder, 'damaged.json');
    writeFileSync(damaged, '{');
    const text = fleetText(fleetDocument(collect([...paths, damaged]))!);
    const lines = text.split('\n');
    expect(`${lines[0]} ${lines[1]!.trim()}`).toBe(
      '41 files: 40 runs of 2 kinds of host, 1 outlier, 10 runs of hosts that are not identified, ' +
        '1 file could not be read',
    );
    expect(text).toContain('Group 1, the base: 1-aa, 20 runs in 20 files, 2026-01-01 to 2026-01-02, copytax 0.1.0');
    expect(text).toMatch(new RegExp(`Outliers: 1 of 20 runs\n +${paths[4]}: (19|20|21) % slower`));
    expect(text).toMatch(/Outliers: none of 10 runs; farthest out is/);
    expect(text).toMatch(/Groups side by side\n.*group 1 +group 2/);
    expect(text).toMatch(/Not identified: not grouped with any other run\n +\S+host-0003.json: /);
    expect(text).toMatch(/Could not be read\n +ERR_RESULT_SCHEMA: /);
    expect(text).not.toMatch(/NaN|undefined|null/);
    const wide = lines.filter((line) => line.length > 112 && !line.includes(folder));
    expect(wide).toEqual([]);
  });

  it('names neither an outlier nor a difference where there are too few runs, or one group', () => {
    const text = fleetText(fleetDocument(collect(writeSmallFleet(scratchFolder(), 2)))!);
    expect(text).toContain('Outliers: not told of 2 runs, which is too few');
    expect(text).not.toContain('side by side');
    expect(text).toContain('Group 1: 1-7d9cd9939aaa9e36');
  });

  it('is one line for a fleet of nothing', () => {
    expect(fleetText(fleetDocument(collect([]))!)).toBe('0 files: 0 runs of 0 kinds of host, no outlier\n');
  });
});
