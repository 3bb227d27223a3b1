'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { runChild } = require('./child.cjs');
const { StartFailure } = require('./failure.cjs');

/**
 * Runs jest over the compiled tests; the last line on stdout is `N passed, N failed`. A suite that does not load, a
 * runner that dies and a run without a test count as failures.
 * @returns {Promise<number>} the exit code, 0 or 1
 */
exports.runTests = async function runTests(root, args) {
  const folder = scratchFolder();
  const report = path.join(folder, 'jest.json');
  const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  // Tests are named by their sources, and run from dist.
  const named = args.map((arg) => (arg.startsWith('-') ? arg : arg.replace(/\.ts$/, '.js')));
  try {
    if (args.some((arg) => WITHOUT_TESTS.includes(arg))) {
      return (await runChild(process.execPath, ['--no-warnings', jest, ...named], { cwd: root })).code;
    }
    const { code } = await runChild(
      process.execPath,
      ['--experimental-vm-modules', '--no-warnings', jest, '--json', `--outputFile=${report}`, ...named],
      { cwd: root, env: { ...process.env, TMPDIR: folder } }, // files that tests leave behind are removed with it
    );
    const { passed, failed } = count(report, code);
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
    return failed === 0 ? 0 : 1;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
};

/** Options with which jest prints something and runs no test. */
const WITHOUT_TESTS = ['--listTests', '--showConfig', '--help', '-h', '--version', '--clearCache'];

/** Makes the folder for all files that tests leave behind. */
function scratchFolder() {
  try {
    return fs.mkdtempSync(path.join(os.tmpdir(), 'copytax-test-'));
  } catch (error) {
    const what = `no folder for the files of tests can be made in ${os.tmpdir()} (${error.code})`;
    throw new StartFailure(what, 'set TMPDIR to a folder that exists and can be written');
  }
}

function count(report, code) {
  if (!fs.existsSync(report)) {
    console.error(`copytax: the test runner ended with code ${code} and left no result`);
    return { passed: 0, failed: 1 };
  }
  const result = JSON.parse(fs.readFileSync(report, 'utf8'));
  const passed = result.numPassedTests;
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  if (failed === 0 && (code !== 0 || passed === 0)) {
    console.error(passed === 0 ? 'copytax: no test ran' : `copytax: the test runner ended with code ${code}`);
    return { passed, failed: 1 };
  }
  return { passed, failed };
}
