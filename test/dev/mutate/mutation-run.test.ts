import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Ending } from '../../../dev/mutate/finder.js';
import { type MutationHooks, mutationRun } from '../../../dev/mutate/mutation-run.js';
import type { Plant } from '../../../dev/mutate/plant.js';

const plant = (name: string, text: string, finders: readonly string[]): Plant => {
  return { name, kind: 'bounds and arithmetic', file: 'lib/sum.ts', text, replacement: 'a - b', finders };
};

describe('mutationRun()', () => {
  let root: string;
  const calls: string[] = [];

  /** Blind never notices anything, keen does where a sum is planted, broken fails always. */
  const run = async (folder: string, finder: string): Promise<Ending> => {
    const isPlanted = readFileSync(join(folder, 'dist/lib/sum.js'), 'utf8').includes('a - b');
    calls.push(`${finder}${isPlanted ? ', planted' : ''}`);
    return finder.endsWith('broken') || (finder.endsWith('keen') && isPlanted) ? 'failed' : 'passed';
  };

  beforeEach(() => {
    calls.length = 0;
    root = mkdtempSync(join(tmpdir(), 'copytax-root-'));
    mkdirSync(join(root, 'lib'));
    mkdirSync(join(root, 'dist/lib'), { recursive: true });
    for (const name of ['blind', 'keen', 'broken']) mkdirSync(join(root, 'test', name), { recursive: true });
    for (const file of ['lib/sum.ts', 'dist/lib/sum.js']) {
      writeFileSync(join(root, file), 'export const sum = (a, b) => a + b;\n');
    }
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const outcomes = async (plants: readonly Plant[], hooks: Partial<MutationHooks> = {}) => {
    const findings = await mutationRun(root, plants, { signal: new AbortController().signal, run, ...hooks });
    return findings.map(({ name, outcome, by }) => `${name}: ${outcome} ${by}`);
  };

  it('tells which finder noticed a plant, which survived, and which is stale', async () => {
    const plants = [
      plant('first', 'a + b', ['test/blind', 'test/keen']),
      plant('second', 'a + b', ['test/blind']),
      plant('third', 'a * b', ['test/keen']),
    ];
    expect(await outcomes(plants)).toEqual(['first: noticed test/keen', 'second: survived null', 'third: stale null']);
  });

  it('runs each finder without a plant first, once', async () => {
    await outcomes([plant('first', 'a + b', ['test/keen']), plant('second', 'a + b', ['test/keen'])]);
    expect(calls).toEqual(['test/keen', 'test/keen, planted', 'test/keen, planted']);
  });

  it('leaves out finders that fail without a plant or do not exist', async () => {
    const useless: string[] = [];
    const plants = [plant('first', 'a + b', ['test/broken', 'test/none'])];
    const found = await outcomes(plants, { onUseless: (finder) => useless.push(finder) });
    expect({ found, useless }).toEqual({ found: ['first: survived null'], useless: ['test/broken', 'test/none'] });
  });

  it('returns what it has found when the signal is aborted', async () => {
    const abort = new AbortController();
    const plants = [plant('first', 'a + b', ['test/keen']), plant('second', 'a + b', ['test/keen'])];
    const found = await outcomes(plants, { signal: abort.signal, onFinding: () => abort.abort() });
    expect(found).toEqual(['first: noticed test/keen']);
  });
});
