/** Writes texts to pipes, terminals and devices: what is no regular file, and cannot be replaced. */
import { constants, fstatSync, openSync, type Stats, statSync, writeSync } from 'node:fs';

const STDOUT = 1;
/** Names of the standard output, whatever it is. */
const NAMES = /^\/dev\/(?:stdout|fd\/1)$|^\/proc\/(?:self|thread-self)\/fd\/1$/;
/** Between two attempts to write to a full pipe. */
const PAUSE_MS = 2;

/** Returns whether bytes that are written under this name arrive where those of the standard output do. */
export function isStdout(name: string, facts: Stats): boolean {
  if (NAMES.test(name)) return true;
  try {
    const out = fstatSync(STDOUT);
    // A device, such as /dev/null, is there for all.
    return out.dev === facts.dev && out.ino === facts.ino && !facts.isCharacterDevice();
  } catch {
    return false; // it is closed
  }
}

/**
 * Opens what is there for writing, and returns its descriptor, which stays open until the process ends. Does not wait:
 * a pipe that has no reader is refused.
 * @throws the error of Linux: ENXIO for a pipe without a reader
 */
export function openByteStream(name: string): number {
  const facts = statSync(name);
  // A socket cannot be opened by its name, and a file would be written from its beginning.
  if (isStdout(name, facts) && !facts.isFIFO()) return STDOUT;
  return openSync(name, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
}

/**
 * Writes a text whole. Blocks the thread while the reader of a pipe takes its time, but only as long as that takes
 * something now and then.
 * @throws the error of Linux, and ETIMEDOUT if for `patienceMs` nothing was taken
 */
export function writeByteStream(file: number, text: string, patienceMs: number): void {
  const bytes = Buffer.from(text);
  const clock = new Int32Array(new SharedArrayBuffer(4));
  let movedAt = performance.now();
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(file, bytes, at);
      movedAt = performance.now();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      if (performance.now() - movedAt > patienceMs) throw Object.assign(new Error(), { code: 'ETIMEDOUT' });
      Atomics.wait(clock, 0, 0, PAUSE_MS);
    }
  }
}
