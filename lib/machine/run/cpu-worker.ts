/**
 * The thread of a logical CPU: pins itself, attaches the machine's memory, and plays its part in every trial. Between
 * trials it waits in its event loop. During a trial it receives no messages: start, stop and abort travel through
 * shared memory.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { addon } from '../../addon/addon.js';
import { guarded } from '../../addon/native-error.js';
import { detachBuffer } from '../../smp/detached-buffer.js';
import { assembleCpu } from '../build/assemble-cpu.js';
import { AttachedRam } from './attached-ram.js';
import { Trial } from './trial.js';
import { playTrials, type ThreadRequest, type TrialReply } from './trial-request.js';

/** The worker data of the thread. */
export interface CpuThreadData {
  readonly cpu: number;
  /** CPU of the host to run on, or null to leave that to the host. */
  readonly hostCpu: number | null;
}

if (parentPort !== null) serve(parentPort, workerData as CpuThreadData);

/** An error of it reaches the thread that asked: see `request`. */
function pin(hostCpu: number): void {
  guarded(() => addon().pinThread(hostCpu));
}

function serve(port: NonNullable<typeof parentPort>, data: CpuThreadData): void {
  detachBuffer(); // a design of one's own may, at any time
  const ram = new AttachedRam();
  if (data.hostCpu !== null) pin(data.hostCpu);
  playTrials(port, (request, { system, rendezvous }) => {
    const runner = assembleCpu(system, data.cpu, ram.attach(request.ram));
    return new Trial(system, runner, rendezvous, request.threads).play(request.plan);
  });
  port.on('message', (request: ThreadRequest) => {
    if (!('releases' in request)) return;
    ram.release();
    port.postMessage({ number: request.number, report: null } satisfies TrialReply<null>);
  });
}
