import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import * as bench from '../benchmarks/bench-door.js';
import { addon } from '../lib/addon/addon.js';
import * as model from '../lib/index.js';
import * as report from '../lib/report/index.js';
import * as pictures from '../lib/report/plots/index.js';
import * as slots from '../lib/slots/index.js';
import * as trace from '../lib/trace/index.js';
import { scratchFolder } from './scratch.js';

/** The names that a program can import. A changed list is a changed interface: say so in CHANGELOG.md. */
const SURFACE = {
  copytax: [
    'CopytaxError',
    'isCopytaxError',
    'isErrorCode',
    'remedyFor',
    'PAGE_SIZE',
    'SEGMENT_BYTES',
    'SEGMENT_SLOTS',
    'SLOT_SIZE',
    'Region',
    'COPY_KERNEL_NAMES',
    'copyKernelIndex',
    'allCopyKernels',
    'chooseCopyKernel',
    'checksum',
    'copy',
    'flush',
    'timedCopy',
    'CopyList',
    'LIST_CAPACITY',
    'Arena',
    'Cpu',
    'CpuTable',
    'CopyLedger',
    'PROCESS',
    'SITES',
    'SOFTIRQ',
    'NO_SLOT',
    'SlotPool',
    'NO_ADDRESS',
    'SynchronousMapping',
    'DIRECTION',
    'RegionBounces',
    'Swiotlb',
    'bootPool',
    'confidentialGuestBytes',
    'parseBootParam',
    'parseEarlierBootParam',
    'PAGE_TYPE',
    'NO_PAGE',
    'PageTable',
    'AllocatorHook',
    'TypedFolio',
    'LeakedBlocks',
    'PageOwners',
    'FreeCounters',
    'PercentLimit',
    'DeviceTable',
    'BouncePages',
    'SystemPages',
    'PageFrag',
    'ReferencedPages',
    'BouncePageMemory',
    'NOT_SHARED',
    'SHARED',
    'STAYS_MAPPED',
    'LearnedSource',
    'OneSource',
    'SkbFiller',
    'PageRefs',
    'PageReferences',
    'Registered',
    'slotPoolPages',
    'addDesign',
    'designOf',
    'networkDevice',
    'Dma',
    'MAPPING_ERROR',
    'COMPLETION_MODES',
    'DESIGN_NAMES',
    'ALL_DESIGN_NAMES',
    'FRAG_ORDER',
    'MAX_FRAGS',
    'DESIGNS',
    'FREE_DISPATCHES',
    'machineConfig',
    'InlineMachine',
    'ThreadedMachine',
    'TxHost',
    'GROWTH_MODES',
    'HARDIRQ',
    'NET_RX',
    'NET_TX',
    'ZONE',
  ],
  'copytax/slots': [
    'Arena',
    'BounceMapping',
    'CopytaxError',
    'Cpu',
    'DIRECTION',
    'Folios',
    'NO_ADDRESS',
    'NO_SLOT',
    'PAGE_SIZE',
    'PAGE_TYPE',
    'RegionBounces',
    'SEGMENT_BYTES',
    'SLOT_SIZE',
    'SlotPool',
    'Slots',
    'Swiotlb',
    'remedyFor',
  ],
  'copytax/trace': [
    'capturedLoad',
    'parseOracleTrace',
    'readCapture',
    'readOracleTrace',
    'replayCapture',
    'sidecarOf',
    'sizePool',
    'verifyFile',
    'verifyTrace',
  ],
  'copytax/report': ['LOWER_BOUND', 'SUBJECTS', 'textReport', 'verdict'],
  'copytax/plots': ['plots'],
};

/** Of copytax/bench, whose other names are those of the instrument. */
const NEEDED = [
  'comparison',
  'fromTinybench',
  'measure',
  'readResult',
  'scenarios',
  'defaultSettings',
  'hostFacts',
  'parseResult',
  'runScenarios',
  'setEngineFlags',
  'thisHost',
  'affinity',
  'cacheLineRoundTrip',
  'clockNs',
  'counters',
  'cpuFacts',
  'currentCpu',
  'pinThread',
  'lastLevelCacheBytes',
  'random',
  'randomInt',
  'seedFor',
  'shuffled',
  'threadUsage',
];

const names = (namespace: object) => Object.keys(namespace).sort();

describe('a program', () => {
  it('can import these names from copytax', () => {
    expect(names(model)).toEqual([...SURFACE.copytax].sort());
  });

  it('can import these names from copytax/slots', () => {
    expect(names(slots)).toEqual(SURFACE['copytax/slots']);
  });

  it('can import these names from copytax/trace', () => {
    expect(names(trace)).toEqual(SURFACE['copytax/trace']);
  });

  it('can import these names from copytax/report', () => {
    expect(names(report)).toEqual(SURFACE['copytax/report']);
  });

  it('can import these names from copytax/plots', () => {
    expect(names(pictures)).toEqual(SURFACE['copytax/plots']);
  });

  it('can import what a run of its own needs from copytax/bench', () => {
    expect(names(bench)).toEqual(expect.arrayContaining(NEEDED));
  });
});

describe('the shapes of what a program can import', () => {
  const load = async () =>
    (await import(new URL('../../scripts/surface.mjs', import.meta.url).href)) as {
      FILE: string;
      surface(root: string): string;
      schemas(root: string): Promise<Record<string, string>>;
    };

  it('are those of test/fixtures/surface.txt: run `npm run surface` after an intended change', async () => {
    const { FILE, surface } = await load();
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const committed = readFileSync(join(root, FILE), 'utf8');
    expect(surface(root).split('\n')).toEqual(committed.split('\n'));
  });

  it('and of files are those of schemas: run `npm run surface` after an intended change', async () => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const made = await (await load()).schemas(root);
    const exported = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).exports as Record<string, string>;
    const names = ['result', 'doctor', 'comparison', 'fleet'];
    const files = names.map((name) => exported[`./schema/${name}`]!.replace('./', ''));
    expect(Object.keys(made)).toEqual(files);
    for (const [file, text] of Object.entries(made)) {
      expect(readFileSync(join(root, file), 'utf8').split('\n')).toEqual(text.split('\n'));
    }
  });

  it('are read from declarations, without comments and private parts', async () => {
    const { surface } = await load();
    const root = scratchFolder();
    const declare = (file: string, text: string) => {
      mkdirSync(dirname(join(root, 'dist', file)), { recursive: true });
      writeFileSync(join(root, 'dist', file), text);
    };
    declare('lib/index.d.ts', "export { C, type T, f, f as g } from './c.js';\n");
    declare(
      'lib/c.d.ts',
      [
        "import type { T } from './t.js';\nexport type { T };",
        'export declare class C {\n    #private;\n    /** Why. */',
        '    readonly x: { y: T; };\n    private constructor();\n}',
        'export declare function f(a: number): T;\nexport declare function f(a: string): T;',
        'export declare class Cat {\n}',
      ].join('\n'),
    );
    declare('lib/t.d.ts', "export type T = 'a' | {\n    b: 1;\n};\nexport type Other = 1;\n");
    for (const entry of ['memory', 'bench', 'slots', 'trace', 'report', 'report/plots']) {
      declare(`lib/${entry}/index.d.ts`, '');
    }
    declare('benchmarks/bench-door.d.ts', 'export declare const scenarios: 1;\n');
    const [, shapes] = surface(root).split(/=== copytax.*===\n\n/);
    expect(shapes).toBe(
      [
        'class C {\n  readonly x: { y: T; };\n}\n',
        "type T = 'a' | {\n  b: 1;\n};\n",
        'function f(a: number): T;\nfunction f(a: string): T;\n',
        'g is another name of f\n\n',
      ].join('\n'),
    );
  });
});

describe('the addon', () => {
  const declared = ['addon', 'network-addon'].flatMap((file) => {
    const path = fileURLToPath(new URL(`../../lib/addon/${file}.ts`, import.meta.url));
    const body = /export interface (?:Addon extends NetworkAddon|NetworkAddon) \{\n(.*?)\n\}/s;
    return [...(body.exec(readFileSync(path, 'utf8'))?.[1]?.matchAll(/^ {2}(\w+)\(/gm) ?? [])];
  });

  it('exports exactly the functions that its interface declares', () => {
    const exported = addon() as unknown as Record<string, unknown>;
    expect(names(exported)).toEqual(declared.map((match) => match[1]).sort());
    expect(Object.values(exported).every((value) => typeof value === 'function')).toBe(true);
  });
});
