#!/usr/bin/env node
/**
 * Builds build/Release/copytax.node, unless it is there already and newer than everything that it is made of.
 * Plain CommonJS on old syntax: it has to run, and say something useful, before anything else works.
 */
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');

const root = path.join(__dirname, '..');
const output = path.join(root, 'build', 'Release', 'copytax.node');
const TOOLS = [
  { name: 'python3', commands: [process.env.PYTHON, process.env.npm_config_python, 'python3', 'python'] },
  { name: 'make', commands: [process.env.MAKE, 'make', 'gmake'] },
  { name: 'g++', commands: [process.env.CXX, 'g++', 'c++', 'clang++'] },
];
const INSTALL = [
  ['apt-get', 'sudo apt-get install -y python3 make g++'],
  ['dnf', 'sudo dnf install -y python3 make gcc-c++'],
  ['zypper', 'sudo zypper install -y python3 make gcc-c++'],
  ['pacman', 'sudo pacman -S --needed python make gcc'],
  ['apk', 'sudo apk add python3 make g++'],
];

function fail(message) {
  process.stderr.write(`build-native: ${message}\n`);
  process.exit(1);
}

function runs(command) {
  const [program, ...rest] = command.split(' ');
  return spawnSync(program, [...rest, '--version'], { stdio: 'ignore' }).status === 0;
}

function checkTools() {
  const missing = TOOLS.filter((tool) => !tool.commands.some((command) => command && runs(command)));
  if (missing.length === 0) return;
  const manager = INSTALL.find(([command]) => runs(command)) || INSTALL[0];
  fail(`${missing.map((tool) => tool.name).join(', ')} not found. Install what is missing: ${manager[1]}`);
}

/** Ours, or in an installed package, which comes without development tools, the one inside npm. */
function findNodeGyp() {
  const npm = [
    process.env.npm_execpath && path.join(path.dirname(process.env.npm_execpath), '..'),
    path.join(path.dirname(fs.realpathSync(process.execPath)), '..', 'lib', 'node_modules', 'npm'),
  ];
  for (const folder of [root, ...npm]) {
    try {
      return require.resolve('node-gyp/bin/node-gyp.js', { paths: [folder] });
    } catch {
      // The next place.
    }
  }
  return fail('node-gyp not found. Install the dependencies first: npm ci');
}

/** Headers that came with this Node, so that nothing is downloaded. */
function nodeDir() {
  const prefix = path.resolve(fs.realpathSync(process.execPath), '..', '..');
  return fs.existsSync(path.join(prefix, 'include', 'node', 'node_api.h')) ? [`--nodedir=${prefix}`] : [];
}

/** Relative to the root. */
function sources() {
  const native = fs.readdirSync(path.join(root, 'native'), { recursive: true });
  return ['binding.gyp', ...native.filter((name) => /\.(cc|h)$/.test(name)).map((name) => path.join('native', name))];
}

/** e_machine of an ELF file, as the name that Node gives the architecture; undefined when it is none that we know. */
function architectureOf(file) {
  const header = Buffer.alloc(20);
  const descriptor = fs.openSync(file, 'r');
  fs.readSync(descriptor, header, 0, 20, 0);
  fs.closeSync(descriptor);
  return { 62: 'x64', 183: 'arm64' }[header.readUInt16LE(18)];
}

function madeHere() {
  return fs.existsSync(output) && architectureOf(output) === process.arch;
}

function upToDate() {
  if (!madeHere()) return false;
  const made = fs.statSync(output).mtimeMs;
  return !sources().some((name) => fs.statSync(path.join(root, name)).mtimeMs > made);
}

/** One step of node-gyp. Leaves the process with the end of its log when it fails. */
function gyp(command) {
  const args = [findNodeGyp(), command, '--release', '--jobs=max', ...nodeDir()];
  const result = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (result.status === 0) return;
  const text = `${result.stdout || ''}${result.stderr || ''}${result.error || ''}`;
  const log = path.join(root, 'build', 'build.log');
  fs.mkdirSync(path.dirname(log), { recursive: true });
  fs.writeFileSync(log, text);
  process.stderr.write(`${text.trimEnd().split('\n').slice(-40).join('\n')}\n`);
  fail(`the addon did not compile; the whole log is in ${path.relative(process.cwd(), log)}`);
}

function build() {
  // Only what changed is compiled, and the old addon stays usable until the new one replaces it.
  for (const command of madeHere() ? ['configure', 'build'] : ['rebuild']) gyp(command);
  const now = new Date();
  fs.utimesSync(output, now, now);
}

if (upToDate()) {
  if (!process.argv.includes('--quiet')) process.stdout.write('build-native: up to date\n');
} else if (process.platform !== 'linux') {
  fail(`copytax runs on Linux, not on ${process.platform}`);
} else {
  checkTools();
  build();
}
