import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { RowTable, runsOf } from '../../../lib/bench/compare/run-facts.js';
import { mediansByKey, runFacts } from '../../../lib/bench/fleet/fleet.js';
import { readResult } from '../../../lib/bench/result/result-file.js';
import { scratchFolder } from '../../scratch.js';
import { collect, smallResult, writeSmallFleet } from './fixtures/small-fleet.js';

describe('a fleet', () => {
  it('returns its runs as comparisons take them, without their rounds', () => {
    const paths = writeSmallFleet(scratchFolder(), 3);
    const fleet = collect(paths);
    const all = new Set(fleet.keys.keys());
    for (const [at, path] of paths.entries()) {
      const [whole] = runsOf(readResult(path), path, new RowTable());
      const numbers = new Map([...whole!.numbers].map(([key, number]) => [key, { ...number, rounds: null }]));
      expect(runFacts(fleet, fleet.runs[at]!, all)).toEqual({ ...whole, numbers, distances: [] });
    }
    expect(runFacts(fleet, fleet.runs[0]!, new Set([0])).numbers.size).toBe(1);
  });

  it('has one object for hosts with the same facts', () => {
    const { runs } = collect(writeSmallFleet(scratchFolder(), 3, { fingerprints: ['1-a', '1-b', '1-a'] }));
    expect(runs[2]!.machine).toBe(runs[0]!.machine);
    expect(runs[1]!.machine).not.toBe(runs[0]!.machine);
  });

  it('has a column for each number, with a gap where a run lacks it', () => {
    const folder = scratchFolder();
    const [whole] = writeSmallFleet(folder, 1);
    const part = join(folder, 'part.json');
    writeFileSync(part, JSON.stringify({ ...smallResult(), results: smallResult().results.slice(0, 1), ratios: [] }));
    const fleet = collect([whole!, part]);
    const columns = mediansByKey(fleet, fleet.runs);
    expect(columns).toHaveLength(fleet.keys.length);
    expect(columns.filter((column) => column.every((value) => value > 0)).length).toBeGreaterThan(0);
    expect(columns.filter(([one, other]) => one! > 0 && Number.isNaN(other)).length).toBeGreaterThan(10);
  });

  it('refuses a file that means something else by a number, and keeps the others', () => {
    const folder = scratchFolder();
    const paths = writeSmallFleet(folder, 2);
    const other = join(folder, 'other.json');
    const results = smallResult().results.map((cell) => ({ ...cell, unit: 'parsecs' }));
    writeFileSync(other, JSON.stringify({ ...smallResult(), results }));
    const fleet = collect([paths[0]!, other, paths[1]!]);
    expect({ files: fleet.files, runs: fleet.runs.length }).toEqual({ files: 3, runs: 2 });
    expect(fleet.failures).toMatchObject([{ source: other, code: 'ERR_COMPARE' }]);
    const turned = smallResult().results.map((cell) => ({ ...cell, higherIsBetter: !cell.higherIsBetter }));
    writeFileSync(other, JSON.stringify({ ...smallResult(), results: turned }));
    expect(collect([paths[0]!, other]).failures).toMatchObject([{ source: other, code: 'ERR_COMPARE' }]);
    expect(fleet.failures[0]!.message).toContain('parsecs');
  });
});
