import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { scratchFolder } from '../scratch.js';

const { current, compile, orphans } = createRequire(import.meta.url)('../../../scripts/start/compile.cjs') as {
  current(root: string): boolean;
  compile(root: string): Promise<void>;
  orphans(root: string): string[];
};

describe('the compiled tree', () => {
  let folder: string;
  beforeEach(() => {
    folder = scratchFolder();
    for (const file of ['tsconfig.json', 'package-lock.json', 'lib/net/skb.ts', 'test/net/skb.test.ts']) write(file);
  });

  function write(file: string): void {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), file);
  }

  /** Stands for the compiler: makes a file for each source, and does what else it is told to. */
  function compilerThat(does = ''): void {
    const tsc = join(folder, 'node_modules/typescript/bin/tsc');
    mkdirSync(dirname(tsc), { recursive: true });
    writeFileSync(
      tsc,
      `const fs = require('node:fs');
       for (const file of ['lib/net/skb', 'test/net/skb.test']) {
         fs.mkdirSync('dist/' + file + '/..', { recursive: true });
         fs.writeFileSync('dist/' + file + '.js', '');
       }
       ${does}`,
    );
  }

  it('is current once it was compiled, until a source or a setting changes', async () => {
    compilerThat();
    for (const file of ['lib/net/skb.ts', 'tsconfig.json', 'package-lock.json']) {
      await compile(folder);
      expect(current(folder)).toBe(true);
      writeFileSync(join(folder, file), 'changed');
      expect(current(folder)).toBe(false);
    }
  });

  it('is not current where a source has changed while it was compiled, nor where it does not compile', async () => {
    compilerThat(`fs.writeFileSync('lib/net/skb.ts', 'changed meanwhile');`);
    await compile(folder);
    expect(current(folder)).toBe(false);
    compilerThat();
    await compile(folder);
    expect(current(folder)).toBe(true);
    compilerThat('process.exit(1);');
    await expect(compile(folder)).rejects.toThrow('does not compile');
    expect(current(folder)).toBe(false);
  });

  it('loses the files whose sources are gone when it is compiled', async () => {
    compilerThat();
    write('dist/lib/net/gone.js');
    await compile(folder);
    expect([orphans(folder), current(folder)]).toEqual([[], true]);
  });

  it('is not current before it was compiled', () => {
    expect(current(folder)).toBe(false);
  });

  it('has no file whose source is gone', () => {
    write('dist/lib/net/skb.js');
    write('dist/lib/net/skb.d.ts');
    for (const file of ['dist/test/net/gone.test.js', 'dist/test/net/gone.test.js.map', 'dist/lib/old/x.d.ts']) {
      write(file);
    }
    expect(orphans(folder).map((file) => file.slice(folder.length + 1))).toEqual([
      'dist/lib/old/x.d.ts',
      'dist/test/net/gone.test.js',
      'dist/test/net/gone.test.js.map',
    ]);
  });
});
