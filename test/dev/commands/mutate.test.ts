import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { chosen } from '../../../dev/commands/mutate.js';
import { readFigures } from '../../../dev/mutate/figures.js';
import { PLANTS } from '../../../dev/mutate/plants/plants.js';
import { scratchFolder } from '../../scratch.js';

const MAIN = fileURLToPath(new URL('../../../dev/main.js', import.meta.url));

function mutate(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'mutate', ...args], { encoding: 'utf8' });
  return { status, stderr, lines: stdout.trimEnd().split('\n') };
}

describe('npm run mutate', () => {
  it('plants an error, prints which test noticed it, ends with the totals, and makes a file of it', () => {
    const out = join(scratchFolder(), 'findings.json');
    const { status, lines } = mutate('--only', 'a pulse is never fresh', '--out', out);
    expect({ status, lines }).toEqual({
      status: 0,
      lines: [
        'bounds and arithmetic: 1 noticed, 0 survived',
        '  a pulse is never fresh (lib/memory/recent-pulse.ts): noticed by test/memory/recent-pulse.test.ts',
        '',
        '1 noticed, 0 survived',
      ],
    });
    expect(readFigures(out).findings.map(({ name }) => name)).toEqual(['a pulse is never fresh']);
  });

  it('prints all errors with --list', () => {
    expect(mutate('--list').lines).toHaveLength(PLANTS.length);
  });

  it('refuses a choice that names none', () => {
    const { status, stderr } = mutate('--only', 'no such error');
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining('--only no such error') as unknown,
    });
  });
});

describe('chosen()', () => {
  it('chooses by name, kind and file', () => {
    const files = new Set(chosen('lib/slots/').map(({ file }) => file.startsWith('lib/slots/')));
    expect({ files: [...files], kinds: new Set(chosen('a lock left out').map(({ kind }) => kind)) }).toEqual({
      files: [true],
      kinds: new Set(['a lock left out']),
    });
    expect(chosen(undefined)).toEqual(PLANTS);
  });
});
