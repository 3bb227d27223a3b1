'use strict';

const fs = require('node:fs');
const path = require('node:path');
const addon = require('./addon.cjs');
const compile = require('./compile.cjs');
const dependencies = require('./dependencies.cjs');
const { enter } = require('./enter.cjs');
const { StartFailure, explain } = require('./failure.cjs');
const { lock } = require('./lock.cjs');
const { runTests } = require('./tests.cjs');

const ROOT = path.join(__dirname, '..', '..');

/** The commands, each run with a finished build. */
const COMMANDS = {
  bench: (args) => {
    process.argv.splice(2, process.argv.length, 'bench', ...args);
    enter();
  },
  test: async (args) => {
    process.exitCode = await runTests(ROOT, args);
  },
  build: () => {},
};

/** Never rejects: a failure is explained on stderr and becomes the exit code. */
exports.run = async function run(name, args) {
  try {
    const command = COMMANDS[name];
    if (command === undefined) {
      const names = Object.keys(COMMANDS).join(', ');
      throw new StartFailure(`unknown command ${name}`, `use one of ${names}`, { exitCode: 2 });
    }
    await prepare();
    await command(args);
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error;
    explain(error);
    process.exitCode = error.exitCode;
  }
};

/** What is missing, each with its label: steps in their order. */
function missingSteps() {
  const builds = [
    ['building the addon', addon.current(ROOT) ? null : addon.build],
    ['compiling', compile.current(ROOT) ? null : compile.compile],
  ].filter(([, build]) => build !== null);
  const absent = dependencies.missing(ROOT);
  return absent === null ? builds : [[`installing dependencies (${absent})`, dependencies.install], ...builds];
}

/** Makes what is missing, or waits until another start in the same folder has made it. */
async function prepare() {
  if (missingSteps().length === 0) return;
  requireWritable(ROOT);
  const { release } = await lock(ROOT, () => {
    process.stderr.write(`copytax: waiting for another start that builds in ${ROOT} ...\n`);
  });
  try {
    for (const [label, step] of missingSteps()) {
      process.stderr.write(`copytax: ${label} ...\n`);
      await step(ROOT);
    }
  } finally {
    release();
  }
}

/** Checked before the first step: a half-finished install is worse than none. */
function requireWritable(root) {
  try {
    fs.accessSync(root, fs.constants.W_OK);
  } catch (error) {
    throw new StartFailure(
      `${root} is not built yet and cannot be written (${error.code})`,
      'build it as its owner with `npm run build`, or copy it to a folder of your own; once built it runs read-only',
    );
  }
}
