'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { runChild } = require('./child.cjs');
const { StartFailure } = require('./failure.cjs');
const { secondTry } = require('./second-try.cjs');

/**
 * Runs jest over the compiled tests; the last line on stdout is `N passed, N failed`. A suite that does not load, a
 * runner that dies and a run without a test count as failures.
 * @returns {Promise<number>} the exit code, 0 or 1
 */
exports.runTests = async function runTests(root, args) {
  const folder = scratchFolder();
  const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const report = path.join(folder, 'jest.json');
  const run = async (options) => {
    fs.rmSync(report, { force: true });
    const { code } = await runChild(
      process.execPath,
      ['--experimental-vm-modules', '--no-warnings', jest, '--json', `--outputFile=${report}`, ...options],
      { cwd: root, env: { ...process.env, TMPDIR: folder } }, // files that tests leave behind are removed with it
    );
    return { code, report: fs.existsSync(report) ? JSON.parse(fs.readFileSync(report, 'utf8')) : null };
  };
  // Tests are named by their sources, and run from dist.
  // pnpm hands on the dashes of `pnpm test -- ...`, behind which jest would take an option for a name.
  const given = args[0] === '--' ? args.slice(1) : args;
  const named = given.map((arg) => (arg.startsWith('-') ? arg : arg.replace(/\.ts$/, '.js')));
  try {
    if (given.some((arg) => WITHOUT_TESTS.includes(arg))) {
      return (await runChild(process.execPath, ['--no-warnings', jest, ...named], { cwd: root })).code;
    }
    const first = await run(named);
    // With options of jest the user looks for something, and sees each failure at once.
    const isWhole = named.every((arg) => !arg.startsWith('-'));
    const { passed, failed } = count(isWhole ? await secondTry(first, run, console.log) : first);
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

function count({ code, report }) {
  if (report === null) {
    console.error(`copytax: the test runner ended with code ${code} and left no result`);
    return { passed: 0, failed: 1 };
  }
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const numberOf = (wanted) => tests.filter(({ status }) => status === wanted).length;
  const passed = numberOf('passed');
  // A file that does not load has no tests.
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const failed = numberOf('failed') + unloaded.length;
  if (failed === 0 && (code !== 0 || passed === 0)) {
    console.error(passed === 0 ? 'copytax: no test ran' : `copytax: the test runner ended with code ${code}`);
    return { passed, failed: 1 };
  }
  return { passed, failed };
}
