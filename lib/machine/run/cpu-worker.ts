/**
 * The thread of a logical CPU: pins itself, attaches the machine's memory, and plays the rounds that it is told of.
 * Between rounds it waits in its event loop; during one it is deaf, and everything goes through shared memory.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { addon } from '../../memory/addon.js';
import { Region } from '../../memory/region.js';
import { Round } from './round.js';
import { playRounds } from './round-request.js';

/** What the thread is made with. */
export interface CpuThreadData {
  readonly cpu: number;
  /** CPU of the host to run on, or null to leave that to the host. */
  readonly hostCpu: number | null;
}

if (parentPort !== null) serve(parentPort, workerData as CpuThreadData);

function serve(port: NonNullable<typeof parentPort>, data: CpuThreadData): void {
  let ram: Region | null = null;
  if (data.hostCpu !== null) addon().pinThread(data.hostCpu);
  playRounds(port, (request, { system, rendezvous }) => {
    if (ram?.id !== request.ram) {
      ram?.close();
      ram = null;
      ram = Region.attach(request.ram);
    }
    return new Round(system, system.runner(data.cpu, ram), rendezvous, request.threads).play(request.plan);
  });
}
