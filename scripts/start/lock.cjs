'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');
const net = require('node:net');

/** How long to wait before another try where the holder could not be asked, milliseconds. */
const RETRY_MS = 100;

/** Names, in the environment of what a holder starts, the lock that it has: that must not wait for it. */
const HELD = 'COPYTAX_START_LOCK';

let inherited = [];

/**
 * Descriptors that programs which build have to inherit: the lock is held until the last of them has ended, also when
 * the start itself was killed.
 */
exports.descriptors = () => inherited;

/**
 * The lock of a checkout is a socket with an abstract name (unix(7)): Linux takes it away with the last process that
 * has it, however that ends, so that none is left over.
 */
const nameOf = (root) => {
  const digest = crypto.createHash('sha256').update(fs.realpathSync(root)).digest('hex');
  return `\0copytax-start-${digest.slice(0, 32)}`;
};

/**
 * Resolves once nothing else builds in this folder, to the lock, which the caller releases. What the holder has started
 * has it at once. `onWait` is called when
 * another one has it. Where sockets are not allowed there is no lock.
 * @returns {Promise<{release(): void}>}
 */
exports.lock = async function lock(root, onWait) {
  const name = nameOf(root);
  if (process.env[HELD] === name.slice(1) && inherited.length === 0) return { release() {} };
  for (let tries = 0; ; tries++) {
    const held = await take(name);
    if (held !== null) return held;
    if (tries === 0) onWait();
    await released(name);
  }
};

function take(name) {
  return new Promise((resolve) => {
    const waiting = new Set();
    const server = net.createServer((socket) => {
      waiting.add(socket.on('error', () => {}));
    });
    const release = () => {
      inherited = [];
      delete process.env[HELD];
      server.close();
      for (const socket of waiting) socket.destroy();
    };
    server.once('error', ({ code }) => resolve(code === 'EADDRINUSE' ? null : { release() {} }));
    server.listen({ path: name }, () => {
      const { fd } = server._handle;
      if (fd >= 0) inherited = [fd];
      process.env[HELD] = name.slice(1);
      resolve({ release });
    });
  });
}

/** Resolves when the holder ends the connection, or is gone. */
function released(name) {
  return new Promise((resolve) => {
    const socket = net.connect({ path: name });
    socket.on('error', () => {});
    socket.on('close', (hadError) => setTimeout(resolve, hadError ? RETRY_MS : 0));
    socket.resume();
  });
}
