import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { scratchFolder } from '../scratch.js';

interface Entry {
  version?: string;
  integrity?: string;
  dev?: boolean;
  optional?: boolean;
  devOptional?: boolean;
  resolved?: string;
  optionalDependencies?: Record<string, string>;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const { missing } = createRequire(import.meta.url)('../../../scripts/start/dependencies.cjs') as {
  missing(root: string): string | null;
};

describe('the check for missing packages', () => {
  let folder: string;
  const lock: Record<string, Entry> = {
    '': {},
    'node_modules/a': { version: '1.0.0', integrity: 'x' },
    'node_modules/tool': { version: '2.0.0', integrity: 'y', dev: true },
    'node_modules/other-platform': { version: '1.0.0', optional: true },
    'node_modules/tool-of-other-platform': { version: '1.0.0', devOptional: true },
  };

  beforeEach(() => {
    folder = scratchFolder();
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: lock }));
  });

  function install(packages: Record<string, Entry>): void {
    for (const name of Object.keys(packages)) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));
  }
  const a = lock['node_modules/a']!;
  const tool = lock['node_modules/tool']!;

  it('returns that node_modules is missing in a fresh clone', () => {
    expect(missing(folder)).toBe('node_modules is missing');
  });

  it('returns null after an install for this platform', () => {
    install({ 'node_modules/a': a, 'node_modules/tool': tool });
    expect(missing(folder)).toBeNull();
  });

  it('names development tools, too: libraries that the package brings in its own files are among them', () => {
    install({ 'node_modules/a': a });
    expect(missing(folder)).toBe('node_modules/tool is missing');
  });

  it('names a package of which the lock file wants another version', () => {
    install({ 'node_modules/a': { ...a, version: '0.9.0' }, 'node_modules/tool': tool });
    expect(missing(folder)).toBe('node_modules/a is out of date');
  });

  it('names a package whose folder was removed by hand', () => {
    install({ 'node_modules/a': a, 'node_modules/tool': tool });
    rmSync(join(folder, 'node_modules/a'), { recursive: true });
    expect(missing(folder)).toBe('node_modules/a is missing');
  });
});

describe('package-lock.json', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Entry> };
  const entries = Object.entries(lock.packages);

  // `npm install` drops the binaries of platforms that its registry does not offer; `npm ci` then refuses the file.
  it('lists the optional packages of every platform', () => {
    const optional = entries.flatMap(([, entry]) => Object.keys(entry.optionalDependencies ?? {}));
    expect(optional.length).toBeGreaterThan(0);
    expect(optional.filter((name) => lock.packages[`node_modules/${name}`] === undefined)).toEqual([]);
  });

  it('names no registry, so that every registry can serve it', () => {
    expect(entries.filter(([, entry]) => entry.resolved !== undefined)).toEqual([]);
  });
});
