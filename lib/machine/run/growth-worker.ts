/** The thread that grows bounce memory in the background: takes part in rounds of machines that want it, copies nothing. */
import { parentPort } from 'node:worker_threads';
import { playRounds } from './round-request.js';

if (parentPort !== null) {
  playRounds(parentPort, ({ threads }, { system, rendezvous }) => {
    const work = system.growthWork()!;
    rendezvous.start(work.cpu, threads);
    rendezvous.stopped(); // it sends nothing
    work.run();
    return null;
  });
}
