import { cpSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { scratchFolder } from '../scratch.js';

const { current } = createRequire(import.meta.url)('../../../scripts/start/addon.cjs') as {
  current(root: string): boolean;
};
const built = fileURLToPath(new URL('../../../build/Release/copytax.node', import.meta.url));

describe('the addon', () => {
  let folder: string;
  let addon: string;

  beforeEach(() => {
    folder = scratchFolder();
    addon = join(folder, 'build/Release/copytax.node');
    for (const path of ['native/copy', 'build/Release']) mkdirSync(join(folder, path), { recursive: true });
    for (const source of ['binding.gyp', 'native/copy/kernels.h']) {
      writeFileSync(join(folder, source), '');
      change(source, -10); // a `Date` has no fractions of a millisecond, but a file that was just written does
    }
  });

  function change(file: string, seconds: number): void {
    const time = new Date(Date.now() + 1000 * seconds);
    utimesSync(join(folder, file), time, time);
  }

  it('is not current before it is built', () => {
    expect(current(folder)).toBe(false);
  });

  it('is current until a source changes, also one in a folder below native/', () => {
    cpSync(built, addon);
    change('build/Release/copytax.node', 10);
    expect(current(folder)).toBe(true);
    change('native/copy/kernels.h', 20);
    expect(current(folder)).toBe(false);
    change('build/Release/copytax.node', 30);
    expect(current(folder)).toBe(true);
    change('binding.gyp', 40);
    expect(current(folder)).toBe(false);
  });

  it('is not current when it does not load on this host', () => {
    writeFileSync(addon, 'built for another architecture');
    change('build/Release/copytax.node', 10);
    expect(current(folder)).toBe(false);
  });
});
