/**
 * Starts threads, and says in a sentence why one could not be started: Linux limits how many there may be, and how many
 * files are open, and Node's permissions may forbid threads altogether.
 */
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { CopytaxError } from './errors.js';
import { remedyOf } from './remedies.js';

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
 * Starts a thread from a file of this package, without the flags of the main thread: a file cannot be run with those of
 * `node --input-type=module -e`.
 * @throws ERR_NO_THREAD
 */
export function startThread(file: URL, options: Omit<WorkerOptions, 'execArgv'> = {}): Worker {
  try {
    return new Worker(file, { ...options, execArgv: [] });
  } catch (thrown) {
    throw startRefusal(thrown) ?? thrown;
  }
}
