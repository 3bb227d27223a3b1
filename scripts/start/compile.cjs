'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { runChild } = require('./child.cjs');
const { StartFailure } = require('./failure.cjs');

const FOLDERS = ['lib', 'test', 'benchmarks', 'dev'];
const SETTINGS = ['tsconfig.json', 'package-lock.json'];
const OUTPUT = /(\.d\.ts|\.js|\.js\.map)$/;

function filesBelow(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

function sources(root) {
  return FOLDERS.flatMap((folder) => filesBelow(path.join(root, folder))).filter((file) => file.endsWith('.ts'));
}

/** Hash of all sources. Of contents, not of times: a checkout touches every file and changes few. */
function fingerprint(root) {
  const hash = crypto.createHash('sha256');
  for (const file of [...SETTINGS.map((name) => path.join(root, name)), ...sources(root)]) {
    hash
      .update(`${path.relative(root, file)}\0`)
      .update(fs.readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

const stampOf = (root) => path.join(root, 'dist', '.stamp');

function current(root) {
  try {
    if (fs.readFileSync(stampOf(root), 'utf8') !== fingerprint(root)) return false;
  } catch {
    return false;
  }
  return missingOutputs(root).length === 0 && orphans(root).length === 0;
}

function missingOutputs(root) {
  return sources(root)
    .map((file) => path.join(root, 'dist', path.relative(root, file)).replace(/\.ts$/, '.js'))
    .filter((file) => !fs.existsSync(file));
}

/** Compiled files whose source is gone: a deleted test must not go on running. */
function orphans(root) {
  const dist = path.join(root, 'dist');
  return FOLDERS.flatMap((folder) => filesBelow(path.join(dist, folder))).filter(
    (file) => OUTPUT.test(file) && !fs.existsSync(path.join(root, path.relative(dist, file)).replace(OUTPUT, '.ts')),
  );
}

async function compile(root) {
  const dist = path.join(root, 'dist');
  for (const file of orphans(root)) fs.rmSync(file);
  // The compiler trusts its own record of what it wrote: it would not write a lost file again, nor one that was cut off
  // when an earlier compilation was killed, which is why that has left no stamp.
  const isWhole = fs.existsSync(stampOf(root)) && missingOutputs(root).length === 0;
  if (!isWhole) fs.rmSync(path.join(dist, '.tsbuildinfo'), { force: true });
  fs.rmSync(stampOf(root), { force: true });
  const before = fingerprint(root);
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { code, log } = await runChild(process.execPath, [tsc, '-p', 'tsconfig.json'], { cwd: root, quiet: true });
  if (code !== 0) throw new StartFailure(`${root} does not compile`, 'fix the sources named above', { log });
  fs.writeFileSync(stampOf(root), before);
}

module.exports = { current, compile, orphans };
