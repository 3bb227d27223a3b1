import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { scratchFolder } from '../scratch.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const BUILT = 'build/Release/copytax.node';
const UP_TO_DATE = 'build-native: up to date\n';

describe('scripts/build-native.cjs', () => {
  let folder: string;

  beforeEach(() => {
    folder = scratchFolder();
    mkdirSync(join(folder, 'scripts/start'), { recursive: true });
    for (const script of ['build-native.cjs', 'check-node.cjs', 'streams.cjs', 'start/lock.cjs']) {
      cpSync(join(root, 'scripts', script), join(folder, 'scripts', script));
    }
    mkdirSync(join(folder, 'native/copy'), { recursive: true });
    for (const file of ['binding.gyp', 'native/copy/kernels.h', 'native/copy/kernels.cc']) {
      writeFileSync(join(folder, file), '{}');
      // A `Date` has no fractions of a millisecond, but a file that was just written does.
      const earlier = new Date(Date.now() - 10_000);
      utimesSync(join(folder, file), earlier, earlier);
    }
  });

  /** Without a PATH there is no compiler: then only what is up to date ends well. */
  const build = (env: Record<string, string | undefined> = { PATH: '/nowhere' }) =>
    spawnSync(process.execPath, [join(folder, 'scripts/build-native.cjs')], { cwd: folder, env, encoding: 'utf8' });

  function takeAddonOfThisPackage(): void {
    mkdirSync(join(folder, 'build/Release'), { recursive: true });
    cpSync(join(root, BUILT), join(folder, BUILT));
    const now = new Date();
    utimesSync(join(folder, BUILT), now, now);
  }

  it('names every missing tool and one command that installs them', () => {
    const { status, stderr } = build();
    expect(status).toBe(1);
    expect(stderr).toBe(
      'build-native: python3, make, g++ not found. Install what is missing: sudo apt-get install -y python3 make g++\n',
    );
  });

  it('shows the end of the log when the addon does not compile', () => {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'binding.gyp'), '{"targets": [{"target_name": "x", "sources": ["native/x.cc"]}]}');
    writeFileSync(join(folder, 'native/x.cc'), '#error not today\n');
    const { status, stderr } = build(process.env);
    expect(status).toBe(1);
    expect(stderr).toContain('not today');
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^build-native: .* log is in build\/build.log$/);
  });

  it.each(['binding.gyp', 'native/copy/kernels.h', 'native/copy/kernels.cc'])(
    'builds nothing while the addon is newer than its sources, and builds it when %s has changed',
    (source) => {
      takeAddonOfThisPackage();
      expect(build()).toMatchObject({ status: 0, stdout: UP_TO_DATE });
      const later = new Date(Date.now() + 10_000);
      utimesSync(join(folder, source), later, later);
      expect(build().status).toBe(1);
    },
  );

  it('builds again what does not load', () => {
    takeAddonOfThisPackage();
    expect(build().status).toBe(0);
    truncateSync(join(folder, BUILT), 4096);
    expect(build()).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('not found. Install') });
  });

  it('builds again what came with the folder from a host of another architecture', () => {
    takeAddonOfThisPackage();
    const addon = readFileSync(join(folder, BUILT));
    addon.writeUInt16LE(process.arch === 'x64' ? 183 : 62, 18); // the field e_machine of ELF
    writeFileSync(join(folder, BUILT), addon);
    expect(build().status).toBe(1);
  });
});
