import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { transformSync } from 'esbuild';
import { exists } from '../../../../dev/mutate/finder.js';
import { isFinder, planted } from '../../../../dev/mutate/plant.js';
import { PLANTS } from '../../../../dev/mutate/plants/plants.js';

const ROOT = fileURLToPath(new URL('../../../../../', import.meta.url));
const source = (file: string) => readFileSync(`${ROOT}${file}`, 'utf8');

describe('every planted error', () => {
  it('stands in its file exactly once', () => {
    const stale = PLANTS.filter(
      (plant) => !existsSync(ROOT + plant.file) || planted(source(plant.file), plant) === null,
    );
    expect(stale.map(({ name }) => name)).toEqual([]);
  });

  it('changes the code that runs, and leaves it code', () => {
    const compiled = (text: string) => transformSync(text, { loader: 'ts', minifyWhitespace: true }).code;
    const same = PLANTS.filter((plant) => {
      const text = source(plant.file);
      return compiled(planted(text, plant)!) === compiled(text);
    });
    expect(same).toEqual([]);
  });

  it('has a name of its own', () => {
    const names = PLANTS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has finders that exist', () => {
    const finders = new Set(PLANTS.flatMap((plant) => plant.finders));
    expect([...finders].filter((finder) => !isFinder(finder) || !exists(ROOT, finder))).toEqual([]);
    expect(PLANTS.filter((plant) => plant.finders.length === 0)).toEqual([]);
  });
});
