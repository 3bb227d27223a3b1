'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { filesBelow } = require('./compile.cjs');
const { runChild } = require('./child.cjs');
const { StartFailure } = require('./failure.cjs');

const addonOf = (root) => path.join(root, 'native', 'build', 'Release', 'copytax.node');
const builderOf = (root) => path.join(root, 'scripts', 'build-native.cjs');

/** Whether the addon exists, is newer than what it is made from, and is one for this machine. */
function current(root) {
  const addon = addonOf(root);
  try {
    const built = fs.statSync(addon).mtimeMs;
    const output = path.join(root, 'native', 'build') + path.sep;
    const inputs = filesBelow(path.join(root, 'native')).filter((file) => !file.startsWith(output));
    if ([...inputs, builderOf(root)].some((file) => fs.statSync(file).mtimeMs > built)) return false;
    require(addon);
    return true;
  } catch {
    return false;
  }
}

async function build(root) {
  const { code, log } = await runChild(process.execPath, [builderOf(root)], { cwd: root, quiet: true });
  if (code !== 0) throw new StartFailure(`the addon cannot be built in ${root}`, remedy(), { log });
}

/** build-native.cjs names what is missing; this only says how to repeat it. */
function remedy() {
  return 'install what the lines above name, then run `npm run build:native`';
}

module.exports = { current, build };
