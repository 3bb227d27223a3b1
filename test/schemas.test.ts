import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { later, zod } from '../lib/schemas.js';

describe('later', () => {
  it('makes a schema at its first use, and only then', () => {
    let count = 0;
    const schema = later((z) => {
      count++;
      return z.object({ bytes: z.int() });
    });
    expect(count).toBe(0);
    expect(schema().parse({ bytes: 1 })).toEqual({ bytes: 1 });
    expect(schema()).toBe(schema());
    expect(count).toBe(1);
  });
});

describe('the instrument and the traces', () => {
  it('load zod when the first document is checked, not with their door', () => {
    const program = `
      const loaded = () => Object.keys(require.cache).filter((file) => file.includes('/node_modules/zod/')).length;
      import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      const { parseResult } = await import(process.argv[1]);
      await import(process.argv[2]);
      const before = loaded();
      try { parseResult({ schema: 'copytax.result/3' }, 'x.json'); } catch {}
      process.stdout.write(JSON.stringify([before, loaded() > 0]));`;
    const doors = ['../lib/bench/index.js', '../lib/trace/index.js'].map((file) => new URL(file, import.meta.url).href);
    const cwd = fileURLToPath(new URL('../..', import.meta.url));
    const args = ['--input-type=module', '-e', program, ...doors];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({ stdout: '[0,true]', stderr: '' });
  });
});

describe('zod', () => {
  it('is loaded once', () => {
    expect(zod()).toBe(zod());
  });
});
