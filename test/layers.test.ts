import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { mirrorFindings } from './layers/mirror.js';
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
    const tree = readTree('lib', 'benchmarks', 'dev');
    expect(tree.size).toBeGreaterThan(10);
    expect(findings(tree)).toEqual([]);
  });
});

describe('the tests', () => {
  it('mirror the sources', () => {
    const [sources, tests] = [[...readTree('lib', 'dev').keys()], [...readTree('test').keys()]];
    expect(sources.length).toBeGreaterThan(100);
    expect(mirrorFindings(sources, tests)).toEqual([]);
  });
});

describe('the checker of the mirror', () => {
  const tests = ['test/net/skb.test.ts', 'test/surface.test.ts', 'test/units.test.ts'];

  it('finds what has no test of its name in the same folder', () => {
    expect(mirrorFindings(['lib/net/skb.ts', 'lib/units.ts'], tests, {})).toEqual([]);
    expect(mirrorFindings(['lib/dma/skb.ts', 'lib/net/sk.ts'], tests, {})).toEqual([
      'lib/dma/skb.ts: test/dma/skb.test.ts is not there',
      'lib/net/sk.ts: test/net/sk.test.ts is not there',
    ]);
  });

  it('knows exceptions for as long as they are some', () => {
    const found = (why: Readonly<Record<string, string>>) =>
      mirrorFindings(['lib/index.ts', 'lib/net/skb.ts'], tests, why);
    expect(found({ 'lib/index.ts': 'names: test/surface.test.ts' })).toEqual([]);
    expect(found({ 'lib/index.ts': 'names' })).toEqual([]);
    expect(found({ 'lib/index.ts': 'names: test/none.test.ts' })).toEqual([
      'lib/index.ts: test/none.test.ts is not there',
    ]);
    expect(found({ 'lib/index.ts': '', 'lib/net/skb.ts': '', 'lib/gone.ts': '' })).toEqual([
      'lib/net/skb.ts: is an exception, and has a test',
      'lib/gone.ts: is an exception, and not there',
    ]);
  });
});

describe('the checker', () => {
  const one = (file: string, text: string) => findings(new Map([[file, text]]));

  it.each([
    ['lib/memory/region.ts', "\nimport { x } from '../net/skb.js';\n", 'lib/memory/region.ts:2'],
    ['lib/net/skb.ts', "import {\n  x,\n  y,\n} from '../bench/clock.js';", 'lib/net/skb.ts:4'],
    ['lib/net/skb.ts', "import type { X } from '../machine/run/round.js';", 'lib/net/skb.ts:1'],
    ['lib/page/frag.ts', "export * from '../dma/map.js';", 'lib/page/frag.ts:1'],
    ['lib/page/frag.ts', "import '../dma/map.js';", 'lib/page/frag.ts:1'],
    ['lib/machine/run/cpu.ts', "await import('../../bench/host/clock.js')", 'lib/machine/run/cpu.ts:1'],
    ['lib/faults/fault.ts', "new URL('../cli/main.js', import.meta.url)", 'lib/faults/fault.ts:1'],
    ['lib/bench/run/runner.ts', "import x from '../../benchmarks/tx-designs.js';", 'lib/bench/run/runner.ts:1'],
    ['lib/index.ts', "export * from './bench/index.js';", 'lib/index.ts:1'],
    ['lib/net/skb.ts', "import x from '../../scripts/start.cjs';", 'lib/net/skb.ts:1'],
  ])('finds a forbidden import in %s', (file, text, place) => {
    expect(one(file, text)).toEqual([expect.stringContaining(`${place}: `)]);
  });

  it('finds a second loader of the addon', () => {
    expect(one('lib/bench/host/clock.ts', "require('x/copytax.node')")).toHaveLength(1);
    expect(one('lib/bench/host/clock.ts', 'process.dlopen(module, file)')).toHaveLength(1);
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
    expect(one('lib/cli/commands/bench.ts', "import { x } from '../../../benchmarks/index.js';")).toEqual([]);
    expect(one('lib/cli/facts.ts', "new URL('../../../package.json', import.meta.url)")).toEqual([]);
    expect(one('lib/bench/index.ts', "/* import x from '../cli/main.js' */")).toEqual([]);
    expect(one('lib/net/skb.ts', "const url = 'https://x'; import { y } from '../dma/map.js';")).toEqual([]);
  });
});
