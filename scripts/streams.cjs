'use strict';

/** What cannot be said on stderr changes nothing. */
exports.guardStderr = function guardStderr() {
  process.stderr.on('error', () => {});
};

/** A stdout that takes nothing is one line and exit code 1, unless its reader has left. main.js has its own guard. */
exports.guardStdout = function guardStdout() {
  process.stdout.on('error', (error) => {
    if (error.code === 'EPIPE') return;
    process.stderr.write(`copytax: cannot write the standard output (${error.code})\n`);
    process.exitCode = process.exitCode || 1;
  });
};
