import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { scratchFolder } from '../scratch.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const BUILT = 'build/Release/copytax.node';

describe('scripts/build-native.cjs', () => {
  let folder: string;

  beforeEach(() => {
    folder = scratchFolder();
    mkdirSync(join(folder, 'scripts'));
    cpSync(join(root, 'scripts/build-native.cjs'), join(folder, 'scripts/build-native.cjs'));
    mkdirSync(join(folder, 'native'));
    writeFileSync(join(folder, 'binding.gyp'), '{}');
  });

  const build = (env: Record<string, string | undefined> = process.env) =>
    spawnSync(process.execPath, [join(folder, 'scripts/build-native.cjs')], { cwd: folder, env, encoding: 'utf8' });

  it('names every missing tool and one command that installs them', () => {
    const { status, stderr } = build({ PATH: '/nowhere' });
    expect(status).toBe(1);
    expect(stderr).toBe(
      'build-native: python3, make, g++ not found. Install what is missing: sudo apt-get install -y python3 make g++\n',
    );
  });

  it('shows the end of the log when it does not compile', () => {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'binding.gyp'), '{"targets": [{"target_name": "x", "sources": ["native/x.cc"]}]}');
    writeFileSync(join(folder, 'native/x.cc'), '#error not today\n');
    const { status, stderr } = build();
    expect(status).toBe(1);
    expect(stderr).toContain('not today');
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^build-native: .* log is in build\/build.log$/);
  });

  it('does nothing while the addon is newer than its sources', () => {
    mkdirSync(join(folder, 'build/Release'), { recursive: true });
    cpSync(join(root, BUILT), join(folder, BUILT));
    expect(build({ PATH: '/nowhere' })).toMatchObject({ status: 0, stdout: 'build-native: up to date\n' });
    const later = new Date(Date.now() + 10_000);
    utimesSync(join(folder, 'binding.gyp'), later, later);
    expect(build({ PATH: '/nowhere' }).status).toBe(1);
  });
});
