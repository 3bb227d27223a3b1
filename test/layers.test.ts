import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { circlesOf } from './layers/circles.js';
import type { Tree } from './layers/imports.js';
import { mirrorFindings } from './layers/mirror.js';
import { findings } from './layers/rules.js';
import { spreadLiterals } from './layers/style.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The tests of the native code are beside it, and under no rule. */
const isSource = (file: string) => /\.(ts|cc|h)$/.test(file) && !/^native\/(test|yardstick)\//.test(file);

function readTree(...folders: string[]): Tree {
  const tree = new Map<string, string>();
  for (const folder of folders) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      const file = `${folder}/${entry}`;
      if (isSource(file)) tree.set(file, readFileSync(join(root, file), 'utf8'));
    }
  }
  return tree;
}

describe('the source tree', () => {
  it('keeps its rules: order, no circles, one loader of the addon, names, and few files side by side', () => {
    const tree = readTree('native', 'lib', 'benchmarks', 'dev');
    expect(tree.size).toBeGreaterThan(200);
    const tops = new Set([...tree.keys()].map((file) => file.slice(0, file.indexOf('/'))));
    expect([...tops].sort()).toEqual(['benchmarks', 'dev', 'lib', 'native']);
    expect(findings(tree)).toEqual([]);
  });

  it('has no circles among the tests either', () => {
    expect(findings(readTree('test')).filter((found) => found.endsWith('a circle'))).toEqual([]);
  });
});

describe('code', () => {
  it('spreads no literal only to save lines', () => {
    const tree = readTree('lib', 'benchmarks', 'dev', 'test');
    expect([...tree].flatMap(([file, text]) => spreadLiterals(file, text))).toEqual([]);
  });
});

describe('spreadLiterals', () => {
  it('finds literals of objects and of lists, but no spread of a name, of a call, or within a line', () => {
    const planted = ['f({', '  ...{ a, b },', '  ...[c, d].map(e),', '  ...f(g),', '  ...h, i: { ...{ j } },'].join(
      '\n',
    );
    expect(spreadLiterals('lib/a.ts', planted)).toEqual([
      'lib/a.ts:2: write the entries themselves, not a literal that is spread',
      'lib/a.ts:3: write the entries themselves, not a literal that is spread',
    ]);
  });
});

describe('the tests', () => {
  it('mirror the sources', () => {
    const [sources, tests] = [[...readTree('lib', 'dev').keys()], [...readTree('test').keys()]];
    expect(sources.length).toBeGreaterThan(100);
    expect(mirrorFindings(sources, tests)).toEqual([]);
  });
});

describe('the check of the mirror', () => {
  const tests = ['test/net/skb.test.ts', 'test/surface.test.ts', 'test/units.test.ts'];

  it('finds sources without a test of the same name in the same folder', () => {
    expect(mirrorFindings(['lib/net/skb.ts', 'lib/units.ts'], tests, {})).toEqual([]);
    expect(mirrorFindings(['lib/dma/skb.ts', 'lib/net/sk.ts'], tests, {})).toEqual([
      'lib/dma/skb.ts: test/dma/skb.test.ts is missing',
      'lib/net/sk.ts: test/net/sk.test.ts is missing',
    ]);
  });

  it('allows exceptions, for as long as they are true', () => {
    const found = (why: Readonly<Record<string, string>>) =>
      mirrorFindings(['lib/index.ts', 'lib/net/skb.ts'], tests, why);
    expect(found({ 'lib/index.ts': 'names: test/surface.test.ts' })).toEqual([]);
    expect(found({ 'lib/index.ts': 'names' })).toEqual([]);
    expect(found({ 'lib/index.ts': 'names: test/none.test.ts' })).toEqual([
      'lib/index.ts: test/none.test.ts is missing',
    ]);
    expect(found({ 'lib/index.ts': '', 'lib/net/skb.ts': '', 'lib/gone.ts': '' })).toEqual([
      'lib/net/skb.ts: is an exception, and has a test',
      'lib/gone.ts: is an exception, and does not exist',
    ]);
  });
});

describe('circlesOf', () => {
  const graph = (edges: string) =>
    new Map(edges.split(' ').map((edge) => [edge[0]!, [...edge.slice(1)]] as [string, string[]]));

  it.each([
    ['ab bc c', []],
    ['a bac c', []],
    ['ab ba', ['ab']],
    ['ab bc ca', ['abc']],
    ['aa', ['a']],
    ['xa ab bc ca', ['abc']],
    ['ab bc cab', ['abc']],
    ['ab bac cd dc', ['ab', 'cd']],
    ['ab bcd ca da', ['abc']],
  ])('finds in %j the circles %j', (edges, circles) => {
    expect(circlesOf(graph(edges)).map((circle) => circle.join(''))).toEqual(circles);
  });
});

describe('the check of the source tree', () => {
  const one = (file: string, text: string) => findings(new Map([[file, text]]));

  it.each([
    ['lib/memory/region.ts', "\nimport { x } from '../net/skb.js';\n", 'lib/memory/region.ts:2'],
    ['lib/net/skb.ts', "import {\n  x,\n  y,\n} from '../bench/clock.js';", 'lib/net/skb.ts:4'],
    ['lib/net/skb.ts', "import type { X } from '../machine/run/trial.js';", 'lib/net/skb.ts:1'],
    ['lib/page/frag.ts', "export * from '../dma/map.js';", 'lib/page/frag.ts:1'],
    ['lib/page/frag.ts', "import '../dma/map.js';", 'lib/page/frag.ts:1'],
    ['lib/machine/run/cpu.ts', "await import('../../bench/host/clock.js')", 'lib/machine/run/cpu.ts:1'],
    ['lib/faults/fault.ts', "new URL('../cli/main.js', import.meta.url)", 'lib/faults/fault.ts:1'],
    ['lib/bench/run/runner.ts', "import x from '../../benchmarks/tx-designs.js';", 'lib/bench/run/runner.ts:1'],
    ['lib/index.ts', "export * from './bench/index.js';", 'lib/index.ts:1'],
    ['lib/net/skb.ts', "import x from '../../scripts/start.cjs';", 'lib/net/skb.ts:1'],
    ['lib/machine/build/ram.ts', "import type { X } from '../run/trial.js';", 'lib/machine/build/ram.ts:1'],
    ['lib/swiotlb/slots/area.ts', "import type { X } from '../swiotlb.js';", 'lib/swiotlb/slots/area.ts:1'],
    ['lib/report/plots/svg.ts', "import { x } from '../sweep/throughput-model.js';", 'lib/report/plots/svg.ts:1'],
    ['dev/schedule/turns.ts', "import type { X } from '../machine/failure.js';", 'dev/schedule/turns.ts:1'],
    ['benchmarks/slot-pool/loop.ts', "import { x } from '../tx-designs/shapes.js';", 'benchmarks/slot-pool/loop.ts:1'],
    ['benchmarks/shared/host.ts', "import { x } from '../new-question/rig.js';", 'benchmarks/shared/host.ts:1'],
    ['native/cpu/clock.cc', '\n#include "../js/js.h"\n', 'native/cpu/clock.cc:2'],
  ])('finds a forbidden import in %s: %j', (file, text, place) => {
    expect(one(file, text)).toEqual([expect.stringContaining(`${place}: `)]);
  });

  const circleOf = (...files: (readonly [string, string])[]) => findings(new Map(files));

  it('finds two files that import each other, type imports included', () => {
    const first = ['lib/net/a.ts', "import { b } from './b.js';"] as const;
    const types = ['lib/net/a.ts', "import type { B } from './b.js';"] as const;
    const back = ['lib/net/b.ts', "import type { A } from './a.js';"] as const;
    expect(circleOf(first, back)).toEqual(['lib/net/a.ts -> lib/net/b.ts -> lib/net/a.ts: a circle']);
    expect(circleOf(types, back)).toEqual(['lib/net/a.ts -> lib/net/b.ts -> lib/net/a.ts: a circle']);
    expect(circleOf(first, ['lib/net/b.ts', "// import type { A } from './a.js';"])).toEqual([]);
  });

  it('finds a circle of three files, a file that imports itself, and headers that include each other', () => {
    const three = circleOf(
      ['dev/machine/c.ts', "export type { A } from './a.js';"],
      ['dev/machine/a.ts', "import type { B } from './b.js';"],
      ['dev/machine/b.ts', "import { c } from './c.js';"],
    );
    expect(three).toEqual(['dev/machine/a.ts -> dev/machine/b.ts -> dev/machine/c.ts -> dev/machine/a.ts: a circle']);
    expect(one('lib/net/a.ts', "import { a } from './a.js';")).toEqual(['lib/net/a.ts -> lib/net/a.ts: a circle']);
    const headers = circleOf(['native/js/a.h', '#include "b.h"'], ['native/js/b.h', '#include "a.h"']);
    expect(headers).toEqual(['native/js/a.h -> native/js/b.h -> native/js/a.h: a circle']);
  });

  it('finds a folder with too many files side by side, but allows the nouns of the network', () => {
    const full = (folder: string, count: number) =>
      findings(new Map(Array.from({ length: count }, (_, i) => [`${folder}/file-${i}.ts`, ''])));
    expect(full('lib/page', 14)).toEqual([]);
    expect(full('lib/page', 15)).toEqual(['lib/page: 15 files side by side, more than 14: sort them into sub-folders']);
    expect(full('lib/net', 22)).toEqual([]);
    expect(full('lib/net', 23)).toHaveLength(1);
  });

  it('finds a second loader of the addon', () => {
    expect(one('lib/bench/host/clock.ts', "require('x/copytax.node')")).toHaveLength(1);
    expect(one('lib/bench/host/clock.ts', 'process.dlopen(module, file)')).toHaveLength(1);
    expect(one('lib/addon/addon.ts', "require('x/copytax.node')")).toEqual([]);
  });

  it('finds files whose names say nothing', () => {
    for (const file of [
      'lib/net/index.ts',
      'lib/net/utils.ts',
      'lib/bench/string-helpers.ts',
      'lib/odd/file.ts',
      'benchmarks/a/b/c.ts',
    ]) {
      expect(one(file, '')).toHaveLength(1);
    }
  });

  it('accepts imports from the rows above, from the same folder, and from packages', () => {
    expect(one('lib/net/skb.ts', "import { x } from '../dma/map.js';\nimport fs from 'node:fs';")).toEqual([]);
    expect(one('lib/net/skb.ts', "import { x } from './queue.js'; // not from '../cli/main.js'")).toEqual([]);
    expect(one('lib/cli/commands/bench.ts', "import { x } from '../../../benchmarks/index.js';")).toEqual([]);
    expect(one('benchmarks/new-question/rig.ts', "import { x } from '../shared/host.js';")).toEqual([]);
    expect(one('benchmarks/index.ts', "import { x } from './new-question/new-question.js';")).toEqual([]);
    expect(one('lib/cli/facts.ts', "new URL('../../../package.json', import.meta.url)")).toEqual([]);
    expect(one('lib/bench/index.ts', "/* import x from '../cli/main.js' */")).toEqual([]);
    expect(one('lib/net/skb.ts', "const url = 'https://x'; import { y } from '../dma/map.js';")).toEqual([]);
  });
});
