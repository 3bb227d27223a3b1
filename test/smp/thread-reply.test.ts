import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from '@jest/globals';
import { request } from '../../lib/smp/thread-reply.js';

/** A thread that doubles a number, throws what is a text, and exits at null. */
const THREAD = `
  require('node:worker_threads').parentPort.on('message', (message) => {
    if (message === null) process.exit(3);
    if (typeof message === 'string') throw new Error(message);
    require('node:worker_threads').parentPort.postMessage(2 * message);
  });`;

let worker: Worker;
afterEach(() => worker.terminate());
const start = () => {
  worker = new Worker(THREAD, { eval: true });
  return worker;
};
const listeners = () => ['message', 'error', 'exit'].map((event) => worker.listenerCount(event));

describe('request', () => {
  it('resolves to the reply of the worker, and listens no longer than that', async () => {
    start();
    const before = listeners();
    expect(await request<number>(worker, 21, 'CPU 1')).toBe(42);
    expect(await request<number>(worker, 4, 'CPU 1')).toBe(8);
    expect(listeners()).toEqual(before);
  });

  it('rejects with the cause when the worker fails', async () => {
    await expect(request(start(), 'no memory', 'CPU 1')).rejects.toMatchObject({
      code: 'ERR_WORKER_DIED',
      message: 'the thread of CPU 1 failed: no memory',
      details: { thread: 'CPU 1' },
      cause: { message: 'no memory' },
    });
  });

  it('rejects when the worker ends, and when it is ended', async () => {
    await expect(request(start(), null, 'CPU 1')).rejects.toMatchObject({
      code: 'ERR_WORKER_DIED',
      message: 'the thread of CPU 1 exited with code 3',
    });
    await once(start(), 'online');
    const reply = request(worker, null, 'CPU 2');
    await worker.terminate();
    await expect(reply).rejects.toMatchObject({ code: 'ERR_WORKER_DIED', details: { thread: 'CPU 2' } });
  });

  it('rejects when the worker had ended before', async () => {
    await start().terminate();
    const before = listeners();
    await expect(request(worker, 1, 'CPU 1')).rejects.toMatchObject({
      code: 'ERR_WORKER_DIED',
      message: 'the thread of CPU 1 has ended',
    });
    expect(listeners()).toEqual(before);
  });

  it('refuses a second request before the reply to the first, which is not taken for it', async () => {
    start();
    const first = request<number>(worker, 21, 'CPU 1');
    await expect(request(worker, 1, 'CPU 1')).rejects.toMatchObject({
      code: 'ERR_ALREADY_RUNNING',
      details: { thread: 'CPU 1' },
    });
    expect(await first).toBe(42);
    expect(await request<number>(worker, 4, 'CPU 1')).toBe(8);
  });

  it('waits on for the reply where another message comes first', async () => {
    start();
    worker.postMessage(1); // to which the worker replies as well
    expect(await request<number>(worker, 3, 'CPU 1', (reply) => reply === 6)).toBe(6);
  });

  it('rejects a message that cannot be cloned, and is ready for the next one', async () => {
    start();
    const before = listeners();
    await expect(request(worker, () => {}, 'CPU 1')).rejects.toThrow(/could not be cloned/);
    expect(listeners()).toEqual(before);
    expect(await request<number>(worker, 4, 'CPU 1')).toBe(8);
  });
});
