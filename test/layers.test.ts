import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { findings, type Tree } from './layers/rules.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

function readTree(...folders: string[]): Tree {
  const tree = new Map<string, string>();
  for (const folder of folders) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      const file = `${folder}/${entry}`;
      if (file.endsWith('.ts')) tree.set(file, readFileSync(join(root, file), 'utf8'));
    }
  }
  return tree;
}

describe('the source tree', () => {
  it('imports only upwards, and loads the addon in one place', () => {
    const tree = readTree('lib', 'benchmarks');
    expect(tree.size).toBeGreaterThan(10);
    expect(findings(tree)).toEqual([]);
  });
});

describe('the checker', () => {
  const one = (file: string, text: string) => findings(new Map([[file, text]]));

  it.each([
    ['lib/memory/region.ts', "\nimport { x } from '../net/skb.js';\n", 'lib/memory/region.ts:2'],
    ['lib/net/skb.ts', "import {\n  x,\n  y,\n} from '../bench/clock.js';", 'lib/net/skb.ts:4'],
    ['lib/net/skb.ts', "import type { X } from '../host/host.js';", 'lib/net/skb.ts:1'],
    ['lib/page/frag.ts', "export * from '../dma/map.js';", 'lib/page/frag.ts:1'],
    ['lib/page/frag.ts', "import '../dma/map.js';", 'lib/page/frag.ts:1'],
    ['lib/host/cpu.ts', "await import('../bench/clock.js')", 'lib/host/cpu.ts:1'],
    ['lib/host/cpu.ts', "new URL('../cli/main.js', import.meta.url)", 'lib/host/cpu.ts:1'],
    ['lib/bench/runner.ts', "import x from '../../benchmarks/tx-designs.js';", 'lib/bench/runner.ts:1'],
    ['lib/index.ts', "export * from './bench/index.js';", 'lib/index.ts:1'],
    ['lib/net/skb.ts', "import x from '../../scripts/start.cjs';", 'lib/net/skb.ts:1'],
  ])('finds a forbidden import in %s', (file, text, place) => {
    expect(one(file, text)).toEqual([expect.stringContaining(`${place}: `)]);
  });

  it('finds a second loader of the addon', () => {
    expect(one('lib/bench/clock.ts', "require('x/copytax.node')")).toHaveLength(1);
    expect(one('lib/bench/clock.ts', 'process.dlopen(module, file)')).toHaveLength(1);
    expect(one('lib/memory/addon.ts', "require('x/copytax.node')")).toEqual([]);
  });

  it('finds files named after nothing', () => {
    for (const file of ['lib/net/index.ts', 'lib/net/utils.ts', 'lib/bench/string-helpers.ts', 'lib/odd/file.ts']) {
      expect(one(file, '')).toHaveLength(1);
    }
  });

  it('accepts what is allowed', () => {
    expect(one('lib/net/skb.ts', "import { x } from '../dma/map.js';\nimport fs from 'node:fs';")).toEqual([]);
    expect(one('lib/net/skb.ts', "import { x } from './queue.js'; // not from '../cli/main.js'")).toEqual([]);
    expect(one('lib/cli/bench.ts', "import { x } from '../../benchmarks/index.js';")).toEqual([]);
    expect(one('lib/cli/facts.ts', "new URL('../../../package.json', import.meta.url)")).toEqual([]);
    expect(one('lib/bench/index.ts', "/* import x from '../cli/main.js' */")).toEqual([]);
    expect(one('lib/net/skb.ts', "const url = 'https://x'; import { y } from '../dma/map.js';")).toEqual([]);
  });
});
