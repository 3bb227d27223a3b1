/**
 * `npm run prebuilds [-- TARGET...]`: compiles the addon for each platform into prebuilds/, in the layout that
 * prebuildify has. `npm pack` runs it, too. One file serves glibc and musl, because it asks for no C++ library and only
 * for functions that both have; docs/design/0011-prebuilt-binaries.md says how. It takes g++ for this architecture, and
 * Debian's cross compiler for the other one. Says on stderr what it made, the glibc that it needs, and what it did not
 * make; fails if it made nothing, or not all that was named, or if a file asks for more than it may. Its name is not
 * `prebuild`, which npm would run before each `build`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { findNodeGyp, nodeDir, sources } = createRequire(import.meta.url)('./build-native.cjs');

/** What Node 20 itself asks for, so the addon loads wherever a supported Node starts. */
const MAX_GLIBC_MINOR = 28;
const CPUS = { x64: 'x86_64', arm64: 'aarch64' };
const nameOf = (arch) => `linux-${arch}`;
const fileOf = (arch) => join(root, 'prebuilds', nameOf(arch), 'copytax.node');

function say(message) {
  process.stderr.write(`prebuilds: ${message}\n`);
}

/** Variables of the environment that name the compiler for an architecture; null where it is not installed. */
function compilerOf(arch) {
  const prefix = arch === process.arch ? '' : `${CPUS[arch]}-linux-gnu-`;
  const CXX = `${prefix}g++`;
  if (spawnSync(CXX, ['--version'], { stdio: 'ignore' }).status !== 0) return null;
  return { CC: `${prefix}gcc`, CXX, LDFLAGS: '-s' };
}

/** Whether the file is there and no source is newer. Then it stays. */
function isCurrent(file) {
  const made = statSync(file, { throwIfNoEntry: false });
  const from = [...sources(root), join(root, 'package.json'), fileURLToPath(import.meta.url)];
  return made !== undefined && from.every((source) => statSync(source).mtimeMs <= made.mtimeMs);
}

function readelf(...args) {
  const { stdout, status } = spawnSync('readelf', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error('readelf, of binutils, is not there: what a binary asks for cannot be checked');
  return stdout;
}

/** The newest version of glibc whose symbols the file asks for, as the number after "2.". */
function glibcMinor(file) {
  return Math.max(0, ...[...readelf('-VW', file).matchAll(/GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor)));
}

/** What the file asks of a host and may not: another library, a newer glibc, or a part of a C++ library. */
function problemsOf(file) {
  const libraries = [...readelf('-dW', file).matchAll(/NEEDED.*\[(.*)\]/g)].map(([, name]) => name);
  const asked = [...readelf('--dyn-syms', '-W', file).matchAll(/ UND (\S+)/g)].map(([, name]) => name);
  const ofCxx = asked.filter((name) => /^(_Z|__cxa_(?!atexit|finalize)|__gxx|_Unwind)/.test(name));
  return [
    ...libraries.filter((name) => name !== 'libc.so.6').map((name) => `the library ${name}`),
    ...ofCxx.map((name) => `${name} of a C++ library, which native/prebuilt/cpp_runtime.cc lacks`),
    ...(glibcMinor(file) > MAX_GLIBC_MINOR ? [`glibc 2.${glibcMinor(file)}`] : []),
  ];
}

/** Compiles in a folder of its own, so that build/ stays what was compiled for this host. Returns whether it did. */
function compile(arch, compiler, file) {
  const folder = mkdtempSync(join(tmpdir(), 'copytax-prebuild-'));
  try {
    for (const part of ['package.json', 'binding.gyp', 'native', 'scripts/build-facts.cjs']) {
      cpSync(join(root, part), join(folder, part), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const args = [findNodeGyp(), 'rebuild', '--release', '--jobs=max', `--arch=${arch}`, ...nodeDir()];
    const env = { ...process.env, ...compiler, GYP_DEFINES: 'prebuilt=1' };
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: folder,
      env,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (status !== 0) {
      process.stderr.write(`${`${stdout}${stderr}`.trimEnd().split('\n').slice(-60).join('\n')}\n`);
      return false;
    }
    const made = join(folder, 'build/Release/copytax.node');
    const problems = problemsOf(made);
    for (const problem of problems) say(`${nameOf(arch)} asks for ${problem}`);
    if (problems.length > 0) return false;
    // Whole or not at all: a copy that is cut off must not be packed.
    mkdirSync(dirname(file), { recursive: true });
    cpSync(made, `${file}.new`);
    renameSync(`${file}.new`, file);
    return true;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Makes one file, unless it is current, and says how it went. Returns whether it is there. */
function make(arch) {
  const file = fileOf(arch);
  if (!isCurrent(file)) {
    // A tarball must not hold binaries of old sources.
    rmSync(dirname(file), { recursive: true, force: true });
    const compiler = compilerOf(arch);
    if (compiler === null) {
      say(`${nameOf(arch)}: not made, which takes ${CPUS[arch]}-linux-gnu-g++`);
      return false;
    }
    if (!compile(arch, compiler, file)) {
      say(`${nameOf(arch)}: not made`);
      process.exit(1);
    }
  }
  say(`${nameOf(arch)}: ${Math.round(statSync(file).size / 1024)} KiB, needs glibc 2.${glibcMinor(file)}, or musl`);
  return true;
}

const names = process.argv.slice(2);
const archs = Object.keys(CPUS);
const unknown = names.find((name) => !archs.some((arch) => nameOf(arch) === name));
if (unknown !== undefined) {
  say(`unknown target ${unknown}: use ${archs.map(nameOf).join(', ')}`);
  process.exit(1);
}
const made = archs.filter((arch) => names.length === 0 || names.includes(nameOf(arch))).filter(make).length;
if (made < (names.length || 1)) process.exitCode = 1;
