'use strict';

/** A failure of the start that the user can mend. `log` is what the failing program printed, shown above the message. */
class StartFailure extends Error {
  constructor(what, remedy, { log = '', exitCode = 1 } = {}) {
    super(what);
    this.remedy = remedy;
    this.log = log;
    this.exitCode = exitCode;
  }
}

const LOG_LINES = 25;

/** stderr only: stdout belongs to the report. */
function explain(failure) {
  const lines = failure.log.trimEnd().split('\n').filter(Boolean);
  for (const line of lines.slice(-LOG_LINES)) process.stderr.write(`  ${line}\n`);
  process.stderr.write(`copytax: ${failure.message}. Remedy: ${failure.remedy}\n`);
}

module.exports = { StartFailure, explain };
