/**
 * A request to a worker thread, and its one reply.
 * Owner: the thread that made the worker. A worker has one request at a time: with two, the first reply would be taken
 * for that to both.
 */
import type { Worker } from 'node:worker_threads';
import { CopytaxError, isCopytaxError } from '../errors.js';
import { startRefusal } from '../threads.js';

/**
 * Returns the error of a thread that could not begin, because of what it was asked to be: a CPU that it may not run on,
 * or a limit. Null for any other.
 */
function ofStart(error: unknown, name: string): CopytaxError | null {
  if (!isCopytaxError(error, 'ERR_CPU_PIN')) return startRefusal(error);
  const details = { ...error.details, thread: name };
  return new CopytaxError(error.code, `the thread of ${name} ${error.message}`, details, error);
}

/** Returns what a request rejects with when the worker failed with this error. `name` as in `request`. */
export function deathOf(error: Error, name: string): CopytaxError {
  const details = { thread: name };
  const died = `the thread of ${name} failed: ${error.message}`;
  return ofStart(error, name) ?? new CopytaxError('ERR_WORKER_DIED', died, details, error);
}

/** Node's number of a thread that has ended: it posts nothing and emits nothing any more. */
const ENDED = -1;

/** The workers that have not replied yet. */
const busy = new WeakSet<Worker>();

/**
 * Posts the message and resolves to what the worker posts back. `name` says whose thread it is, as in "CPU 1".
 * `isReply`: which of the worker's messages is the reply; by default the first one.
 * Rejects with ERR_WORKER_DIED when the worker fails or ends before that, or has ended already, with ERR_CPU_PIN or
 * ERR_NO_THREAD when it could not begin, and with ERR_ALREADY_RUNNING, posting nothing, when it has not replied to
 * another request.
 */
export function request<Reply>(
  worker: Worker,
  message: unknown,
  name: string,
  isReply: (reply: Reply) => boolean = () => true,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const gone = (why: string) => new CopytaxError('ERR_WORKER_DIED', `the thread of ${name} ${why}`, { thread: name });
    if (worker.threadId === ENDED) throw gone('has ended');
    if (busy.has(worker)) {
      throw new CopytaxError('ERR_ALREADY_RUNNING', `the thread of ${name} works on another request`, { thread: name });
    }
    const settle = (finish: () => void) => {
      busy.delete(worker);
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
      finish();
    };
    const onMessage = (reply: Reply) => {
      if (isReply(reply)) settle(() => resolve(reply));
    };
    const onError = (error: Error) => settle(() => reject(deathOf(error, name)));
    const onExit = (code: number) => settle(() => reject(gone(`exited with code ${code}`)));
    worker.postMessage(message); // throws for what cannot be cloned, and then there is no request
    busy.add(worker);
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
  });
}
