/**
 * The thread of a logical CPU: pins itself, attaches the machine's memory, and plays its part in every trial. Between
 * trials it waits in its event loop. During a trial it receives no messages: start, stop and abort travel through
 * shared memory.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { addon } from '../../memory/addon.js';
import { detachBuffer } from '../../smp/detached-buffer.js';
import { assembleCpu } from '../build/assemble-cpu.js';
import { AttachedRam } from './attached-ram.js';
import { Trial } from './trial.js';
import { playTrials, RELEASE, type TrialReply, type TrialRequest } from './trial-request.js';

/** The worker data of the thread. */
export interface CpuThreadData {
  readonly cpu: number;
  /** CPU of the host to run on, or null to leave that to the host. */
  readonly hostCpu: number | null;
}

if (parentPort !== null) serve(parentPort, workerData as CpuThreadData);

function serve(port: NonNullable<typeof parentPort>, data: CpuThreadData): void {
  detachBuffer(); // the memory of machines will be
  const ram = new AttachedRam();
  if (data.hostCpu !== null) addon().pinThread(data.hostCpu);
  playTrials(port, (request, { system, rendezvous }) => {
    const runner = assembleCpu(system, data.cpu, ram.attach(request.ram));
    return new Trial(system, runner, rendezvous, request.threads).play(request.plan);
  });
  port.on('message', (request: TrialRequest | typeof RELEASE) => {
    if (request !== RELEASE) return;
    ram.release();
    port.postMessage({ report: null } satisfies TrialReply<null>);
  });
}
