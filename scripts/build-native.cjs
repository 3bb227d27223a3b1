#!/usr/bin/env node
/**
 * `npx copytax build`, and `npm run build:native` in a checkout: builds build/Release/copytax.node, unless it is there
 * already, loads, and is newer than all its sources. It is the only build script of an installed package and uses
 * nothing but Node: it has to print a useful message before anything else works.
 */
'use strict';

require('./check-node.cjs').check();

const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { descriptors, lock } = require('./start/lock.cjs');
const { guardStderr, guardStdout } = require('./streams.cjs');

guardStderr();
guardStdout();

const root = path.join(__dirname, '..');
const addonOf = (folder) => path.join(folder, 'build', 'Release', 'copytax.node');
const output = addonOf(root);
/** There while a build goes on, and afterwards if it was killed. */
const unfinished = path.join(root, 'build', 'unfinished');
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

/** Folders of npm: of the one that runs this, of the first on the PATH, and of the one that came with this Node. */
function foldersOfNpm() {
  const commands = (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, 'npm'));
  const command = commands.find((file) => fs.existsSync(file));
  return [
    process.env.npm_execpath && path.join(path.dirname(process.env.npm_execpath), '..'),
    command && path.join(path.dirname(fs.realpathSync(command)), '..'),
    path.join(path.dirname(fs.realpathSync(process.execPath)), '..', 'lib', 'node_modules', 'npm'),
  ].filter(Boolean);
}

/** The one among the dependencies or, in an installed package, which has no development tools, the one inside npm. */
function findNodeGyp() {
  for (const folder of [root, ...foldersOfNpm()]) {
    try {
      return require.resolve('node-gyp/bin/node-gyp.js', { paths: [folder] });
    } catch {
      // Not in this folder: look in the next one.
    }
  }
  return fail('node-gyp not found. Install npm, which has it, or the dependencies: npm ci');
}

/** Option for the headers that came with this Node, so that none are downloaded; empty when none came with it. */
function nodeDir() {
  const prefix = path.resolve(fs.realpathSync(process.execPath), '..', '..');
  return fs.existsSync(path.join(prefix, 'include', 'node', 'node_api.h')) ? [`--nodedir=${prefix}`] : [];
}

/** binding.gyp, and all C++ below native/: a header counts for every file, because it may be included anywhere. */
function sources(folder) {
  const native = path.join(folder, 'native');
  const names = fs.readdirSync(native, { recursive: true }).filter((name) => /\.(cc|h|map)$/.test(name));
  return [path.join(folder, 'binding.gyp'), ...names.map((name) => path.join(native, name))];
}

/** Whether the addon of the package in `folder` is there and no source of it is newer. */
function isNewest(folder) {
  const built = fs.statSync(addonOf(folder), { throwIfNoEntry: false });
  return built !== undefined && sources(folder).every((file) => fs.statSync(file).mtimeMs <= built.mtimeMs);
}

/** The name that Node has for the architecture of an ELF file (its field e_machine); undefined when not known here. */
function architectureOf(file) {
  const header = Buffer.alloc(20);
  const descriptor = fs.openSync(file, 'r');
  fs.readSync(descriptor, header, 0, 20, 0);
  fs.closeSync(descriptor);
  return { 62: 'x64', 183: 'arm64' }[header.readUInt16LE(18)];
}

/** False for an addon that came with the folder from a host of another architecture. */
function isOfThisHost() {
  return fs.existsSync(output) && architectureOf(output) === process.arch;
}

/** Whether it loads, tried in a process of its own: a damaged file can end the one that maps it. */
function loads() {
  return spawnSync(process.execPath, ['-e', `require(${JSON.stringify(output)})`], { stdio: 'ignore' }).status === 0;
}

function checkWritable() {
  try {
    fs.accessSync(root, fs.constants.W_OK);
  } catch (error) {
    fail(`${root} cannot be written (${error.code}). Run it as the owner of that folder`);
  }
}

/** Runs one command of node-gyp. When it fails, prints the end of its log and ends this process. */
function gyp(command) {
  const args = [findNodeGyp(), command, '--release', '--jobs=max', ...nodeDir()];
  // What is left over of a build that was killed still has the lock.
  const stdio = ['ignore', 'pipe', 'pipe', ...descriptors()];
  const result = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, stdio });
  if (result.status === 0) return;
  if (result.status !== null) fs.rmSync(unfinished, { force: true }); // make has removed what failed
  const text = `${result.stdout || ''}${result.stderr || ''}${result.error || ''}`;
  const log = path.join(root, 'build', 'build.log');
  fs.mkdirSync(path.dirname(log), { recursive: true });
  fs.writeFileSync(log, text);
  process.stderr.write(`${text.trimEnd().split('\n').slice(-40).join('\n')}\n`);
  fail(`the addon did not compile; the whole log is in ${path.relative(process.cwd(), log)}`);
}

/**
 * Removes objects that make would take for whole ones: those of a build that was killed in the middle. The addon stays.
 */
function removeHalves() {
  if (!fs.existsSync(unfinished)) return;
  for (const folder of ['obj.target', '.deps']) {
    fs.rmSync(path.join(path.dirname(output), folder), { recursive: true, force: true });
  }
}

function build() {
  if (!(isOfThisHost() && loads())) gyp('clean');
  // Only what changed is compiled, and the old addon can be used until the new one replaces it.
  removeHalves();
  fs.mkdirSync(path.dirname(unfinished), { recursive: true });
  fs.writeFileSync(unfinished, '');
  for (const command of ['configure', 'build']) gyp(command);
  fs.rmSync(unfinished, { force: true });
  // make leaves the file alone when a change made no difference to it; it is up to date all the same.
  const now = new Date();
  fs.utimesSync(output, now, now);
  process.stdout.write(`build-native: built ${path.relative(process.cwd(), output)}\n`);
}

const isCurrent = () => isOfThisHost() && isNewest(root) && loads();

async function main() {
  if (!isCurrent()) {
    if (process.platform !== 'linux') fail(`copytax runs on Linux, not on ${process.platform}`);
    checkWritable();
    checkTools();
    const { release } = await lock(root, () => {
      process.stderr.write(`build-native: waiting for another build in ${root} ...\n`);
    });
    const isBuilt = isCurrent();
    if (!isBuilt) build();
    release();
    if (!isBuilt) return;
  }
  process.stdout.write('build-native: up to date\n');
}

module.exports = { addonOf, findNodeGyp, isNewest, nodeDir, sources };

if (require.main === module) main();
