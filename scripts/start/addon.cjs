'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { addonOf, isNewest } = require('../build-native.cjs');
const { runChild } = require('./child.cjs');
const { StartFailure } = require('./failure.cjs');

/** Whether the addon is there, is newer than its sources, and loads into this Node on this host. */
function current(root) {
  try {
    return isNewest(root) && loads(root);
  } catch {
    return false;
  }
}

function loads(root) {
  try {
    require(addonOf(root));
    return true;
  } catch {
    return false;
  }
}

async function build(root) {
  // An addon that is new but does not load came with the folder from another host: the builder would keep it.
  if (!loads(root)) fs.rmSync(addonOf(root), { force: true });
  const builder = path.join(root, 'scripts', 'build-native.cjs');
  const { code, log } = await runChild(process.execPath, [builder], { cwd: root, quiet: true });
  if (code !== 0) throw failure(root, log);
}

/** The builder's last line says what is missing and how to get it; the lines above it are what the compiler printed. */
function failure(root, log) {
  const where = `the addon cannot be built in ${root}`;
  const lines = log.trimEnd().split('\n');
  const [, what, , remedy] = /^build-native: (.*?)([.;] (.*))?$/.exec(lines.at(-1)) ?? [];
  if (what === undefined) return new StartFailure(where, 'fix what is named above and run again', { log });
  return new StartFailure(`${where}: ${what}`, remedy ?? 'fix it and run again', {
    log: lines.slice(0, -1).join('\n'),
  });
}

module.exports = { current, build };
