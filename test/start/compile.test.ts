import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { scratchFolder } from '../scratch.js';

const { current, orphans } = createRequire(import.meta.url)('../../../scripts/start/compile.cjs') as {
  current(root: string): boolean;
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
