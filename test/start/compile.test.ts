import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const { current, orphans } = createRequire(import.meta.url)('../../../scripts/start/compile.cjs') as {
  current(root: string): boolean;
  orphans(root: string): string[];
};

describe('the compiled tree', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'copytax-compile-'));
    for (const file of ['tsconfig.json', 'package-lock.json', 'lib/net/skb.ts', 'test/net/skb.test.ts']) write(file);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(file: string): void {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), file);
  }

  it('is not current before it was compiled', () => {
    expect(current(folder)).toBe(false);
  });

  it('has no business with files whose source is gone', () => {
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
