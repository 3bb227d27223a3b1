'use strict';

const fs = require('node:fs');
const path = require('node:path');

/** Threads that Node starts at the first file it reads in the background. It ends the process where it gets none. */
const NODE_THREADS = 4;
/** Addresses of their stacks, of the heap and of a small part of a command, bytes. With fewer, V8 was seen to die. */
const ADDRESSES = 256 * 1024 * 1024;
/** Limits of at least this many threads of a user are not looked at: counting threads takes time. */
const MANY = 1024;
/** Bits of CAP_SYS_ADMIN and CAP_SYS_RESOURCE, with which Linux lets a process pass a limit on threads. */
const PASSES = (1n << 21n) | (1n << 24n);

/** What lib/remedies.ts says about these causes: here, no module can be loaded any more. */
const MORE_ADDRESSES = 'Raise the limit on addresses (`ulimit -v`, LimitAS= of a service).';
const MORE_THREADS = 'Raise the limit on threads (`ulimit -u`, TasksMax= of a service, --pids-limit).';

/**
 * Returns why Node would end this process without a word while it loads the command line, and what helps; null if it
 * would not, or nothing is known. `root`: the folder of `proc` and `sys`, for tests.
 */
exports.noRoom = function noRoom(root = '/') {
  const read = (file) => {
    try {
      return fs.readFileSync(path.join(root, file), 'utf8');
    } catch {
      return '';
    }
  };
  const limits = read('proc/self/limits');
  const status = read('proc/self/status');
  const addresses = numberIn(/^Max address space +(\d+)/m, limits) - 1024 * numberIn(/^VmSize:\s+(\d+)/m, status);
  if (addresses < ADDRESSES) {
    const [least, left] = [ADDRESSES, addresses].map((bytes) => Math.floor(bytes / 1024 / 1024));
    return `loading takes ${least} MiB of addresses, and the limit leaves ${left} MiB. ${MORE_ADDRESSES}`;
  }
  const threads = Math.min(threadsOfUser(root, read, limits, status), threadsOfGroups(read));
  if (threads >= NODE_THREADS) return null;
  return `loading takes ${NODE_THREADS} threads, and the limit leaves ${Math.max(0, threads)}. ${MORE_THREADS}`;
};

/** Returns the number that a pattern finds; infinity where it finds none. */
const numberIn = (pattern, text) => Number(pattern.exec(text)?.[1] ?? Number.POSITIVE_INFINITY);

/** Returns how many threads this user may still start. Those in other containers are not seen. */
function threadsOfUser(root, read, limits, status) {
  const limit = numberIn(/^Max processes +(\d+)/m, limits);
  const user = numberIn(/^Uid:\s+(\d+)/m, status);
  const capabilities = BigInt(`0x${/^CapEff:\s+([0-9a-f]+)/m.exec(status)?.[1] ?? 0}`);
  if (limit >= MANY || user === 0 || (capabilities & PASSES) !== 0n) return Number.POSITIVE_INFINITY;
  const processes = fs.readdirSync(path.join(root, 'proc')).filter((name) => /^\d+$/.test(name));
  const started = processes.map((name) => read(`proc/${name}/status`));
  const own = started.filter((text) => numberIn(/^Uid:\s+(\d+)/m, text) === user);
  return limit - own.reduce((sum, text) => sum + numberIn(/^Threads:\s+(\d+)/m, text), 0);
}

/** Returns how many threads the control groups of this process, and those around them, may still have. */
function threadsOfGroups(read) {
  let least = Number.POSITIVE_INFINITY;
  for (const [, controllers, name] of read('proc/self/cgroup').matchAll(/^\d+:([^:]*):(.*)$/gm)) {
    if (controllers !== '' && controllers !== 'pids') continue;
    const base = path.join('sys/fs/cgroup', controllers);
    for (let group = name; ; group = path.dirname(group)) {
      const limit = numberIn(/^(\d+)/, read(path.join(base, group, 'pids.max')));
      const current = read(path.join(base, group, 'pids.current'));
      if (current !== '') least = Math.min(least, limit - Number(current));
      if (group === path.dirname(group)) break;
    }
  }
  return least;
}
