import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findProgram, missingLine, outputOf, versionOf } from '../../../dev/tools/programs.js';
import { FakeTools } from './fixtures/fake-tools.js';

let tools: FakeTools;
beforeEach(() => {
  tools = new FakeTools();
});
afterEach(() => tools.remove());

describe('A program of others', () => {
  it('is looked for in all folders of PATH, and found where it can be executed', () => {
    const empty = join(tools.folder, 'empty');
    mkdirSync(join(empty, 'perf'), { recursive: true });
    writeFileSync(join(empty, 'mbw'), '');
    const [mbw, perf] = [tools.add('mbw', ''), tools.add('perf', '')];
    const path = `:/nowhere:${empty}:${tools.folder}`;
    expect({ mbw: findProgram('mbw', path), perf: findProgram('perf', path) }).toEqual({ mbw, perf });
    expect(findProgram('stress-ng', path)).toBeNull();
    expect(findProgram('mbw', '')).toBeNull();
  });

  it('that is missing is said with the package that has it', () => {
    expect(missingLine('perf')).toBe('SKIPPED: perf is not installed: apt-get install linux-perf');
  });

  it('returns what it printed', () => {
    expect(outputOf(tools.add('mbw', 'a\nb\n'), [])).toBe('a\nb\n');
  });

  it('is one clear error if it fails or is not there', () => {
    const failing = tools.add('mbw', '', 3);
    expect(() => outputOf(failing, ['-q'])).toThrow(
      expect.objectContaining({ code: 'ERR_USAGE', message: `${failing} -q does not run: it ended with 3` }),
    );
    expect(() => outputOf('/nowhere/mbw', [])).toThrow(/\/nowhere\/mbw does not run: spawnSync \/nowhere\/mbw ENOENT/);
  });

  it('has the version that it prints, or none', () => {
    const perf = tools.add('perf', 'perf version 6.1.187\n');
    const stress = tools.add('stress-ng', 'stress-ng, version 0.15.06 (gcc 12.2.0, x86_64 Linux 6.1)\n');
    expect([versionOf('perf', perf), versionOf('stress-ng', stress)]).toEqual(['6.1.187', '0.15.06']);
    expect(versionOf('perf', tools.add('perf', 'no version\n'))).toBeNull();
    expect(versionOf('perf', tools.add('perf', '', 1))).toBeNull();
  });
});
