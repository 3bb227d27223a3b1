/**
 * Starts threads, and says in a sentence why one could not be started: Linux limits how many there may be, and how many
 * files are open, and Node's permissions may forbid threads altogether.
 */
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { CopytaxError } from './errors.js';

/** What to do about a limit on threads: of a user, or of the pids controller of a control group. */
export const MORE_THREADS = 'raise the limit on threads (`ulimit -u`, TasksMax= of a service, --pids-limit)';
/** What to do about a limit on open files. */
export const MORE_FILES = 'raise the limit on open files (`ulimit -n`, LimitNOFILE= of a service)';
const MORE_MEMORY = 'raise the limit on memory, or free some';
const ALLOW_WORKER = 'start Node with --allow-worker, or without --permission';
const ALLOW_READ = 'let Node read the folder of the package: --allow-fs-read, or no --permission';

/** Returns what to do about what Node threw when it started a thread, or when the thread loaded its files. */
function remedyOf({ code, message, permission }: { code?: string; message: string; permission?: string }) {
  if (code === 'EMFILE' || code === 'ENFILE' || message.includes('EMFILE')) return MORE_FILES;
  if (code === 'ERR_WORKER_INIT_FAILED') return message.includes('ENOMEM') ? MORE_MEMORY : MORE_THREADS;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return MORE_MEMORY;
  if (code === 'ERR_ACCESS_DENIED') return permission === 'WorkerThreads' ? ALLOW_WORKER : ALLOW_READ;
  return undefined;
}

/** Returns the error that says why a thread could not start; null if what was thrown is of another kind. */
export function startRefusal(thrown: unknown): CopytaxError | null {
  const { code, message = '', permission } = (thrown ?? {}) as { code?: string; message?: string; permission?: string };
  const remedy = remedyOf({ message, ...(code && { code }), ...(permission && { permission }) });
  if (remedy === undefined) return null;
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
