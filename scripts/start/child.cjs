'use strict';

const { spawn } = require('node:child_process');
const { constants } = require('node:os');
const { descriptors } = require('./lock.cjs');

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program to its end. With `quiet` its output is kept in `log`, to be shown if it fails; otherwise the program
 * writes to stdout and stderr of this process. A signal to this process ends the program first, then this process with
 * exit code 128 + n.
 * @returns {Promise<{code: number, log: string}>} code 127 when the program could not be started
 */
function runChild(command, args, { cwd, quiet = false, env = process.env } = {}) {
  return new Promise((resolve) => {
    let log = '';
    let received = null;
    const streams = quiet ? ['ignore', 'pipe', 'pipe'] : ['inherit', 'inherit', 'inherit'];
    const child = spawn(command, args, { cwd, env, stdio: [...streams, ...descriptors()] });
    const keep = (chunk) => {
      log += chunk;
    };
    child.stdout?.setEncoding('utf8').on('data', keep);
    child.stderr?.setEncoding('utf8').on('data', keep);

    const forward = (signal) => {
      received = signal;
      child.kill(signal);
    };
    for (const signal of FORWARDED) process.on(signal, forward);
    const finish = (code) => {
      for (const signal of FORWARDED) process.off(signal, forward);
      if (received !== null) process.exit(128 + constants.signals[received]);
      resolve({ code, log });
    };
    child.once('error', (error) => {
      log += error.message;
      finish(127);
    });
    child.once('close', (code, signal) => finish(code ?? 128 + constants.signals[signal]));
  });
}

module.exports = { runChild };
