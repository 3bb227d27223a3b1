import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const read = (file: string) => readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');

describe('the runtime dependencies', () => {
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };

  it('are justified one by one in docs/design/0012', () => {
    const justified = [...read('docs/design/0012-runtime-dependencies.md').matchAll(/^### `(.+)`$/gm)];
    expect(justified.map(([, name]) => name)).toEqual(Object.keys(dependencies).sort());
  });

  it('bring no packages of their own', () => {
    const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { dependencies?: object }> };
    const brought = Object.keys(dependencies).map((name) => lock.packages[`node_modules/${name}`]?.dependencies);
    expect(brought).toEqual(Object.keys(dependencies).map(() => undefined));
  });
});

describe('scripts/pack/bundle.mjs', () => {
  it('finds the doors in package.json', async () => {
    const script = new URL('../../scripts/pack/bundle.mjs', import.meta.url);
    const { doors } = (await import(script.href)) as { doors(root: string): Record<string, string> };
    const found = doors(fileURLToPath(new URL('../..', import.meta.url)));
    expect(found).toMatchObject({ model: 'lib/index.js', plots: 'lib/report/plots/index.js' });
    expect(Object.values(found).filter((file) => !/^(lib|benchmarks)\/.+\.js$/.test(file))).toEqual([]);
  });
});

describe("imports of Node's own modules, in the bundle,", () => {
  async function bundled(code: string) {
    const script = new URL('../../scripts/pack/bundle.mjs', import.meta.url);
    const { withoutBuiltinImports } = (await import(script.href)) as {
      withoutBuiltinImports(code: string): { text: string; define: Record<string, string> };
    };
    return withoutBuiltinImports(code);
  }

  it('are values where Node has loaded the module, whatever a program replaces in it later', async () => {
    const { text, define } = await bundled("import { readFileSync, statSync as stat } from 'node:fs';\n");
    const read = new Function('process', `${text}return () => [readFileSync(), stat()];`) as (
      given: unknown,
    ) => () => string[];
    const fs = { readFileSync: () => 'ours', statSync: () => 'ours' };
    const call = read({ getBuiltinModule: (name: string) => (name === 'node:fs' ? fs : null) });
    Object.assign(fs, { readFileSync: () => 'theirs', statSync: () => 'theirs' });
    expect(call()).toEqual(['ours', 'ours']);
    expect(define).toEqual({});
  });

  it('load any other module at the first use of a name', async () => {
    const { text, define } = await bundled("import { Worker } from 'node:worker_threads';\nimport 'node:zlib';\n");
    expect(define).toEqual({ Worker: 'node_worker_threads.Worker' });
    const loaded: string[] = [];
    const getBuiltinModule = (name: string) => loaded.push(name) && { Worker: 'the class' };
    const holder = new Function('process', `${text}return node_worker_threads;`)({ getBuiltinModule });
    expect(loaded).toEqual([]);
    expect(holder.Worker).toBe('the class');
    expect(loaded).toEqual(['node:worker_threads']);
  });

  it('may be of the whole module, of names of it, or of both', async () => {
    const { text, define } = await bundled("import Module, { createRequire as make } from 'node:module';\n");
    expect(define).toEqual({ Module: 'node_module.Module', make: 'node_module.make' });
    const whole = { createRequire: 'a function' };
    const holder = new Function('process', `${text}return node_module;`)({ getBuiltinModule: () => whole });
    expect([holder.Module, holder.make]).toEqual([whole, 'a function']);
  });
});

describe('scripts/pack/parts.mjs', () => {
  interface Module {
    readonly isExternal: boolean;
    readonly importedIds: readonly string[];
    readonly code: string;
  }
  type Partition = (
    dist: string,
    doors: Record<string, string>,
    graph: { getModuleInfo(id: string): Module | null },
  ) => (id: string) => string;

  async function partOf(modules: Record<string, readonly [bytes: number, ...imported: string[]]>) {
    const script = new URL('../../scripts/pack/parts.mjs', import.meta.url);
    const { partition } = (await import(script.href)) as { partition: Partition };
    return partition(
      '/dist',
      { a: 'lib/a.js', b: 'lib/b.js', c: 'lib/c.js' },
      {
        getModuleInfo(id) {
          const [bytes, ...importedIds] = modules[id] ?? [];
          return bytes === undefined ? null : { isExternal: false, importedIds, code: ' '.repeat(bytes) };
        },
      },
    );
  }

  const LARGE = 100_000;

  it('makes a part of what the same doors load, and puts what none loads into parts by folder', async () => {
    const part = await partOf({
      '/dist/lib/a.js': [LARGE, '/dist/lib/both.js', '/dist/lib/only-a.js'],
      '/dist/lib/b.js': [LARGE, '/dist/lib/both.js', 'node:fs'],
      '/dist/lib/only-a.js': [LARGE],
      '/dist/lib/both.js': [LARGE, '/dist/lib/below.js'],
      '/dist/lib/below.js': [LARGE],
      '/dist/lib/c.js': [LARGE],
    });
    const names = ['lib/only-a.js', 'lib/both.js', 'lib/below.js', 'lib/cli/main.js', 'lib/x.js'];
    expect(names.map((name) => part(`/dist/${name}`))).toEqual(['a', 'a-b', 'a-b', 'commands', 'rest']);
  });

  it('joins a small part to one that more doors load, unless that would import what fewer load', async () => {
    const rest = {
      '/dist/lib/b.js': [LARGE, '/dist/lib/a-and-b.js'],
      '/dist/lib/c.js': [LARGE, '/dist/lib/a-and-c.js'],
      '/dist/lib/a-and-b.js': [LARGE],
      '/dist/lib/a-and-c.js': [LARGE],
    } as const;
    const joined = await partOf({ ...rest, '/dist/lib/a.js': [1, '/dist/lib/a-and-b.js'] });
    expect(joined('/dist/lib/a.js')).toBe('a-b');
    const apart = await partOf({ ...rest, '/dist/lib/a.js': [1, '/dist/lib/a-and-b.js', '/dist/lib/a-and-c.js'] });
    expect(apart('/dist/lib/a.js')).toBe('a');
  });
});
