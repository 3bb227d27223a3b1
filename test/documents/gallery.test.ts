/** The page of all pictures: none that copytax draws is forgotten. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

interface Entry {
  readonly file: string;
  readonly shown: string;
  readonly made: { readonly path: string; readonly svg: string } | null;
}

interface Gallery {
  readonly KINDS: readonly string[];
  gallery(root: string, newest: string | null): readonly Entry[];
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
const NEWEST = 'benchmarks/results/amd-epyc-family-26-2-cpu-kvm.json';

describe('the gallery', () => {
  it('has every kind of picture, each of a committed result', async () => {
    const script = new URL('../../../scripts/gallery-docs.mjs', import.meta.url).href;
    const { KINDS, gallery } = (await import(script)) as Gallery;
    const entries = gallery(root, NEWEST);
    expect(entries.map(({ file }) => file).toSorted()).toEqual(KINDS.toSorted());
    const without = entries.filter(({ made }) => made === null).map(({ file }) => file);
    expect(without).toEqual([]);
    const page = readFileSync(`${root}docs/gallery.md`, 'utf8');
    for (const { made, shown } of entries.filter((entry) => entry.made !== null)) {
      expect([shown, page.includes(`](${shown})`), page.includes(`](../${made!.path})`)]).toEqual([shown, true, true]);
      expect([shown, existsSync(`${root}docs/${shown}`)]).toEqual([shown, true]);
    }
  });
});
