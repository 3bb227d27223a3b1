'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { runChild } = require('./child.cjs');
const { StartFailure } = require('./failure.cjs');

/**
 * Why node_modules does not hold what package-lock.json asks for; null when it does.
 * npm's own record of the install is compared entry by entry, so that a plain `npm ci` counts as well as install().
 */
function missing(root) {
  const wanted = readLock(path.join(root, 'package-lock.json'));
  const installed = readLock(path.join(root, 'node_modules', '.package-lock.json'));
  if (wanted === null) return null;
  if (installed === null) return 'node_modules is missing';
  for (const [name, entry] of Object.entries(wanted)) {
    if (name === '') continue;
    const present = installed[name];
    if (present === undefined || !fs.existsSync(path.join(root, name))) {
      if (entry.optional || entry.devOptional) continue;
      return `${name} is missing`;
    }
    if (present.version !== entry.version || present.integrity !== entry.integrity) return `${name} is out of date`;
  }
  return null;
}

function readLock(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')).packages;
  } catch {
    return null;
  }
}

/** npm, run by this Node: the `npm` in PATH may belong to another Node, or may be missing. */
function npmCommand() {
  const candidates = [
    process.env.npm_execpath,
    path.join(path.dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  const cli = candidates.find((file) => file && path.basename(file) === 'npm-cli.js' && fs.existsSync(file));
  return cli === undefined ? ['npm'] : [process.execPath, cli];
}

/**
 * Arguments of npm. No dependency needs its install script, and newer npm blocks them anyway. By default npm waits more
 * than a minute between its three tries, which is too long for a user without a network.
 */
const CI = [
  'ci',
  '--include=dev',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=5000',
];

async function install(root) {
  const [command, ...first] = npmCommand();
  const { code, log } = await runChild(command, [...first, ...CI], { cwd: root, quiet: true });
  if (code !== 0) throw new StartFailure(`the dependencies cannot be installed in ${root}`, remedy(code, log), { log });
}

const CAUSES = [
  {
    pattern: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED|ERR_SOCKET_TIMEOUT/,
    remedy:
      'the package registry cannot be reached: connect, or set a proxy or another registry for npm, ' +
      'or copy node_modules from a host that has it; then run again',
  },
  { pattern: /ENOSPC/, remedy: 'free about 400 MB of disk space and run again' },
  {
    pattern: /EACCES|EPERM|EROFS/,
    remedy: 'make this folder and the cache of npm (`npm config get cache`) writable for this user',
  },
  {
    pattern: /EUSAGE|can only install packages when/,
    remedy: 'package.json and package-lock.json disagree: restore them, or run `npm install`',
  },
];

function remedy(code, log) {
  if (code === 127) return 'install npm, or put it in PATH';
  const known = CAUSES.find(({ pattern }) => pattern.test(log));
  return known === undefined ? 'run `npm ci` and fix what it reports' : known.remedy;
}

module.exports = { missing, install, npmCommand };
