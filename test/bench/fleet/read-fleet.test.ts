import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readFleet } from '../../../lib/bench/fleet/read-fleet.js';
import type { ResultDocument } from '../../../lib/bench/result/result.js';
import { scratchFolder } from '../../scratch.js';
import { collect, writeSmallFleet } from './fixtures/small-fleet.js';

describe('reading a fleet', () => {
  it.each([1, 2, 3])('returns the same with %d threads, in the order of the files', async (threads) => {
    const folder = scratchFolder();
    const paths = writeSmallFleet(folder, 20);
    // The rows of the first file are some of those of the others.
    const first = JSON.parse(readFileSync(paths[0]!, 'utf8')) as ResultDocument;
    const results = first.results.filter(({ scenario }) => scenario === 'copy-cost');
    writeFileSync(paths[0]!, JSON.stringify({ ...first, results, ratios: [] }));
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

  it.each([2, 3])(
    'loses with each of %d threads that end the file that it was reading, and no other',
    async (threads) => {
      const paths = writeSmallFleet(scratchFolder(), 12);
      // A name here; where it was posted to there is no way to make a text of it, which no error of a file is.
      const poison = Object.assign(Object.create({ [Symbol.toPrimitive]: () => 'poison' }), {
        toString: 0,
        valueOf: 0,
      });
      const all = [
        poison,
        ...paths.slice(0, 5),
        poison,
        ...paths.slice(5, 9),
        poison,
        poison,
        poison,
        ...paths.slice(9),
      ];
      let told = 0;
      const fleet = await readFleet(all, { threads, onFile: () => told++ });
      expect(fleet.runs.map(({ source }) => source)).toEqual(paths);
      expect(fleet.failures.map(({ code, message }) => `${code} ${message.slice(0, 34)}`)).toEqual(
        new Array(5).fill('ERR_WORKER_DIED the thread that read poison has en'),
      );
      expect([fleet.files, told]).toEqual([17, 17]);
    },
  );

  it('ends where more threads than files are asked for, and without a file', async () => {
    const paths = writeSmallFleet(scratchFolder(), 2);
    expect((await readFleet(paths, { threads: 4 })).runs).toHaveLength(2);
    expect((await readFleet([])).runs).toEqual([]);
    expect((await readFleet([], { threads: 2 })).files).toBe(0);
  });
});
