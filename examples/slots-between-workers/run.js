/** Passes a thousand blocks of shared memory to a worker, which frees them. */
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { Slots } from 'copytax/slots';

if (isMainThread) {
  const slots = Slots.create({ bytes: 8 << 20, areas: 2 });
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: slots.handle });
  for (let i = 0; i < 1000; i++) {
    const at = slots.alloc(3000);
    slots.view(at, 4).fill(i);
    worker.postMessage(at);
  }
  worker.postMessage('end');
  worker.on('message', (seen) => {
    console.log(`${seen} blocks arrived; bytes in use at the end: ${slots.used}`);
    slots.close();
  });
} else {
  const slots = Slots.attach(workerData);
  let seen = 0;
  parentPort?.on('message', (/** @type {number | 'end'} */ at) => {
    if (at === 'end') {
      slots.close();
      parentPort?.postMessage(seen);
      parentPort?.close();
    } else if (slots.view(at, 4).every((byte) => byte === (seen & 255))) {
      slots.free(at);
      seen++;
    }
  });
}
