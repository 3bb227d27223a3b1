/**
 * A request to a worker thread, and its one reply.
 * Owner: the thread that made the worker. A worker has one request at a time.
 */
import type { Worker } from 'node:worker_threads';
import { CopytaxError } from '../errors.js';

/**
 * Posts the message and resolves to what the worker posts back. `name` says whose thread it is, as in "CPU 1".
 * Rejects with ERR_WORKER_DIED when the worker fails or ends before that.
 */
export function request<Reply>(worker: Worker, message: unknown, name: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
      finish();
    };
    const died = (why: string, cause?: unknown) => {
      const error = new CopytaxError('ERR_WORKER_DIED', `the thread of ${name} ${why}`, { thread: name }, cause);
      settle(() => reject(error));
    };
    const onMessage = (reply: Reply) => settle(() => resolve(reply));
    const onError = (error: Error) => died(`failed: ${error.message}`, error);
    const onExit = (code: number) => died(`exited with code ${code}`);
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
    worker.postMessage(message);
  });
}
