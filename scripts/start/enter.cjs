'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const root = path.join(__dirname, '..', '..');
const main = path.join(root, 'dist', 'lib', 'cli', 'main.js');

/**
 * Runs the command line in this process: main.js reads process.argv, and signals, exit codes and the two output streams
 * need no forwarding.
 */
exports.enter = function enter() {
  if (!fs.existsSync(main)) {
    console.error(`copytax: ${main} is missing: the package is not compiled. Run \`npm run build\` in ${root}`);
    process.exitCode = 2;
    return;
  }
  import(pathToFileURL(main).href).catch((error) => {
    console.error(`copytax: ${main} does not load: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  });
};
