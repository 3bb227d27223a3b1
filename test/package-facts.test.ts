import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PACKAGE_FOLDER, PACKAGE_VERSION } from '../lib/package-facts.js';

describe('PACKAGE_FOLDER', () => {
  it('is the folder of package.json, not that of the built files', () => {
    expect(JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8'))).toMatchObject({
      name: 'copytax',
      version: PACKAGE_VERSION,
    });
  });
});

describe('package.json', () => {
  it('packs all files that an installed copytax runs, reads and builds, and leaves the build to it', () => {
    const manifest = JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8'));
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
