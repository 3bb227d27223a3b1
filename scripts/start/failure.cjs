'use strict';

/** A failure of the start that the user can repair. `log`: output of a program that failed, printed above. */
class StartFailure extends Error {
  constructor(what, remedy, { log = '', exitCode = 1 } = {}) {
    super(what);
    this.remedy = remedy;
    this.log = log;
    this.exitCode = exitCode;
  }
}

const FIRST_LINES = 5;
const LAST_LINES = 20;
const CHATTER = /^(gyp (info|verb)|npm (notice|warn))\b/;

/** Prints to stderr, because stdout belongs to the report. A log is cut in its middle: causes stand at either end. */
function explain(failure) {
  const lines = failure.log.split('\n').filter((line) => line.trim() !== '' && !CHATTER.test(line));
  const cut = lines.length - FIRST_LINES - LAST_LINES;
  if (cut > 0) lines.splice(FIRST_LINES, cut, `... ${cut} lines ...`);
  for (const line of lines) process.stderr.write(`  ${line}\n`);
  process.stderr.write(`copytax: ${failure.message}. Remedy: ${failure.remedy}\n`);
}

module.exports = { StartFailure, explain };
