import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Plant } from '../../../dev/mutate/plant.js';
import { Sandbox } from '../../../dev/mutate/sandbox.js';

const PLANT: Plant = {
  name: 'a sum is a difference',
  kind: 'bounds and arithmetic',
  file: 'lib/sum.ts',
  text: 'a + b',
  replacement: 'a - b',
  finders: [],
};

describe('Sandbox', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'copytax-root-'));
    mkdirSync(join(root, 'lib'));
    mkdirSync(join(root, 'dist/lib'), { recursive: true });
    writeFileSync(join(root, 'lib/sum.ts'), 'export const sum = (a: number, b: number) => a + b;\n');
    writeFileSync(join(root, 'dist/lib/sum.js'), 'export const sum = (a, b) => a + b;\n');
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('plants an error in the copy, and takes it out again', () => {
    const sandbox = new Sandbox(root);
    const text = (folder: string) => readFileSync(join(folder, 'dist/lib/sum.js'), 'utf8');
    const sound = text(root);
    const undo = sandbox.plant(PLANT)!;
    expect({ copy: text(sandbox.folder), original: text(root) }).toEqual({
      copy: 'export const sum = (a, b) => a - b;\n',
      original: sound,
    });
    undo();
    expect(text(sandbox.folder)).toBe(sound);
    sandbox.close();
  });

  it('plants nothing that is stale', () => {
    const sandbox = new Sandbox(root);
    expect(sandbox.plant({ ...PLANT, text: 'a * b' })).toBeNull();
    sandbox.close();
  });

  it('removes its copy alone when it is closed', () => {
    const sandbox = new Sandbox(root);
    const seen = existsSync(join(sandbox.folder, 'lib/sum.ts'));
    sandbox.close();
    sandbox.close();
    expect([seen, existsSync(sandbox.folder), existsSync(join(root, 'lib/sum.ts'))]).toEqual([true, false, true]);
  });
});
