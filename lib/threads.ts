/**
 * Starts threads, and says in a sentence why one could not be started: Linux limits how many there may be, how many
 * files are open and how many addresses a process may have, and Node's permissions may forbid threads altogether.
 */
import { readFileSync } from 'node:fs';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { CopytaxError } from './errors.js';
import { MORE_ADDRESSES, remedyOf } from './remedies.js';
import { MIB } from './units.js';

/**
 * Returns the error that says why a thread could not start, or could not load its files; null if what was thrown is of
 * another kind.
 */
export function startRefusal(thrown: unknown): CopytaxError | null {
  const remedy = remedyOf(thrown);
  if (remedy === undefined) return null;
  const { message } = thrown as Error;
  return new CopytaxError('ERR_NO_THREAD', `a thread could not be started: ${message}`, { remedy }, thrown);
}

/**
 * Addresses that a thread of Node takes at most when it starts, bytes: most of it reserved for compiled code, the rest
 * stack, heap and an arena of the C library. On x86-64 some 640 MiB were seen.
 */
const THREAD_ADDRESSES = 768 * MIB;

/** Threads that were started, and have not reserved their addresses yet. */
const beginning = new Set<Worker>();

/**
 * Returns the error of threads that would find no addresses under `ulimit -v`, null where they find some or nothing is
 * known. The engine looks for them when a thread has begun, and ends the whole process where there are none, so that
 * this has to be known before.
 * `threads`: how many; `read`: returns the text of a file of /proc/self, and is for tests.
 */
export function addressRefusal(
  threads: number,
  read: (name: string) => string = (name) => readFileSync(`/proc/self/${name}`, 'utf8'),
): CopytaxError | null {
  let room = Number.POSITIVE_INFINITY;
  try {
    const limit = Number(/^Max address space +(\d+)/m.exec(read('limits'))?.[1] ?? room);
    if (Number.isFinite(limit)) room = limit - Number(/^VmSize:\s+(\d+)/m.exec(read('status'))?.[1] ?? 0) * 1024;
  } catch {
    // Not readable: the engine finds out.
  }
  if (!(room < threads * THREAD_ADDRESSES)) return null;
  const [needed, left] = [threads * THREAD_ADDRESSES, room].map((bytes) => Math.floor(bytes / MIB));
  const why = `starting takes up to ${needed} MiB of addresses, and the limit leaves ${left} MiB`;
  return new CopytaxError('ERR_NO_THREAD', `a thread could not be started: ${why}`, { remedy: MORE_ADDRESSES });
}

/**
 * Starts a thread from a file of this package, without the flags of the main thread: a file cannot be run with those of
 * `node --input-type=module -e`.
 * @throws ERR_NO_THREAD
 */
export function startThread(file: URL, options: Omit<WorkerOptions, 'execArgv'> = {}): Worker {
  const refusal = addressRefusal(beginning.size + 1);
  if (refusal !== null) throw refusal;
  try {
    const thread = new Worker(file, { ...options, execArgv: [] });
    beginning.add(thread);
    const begun = () => void beginning.delete(thread);
    thread.once('online', begun).once('exit', begun);
    return thread;
  } catch (thrown) {
    throw startRefusal(thrown) ?? thrown;
  }
}
