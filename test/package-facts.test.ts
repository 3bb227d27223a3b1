import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { packageFolder, packageVersion } from '../lib/package-facts.js';
import { scratchFolder } from './scratch.js';

describe('packageFolder', () => {
  it('is the folder of package.json, not that of the built files', () => {
    expect(JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8'))).toMatchObject({
      name: 'copytax',
      version: packageVersion(),
    });
  });
});

describe('packageVersion', () => {
  it('is not that of another package whose folder the code was moved to, and importing it does not fail', async () => {
    const folder = scratchFolder();
    const moved = join(folder, 'out/bundle/package-facts.mjs');
    mkdirSync(join(folder, 'out/bundle'), { recursive: true });
    cpSync(join(packageFolder(), 'dist/lib/package-facts.js'), moved);
    const facts = async (query: string) => {
      const module = await import(`${pathToFileURL(moved).href}?${query}`);
      return { folder: module.packageFolder(), version: module.packageVersion() };
    };
    const bundled = { folder: '', version: 'bundled' };
    expect(await facts('no-file')).toEqual(bundled);
    writeFileSync(join(folder, 'package.json'), '{"name":"other","version":"9.9.9"}');
    expect(await facts('another')).toEqual(bundled);
    writeFileSync(join(folder, 'package.json'), '{"name":"copytax","version":"9.9.9"}');
    expect(await facts('its-own')).toEqual({ folder: `${folder}/`, version: '9.9.9' });
  });
});

describe('package.json', () => {
  it('packs all files that an installed copytax runs, reads and builds, and leaves the build to it', () => {
    const manifest = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8'));
    expect(manifest.files).toEqual(
      expect.arrayContaining([
        'dist/lib',
        'dist/benchmarks',
        'benchmarks/data',
        'native',
        'scripts/build-native.cjs',
        'binding.gyp',
      ]),
    );
    expect(manifest.gypfile).toBe(false);
  });
});
