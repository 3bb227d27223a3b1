import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readFleet } from '../../../lib/bench/fleet/read-fleet.js';
import { scratchFolder } from '../../scratch.js';
import { collect, writeSmallFleet } from './fixtures/small-fleet.js';

describe('reading a fleet', () => {
  it.each([1, 2, 3])('returns the same with %d threads, in the order of the files', async (threads) => {
    const folder = scratchFolder();
    const paths = writeSmallFleet(folder, 20);
    const damaged = join(folder, 'damaged.json');
    writeFileSync(damaged, '{"schema": "copy');
    const all = [...paths.slice(0, 7), damaged, ...paths.slice(7)];
    const seen: number[] = [];
    const fleet = await readFleet(all, { threads, onFile: (done, files) => seen.push(done / files) });
    const expected = collect(all);
    expect(fleet.runs).toEqual(expected.runs);
    expect(fleet.keys).toEqual(expected.keys);
    expect(fleet.failures).toEqual(expected.failures);
    expect(fleet.files).toBe(21);
    expect(seen).toEqual(Array.from({ length: 21 }, (_, at) => (at + 1) / 21));
  });

  it('ends where more threads than files are asked for, and without a file', async () => {
    const paths = writeSmallFleet(scratchFolder(), 2);
    expect((await readFleet(paths, { threads: 4 })).runs).toHaveLength(2);
    expect((await readFleet([])).runs).toEqual([]);
    expect((await readFleet([], { threads: 2 })).files).toBe(0);
  });
});
