'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { noRoom } = require('./limits.cjs');

const root = path.join(__dirname, '..', '..');
const main = path.join(root, 'dist', 'lib', 'cli', 'main.js');

/** What lib/remedies.ts says about this cause: here, no module can be loaded any more. */
const MORE_FILES = 'Raise the limit on open files (`ulimit -n`, LimitNOFILE= of a service).';

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
  const refusal = noRoom();
  if (refusal !== null) {
    console.error(`copytax: ERR_NO_THREAD: ${refusal}`);
    process.exitCode = 1;
    return;
  }
  import(pathToFileURL(main).href).catch((error) => {
    const what = error instanceof Error ? error.message : error;
    const remedy = /^(EMFILE|ENFILE)$/.test(error?.code) ? `. ${MORE_FILES}` : '';
    console.error(`copytax: ${main} does not load: ${what}${remedy}`);
    process.exitCode = 1;
  });
};
