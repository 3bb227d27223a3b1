import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { addon } from '../../lib/addon/addon.js';

const script = fileURLToPath(new URL('../../../scripts/build-facts.cjs', import.meta.url));
const { codeFlags, header } = createRequire(import.meta.url)(script) as {
  codeFlags(text: string): string[];
  header(version: string, makefile: string, configuration: string, ofUser: string): string;
};

describe('the flags that an addon says it was compiled with', () => {
  it.each([
    ['-O3 -fPIC -m64 -std=c++17', '-O3 -fPIC -m64 -std=c++17'],
    ['-march=armv8.2-a+crypto -mtune=native', '-march=armv8.2-a+crypto -mtune=native'],
    [
      '-fsanitize=address,undefined -fno-sanitize-recover=all',
      '-fsanitize=address,undefined -fno-sanitize-recover=all',
    ],
    ['-Wp,-D_FORTIFY_SOURCE=3 -D_FORTIFY_SOURCE=2 -DNDEBUG', '-Wp,-D_FORTIFY_SOURCE=3 -D_FORTIFY_SOURCE=2 -DNDEBUG'],
    ['-Wall -Wno-unused -w -g3 -ggdb -MMD', ''],
  ])('of %p are %p', (text, flags) => {
    expect(codeFlags(text).join(' ')).toBe(flags);
  });

  it('have no path, no name and no definition of the host', () => {
    const text = [
      '-I/home/me/include -I inc -isystem /opt/x -include me.h -DUSER=me -D NAME=me -L/home/me -B/home/me',
      '--sysroot=/me -ffile-prefix-map=/home/me=. -fdebug-prefix-map=/home/me=x -fmacro-prefix-map=/me=',
      '-fprofile-use=/home/me/p -specs=/usr/lib/me.specs @/home/me/flags /home/me/x.o -Wl,-rpath,/home/me',
      '"-fx=me me" -flto=auto',
    ].join(' ');
    expect(codeFlags(text).join(' ')).toBe('-fprofile-use=... -specs=... -flto=auto');
  });

  it('are those of the package and then those of the environment, of the configuration that is built', () => {
    const makefile =
      'CFLAGS_Debug := \\\n\t-O0\n\nCFLAGS_Release := \\\n\t-Wall \\\n\t-O3\n\nCFLAGS_CC_Release := -fno-rtti\n';
    expect(header('1.2.3', makefile, 'Release', '-O1').split('\n')).toEqual([
      '// Written by scripts/build-facts.cjs.',
      '#define COPYTAX_VERSION "1.2.3"',
      '#define COPYTAX_FLAGS "-O3 -fno-rtti -O1"',
      '',
    ]);
    expect(header('1.2.3', makefile, 'Debug', '')).toContain('COPYTAX_FLAGS "-O0"');
  });

  it('have a digest that changes with the environment', () => {
    const digest = (CXXFLAGS: string) =>
      spawnSync(process.execPath, [script, '--digest'], { env: { CXXFLAGS }, encoding: 'utf8' }).stdout;
    expect(digest('-O1')).toMatch(/^[0-9a-f]{16}$/);
    expect(digest('-O1')).not.toBe(digest('-O2'));
  });
});

describe('the addon', () => {
  it('says its version, its compiler and its flags', () => {
    const { version, compiler, flags, nodeApi, libc } = addon().build();
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    expect(compiler).toMatch(/^(gcc|clang) \d+\.\d+\.\d+$/);
    expect(flags).toMatch(/(^| )-O/);
    expect(codeFlags(flags).join(' ')).toBe(flags);
    expect(nodeApi).toBe(8);
    expect(libc === null || /^glibc \d+\.\d+/.test(libc)).toBe(true);
  });
});
