import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import * as bench from '../lib/bench/index.js';
import * as model from '../lib/index.js';
import { addon } from '../lib/memory/addon.js';
import * as report from '../lib/report/index.js';
import * as trace from '../lib/trace/index.js';

/** The names that a program can import. A changed list is a changed interface: say so in CHANGELOG.md. */
const SURFACE = {
  copytax: [
    ...['CopytaxError', 'remedyFor', 'PAGE_SIZE', 'SEGMENT_BYTES', 'SEGMENT_SLOTS', 'SLOT_SIZE'],
    ...[
      'Region',
      'COPY_KERNEL_NAMES',
      'copyKernelIndex',
      'allCopyKernels',
      'chooseCopyKernel',
      'checksum',
      'copy',
      'flush',
      'timedCopy',
    ],
    ...['CopyList', 'LIST_CAPACITY'],
    ...['Arena', 'Cpu', 'CpuTable', 'CopyLedger', 'PROCESS', 'SITES', 'SOFTIRQ'],
    ...[
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
    ],
    ...[
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
    ],
    ...['networkDevice', 'Dma', 'MAPPING_ERROR', 'COMPLETION_MODES'],
    ...[
      'DESIGN_NAMES',
      'DESIGNS',
      'FREE_DISPATCHES',
      'machineConfig',
      'InlineMachine',
      'ThreadedMachine',
      'TxHost',
      'GROWTH_MODES',
    ],
  ],
  'copytax/trace': ['parseOracleTrace', 'readOracleTrace', 'verifyFile', 'verifyTrace'],
  'copytax/report': ['LOWER_BOUND', 'plots', 'textReport', 'verdict'],
};

const names = (namespace: object) => Object.keys(namespace).sort();

describe('a program', () => {
  it('can import these names from copytax', () => {
    expect(names(model)).toEqual([...SURFACE.copytax].sort());
  });

  it('can import these names from copytax/trace', () => {
    expect(names(trace)).toEqual(SURFACE['copytax/trace']);
  });

  it('can import these names from copytax/report', () => {
    expect(names(report)).toEqual(SURFACE['copytax/report']);
  });

  it('can import what a run of its own needs from copytax/bench', () => {
    expect(names(bench)).toEqual(
      expect.arrayContaining(['defaultSettings', 'hostFacts', 'parseResult', 'readResult', 'runScenarios']),
    );
  });
});

describe('the addon', () => {
  const source = readFileSync(fileURLToPath(new URL('../../lib/memory/addon.ts', import.meta.url)), 'utf8');
  const declared = /export interface Addon \{\n(.*?)\n\}/s.exec(source)?.[1]?.matchAll(/^ {2}(\w+)\(/gm) ?? [];

  it('exports exactly the functions that its interface declares', () => {
    const exported = addon() as unknown as Record<string, unknown>;
    expect(names(exported)).toEqual([...declared].map((match) => match[1]).sort());
    expect(Object.values(exported).every((value) => typeof value === 'function')).toBe(true);
  });
});
