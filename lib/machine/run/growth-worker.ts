/** The thread that grows bounce memory in the background, in trials of machines with such work. It copies nothing. */
import { parentPort } from 'node:worker_threads';
import { playTrials } from './trial-request.js';

if (parentPort !== null) {
  playTrials(parentPort, ({ threads }, { system, rendezvous }) => {
    const work = system.growthWork()!;
    rendezvous.start(work.cpu, threads);
    rendezvous.stopped(); // it sends nothing
    work.run();
    return null;
  });
}
