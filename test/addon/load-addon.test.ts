import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AddonPlace, addonStateOf, findAddon, loadAddon, thisPlace } from '../../lib/addon/load-addon.js';
import { packageFolder } from '../../lib/package-facts.js';
import { CLEAN, type RunOptions, runFixture } from '../lifecycle/run-fixture.js';
import { scratchFolder } from '../scratch.js';

const ADDON = findAddon({ ...thisPlace(), named: undefined });

describe('the place of this process', () => {
  it('is this package on this platform', () => {
    const { folder, platform, arch } = thisPlace();
    expect({ folder, platform, arch }).toEqual({ folder: packageFolder(), platform: 'linux', arch: process.arch });
  });
});

describe('COPYTAX_ADDON', () => {
  const { COPYTAX_ADDON: before } = process.env;

  afterEach(() => {
    if (before === undefined) delete process.env.COPYTAX_ADDON;
    else process.env.COPYTAX_ADDON = before;
  });

  it.each([
    ['', undefined],
    ['/a/copytax.node', '/a/copytax.node'],
  ])('names a file unless it is empty: %j', (value, named) => {
    process.env.COPYTAX_ADDON = value;
    expect(thisPlace().named).toBe(named);
  });
});

describe('the search for the addon', () => {
  let folder: string;
  const BUILT = 'build/Release/copytax.node';

  beforeEach(() => {
    folder = scratchFolder();
  });

  function put(...files: string[]): void {
    for (const file of files) {
      mkdirSync(join(folder, file, '..'), { recursive: true });
      writeFileSync(join(folder, file), '');
    }
  }
  const place = (parts: Partial<AddonPlace> = {}): AddonPlace => {
    return { folder, named: undefined, platform: 'linux', arch: 'x64', ...parts };
  };
  const found = (parts?: Partial<AddonPlace>) => findAddon(place(parts));

  it('finds what came with the package for this architecture', () => {
    put('prebuilds/linux-x64/copytax.node', 'prebuilds/linux-arm64/copytax.node');
    expect(found()).toBe(join(folder, 'prebuilds/linux-x64/copytax.node'));
    expect(found({ arch: 'arm64' })).toBe(join(folder, 'prebuilds/linux-arm64/copytax.node'));
  });

  it('prefers what was built on this host', () => {
    put('prebuilds/linux-x64/copytax.node', BUILT);
    expect(found()).toBe(join(folder, BUILT));
  });

  it('prefers to both the file that COPYTAX_ADDON names, also in a bundle', () => {
    put(BUILT, 'named.node');
    const named = join(folder, 'named.node');
    expect(found({ named })).toBe(named);
    expect(found({ named, folder: '' })).toBe(named);
  });

  it('names the folder, the files and the platforms of the package when there is none', () => {
    put('prebuilds/linux-x64/copytax.node', 'prebuilds/linux-arm64/copytax.node', 'prebuilds/README');
    put('prebuilds/linux-s390x/other.node');
    const files = [join(folder, BUILT), join(folder, 'prebuilds/linux-s390x/copytax.node')];
    expect(() => found({ arch: 's390x' })).toThrow(
      expect.objectContaining({
        code: 'ERR_ADDON_NOT_BUILT',
        message:
          `no native addon for linux-s390x in ${folder}: neither ${files[0]} nor ${files[1]}; the package has ` +
          'linux-arm64, linux-x64: run `npx copytax build`, which needs a C++ compiler',
        details: { folder, files, platforms: ['linux-arm64', 'linux-x64'] },
      }),
    );
  });

  it('says that a package has no binaries', () => {
    expect(() => found()).toThrow(expect.objectContaining({ message: expect.stringContaining('has no binaries') }));
  });

  it('refuses a COPYTAX_ADDON that is relative or not there, whatever else is', () => {
    put(BUILT);
    const remedy = 'correct COPYTAX_ADDON, or unset it';
    for (const [named, why] of [
      [BUILT, 'which is not an absolute path'],
      [join(folder, 'gone.node'), 'which is not there'],
    ] as const) {
      const message = `COPYTAX_ADDON names ${named}, ${why}: ${remedy}`;
      const details = { file: named, remedy };
      expect(() => found({ named })).toThrow(
        expect.objectContaining({ code: 'ERR_ADDON_NOT_BUILT', message, details }),
      );
    }
  });

  it('says what to do in a bundle', () => {
    expect(() => found({ folder: '' })).toThrow(
      expect.objectContaining({
        code: 'ERR_ADDON_BUNDLED',
        message: expect.stringMatching(/bundled.*: mark copytax as external in the bundler, or .*COPYTAX_ADDON$/),
      }),
    );
  });
});

describe('the loader of the addon', () => {
  let folder: string;

  beforeEach(() => {
    folder = scratchFolder();
  });

  it('loads the file that was found, twice the same', () => {
    const named = join(folder, 'any-name.node');
    cpSync(ADDON, named);
    const place = { ...thisPlace(), folder: '', named };
    expect(loadAddon(place)).toMatchObject({ regionCreate: expect.any(Function) });
    expect(loadAddon(place)).toBe(loadAddon(place));
  });

  it('names a damaged file and why it does not load', () => {
    const named = join(folder, 'half.node');
    const whole = readFileSync(ADDON);
    writeFileSync(named, whole.subarray(0, whole.length >> 1));
    expect(() => loadAddon({ ...thisPlace(), named })).toThrow(
      expect.objectContaining({
        code: 'ERR_ADDON_DAMAGED',
        message: expect.stringMatching(
          /half\.node does not load \(it was cut off: .*\): install the package again, or /,
        ),
        details: { file: named },
        cause: expect.any(Error),
      }),
    );
  });

  it('passes on what the dynamic linker says', () => {
    const named = join(folder, 'renamed.node');
    const bytes = readFileSync(ADDON);
    const name = bytes.indexOf('libc.so.6\0');
    bytes.write('libx', name);
    writeFileSync(named, bytes);
    expect(name).toBeGreaterThan(0);
    expect(() => loadAddon({ ...thisPlace(), named })).toThrow(
      expect.objectContaining({ code: 'ERR_ADDON_DAMAGED', message: expect.stringContaining('libx.so.6') }),
    );
  });

  /** What a process of its own prints that imports all and then asks for the addon. */
  async function inProcess(options: RunOptions): Promise<string> {
    const file = join(folder, 'use.mjs');
    const module = (name: string) => pathToFileURL(join(packageFolder(), 'dist/lib', name)).href;
    writeFileSync(
      file,
      `await import('${module('index.js')}');
       const { addon } = await import('${module('addon/addon.js')}');
       try { addon(); console.log('loaded'); }
       catch ({ code, message, cause }) { console.log(code, cause?.code, message); }`,
    );
    const { stdout, ...ending } = await runFixture(pathToFileURL(file), options);
    expect(ending).toMatchObject(CLEAN);
    return stdout;
  }

  it('says that addons are disabled, by either option of Node', async () => {
    const disabled = /^ERR_ADDON_DISABLED ERR_DLOPEN_DISABLED this Node does not load \/.*\.node .*--allow-addons\n$/;
    expect(await inProcess({ flags: ['--no-addons'] })).toMatch(disabled);
    const permission = process.allowedNodeEnvironmentFlags.has('--permission')
      ? '--permission'
      : '--experimental-permission';
    expect(await inProcess({ flags: [permission, '--allow-fs-read=*'] })).toMatch(disabled);
  });

  it('loads where addons are allowed and /proc cannot be read', async () => {
    const permission = process.allowedNodeEnvironmentFlags.has('--permission')
      ? '--permission'
      : '--experimental-permission';
    const readable = [packageFolder(), folder].map((path) => `--allow-fs-read=${path}`);
    expect(await inProcess({ flags: [permission, '--allow-addons', ...readable] })).toBe('loaded\n');
  });

  it('takes the file that COPYTAX_ADDON names in the environment', async () => {
    const gone = join(folder, 'gone.node');
    expect(await inProcess({ env: { COPYTAX_ADDON: gone } })).toMatch(/^ERR_ADDON_NOT_BUILT undefined COPYTAX_ADDON/);
    expect(await inProcess({ env: { COPYTAX_ADDON: ADDON } })).toBe('loaded\n');
  });
});

describe('the state of the addon', () => {
  it('is told by the code of the error, and by no other error', () => {
    expect(addonStateOf({ code: 'ERR_ADDON_DAMAGED' })).toBe('damaged');
    expect(addonStateOf({ code: 'ERR_USAGE' })).toBeNull();
    expect(addonStateOf(null)).toBeNull();
  });
});
