'use strict';

const fs = require('node:fs');

/** More files than these fail for a reason. */
const MOST_FILES = 3;
/** What the file of a test that starts programs has in it, itself or by its helper. */
const STARTS_PROGRAMS = /child_process|run-fixture|run-copytax/;
/** What fast-check says. An input by chance that failed must not be lost: the next one may pass. */
const BY_CHANCE = /Property failed after/;

const failedSuites = ({ testResults }) => testResults.filter(({ status }) => status === 'failed');

/**
 * Runs failed files of tests once more, alone, if all of them start programs and they are few: a host that stalls for
 * seconds makes such a test fail now and then. A test that passes then is told as FLAKY. Others are never run twice:
 * what fails now and then on threads, or with an input by chance, is a finding.
 * @param first what `run` resolved to: `code`, the exit code, and `report`, what jest writes with --json, or null
 * @param run (options of jest) => Promise of the same
 * @param print takes a line
 * @returns a promise of the same, with the second ending of each file that was run twice
 */
exports.secondTry = async function secondTry(first, run, print) {
  const failed = first.report === null ? [] : failedSuites(first.report);
  const mayTryAgain = ({ name, message }) =>
    STARTS_PROGRAMS.test(fs.readFileSync(name, 'utf8')) && !BY_CHANCE.test(message);
  if (failed.length === 0 || failed.length > MOST_FILES || !failed.every(mayTryAgain)) return first;

  const second = await run(['--runInBand', '--runTestsByPath', ...failed.map(({ name }) => name)]);
  if (second.report === null) return first;
  const passed = new Set(namesOf(second.report, 'passed'));
  for (const test of namesOf(first.report, 'failed')) if (passed.has(test)) print(`FLAKY: ${test}`);
  const again = new Map(second.report.testResults.map((suite) => [suite.name, suite]));
  const testResults = first.report.testResults.map((suite) => again.get(suite.name) ?? suite);
  return { code: second.code, report: { ...first.report, testResults } };
};

function namesOf({ testResults }, wanted) {
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.filter(({ status }) => status === wanted).map(({ fullName }) => `${name}: ${fullName}`),
  );
}
