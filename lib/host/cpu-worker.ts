/**
 * The thread of a logical CPU: pins itself, attaches the machine's memory, and plays the rounds that it is told of.
 * Between rounds it waits in its event loop; during one it is deaf, and everything goes through shared memory.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { addon } from '../memory/addon.js';
import { Region } from '../memory/region.js';
import { Arena } from '../smp/arena.js';
import type { MachineConfig } from './config.js';
import { type CpuReport, Rendezvous, Round, type RoundPlan } from './round.js';
import { System } from './system.js';

/** What the thread is made with. */
export interface CpuThreadData {
  readonly cpu: number;
  /** CPU of the host to run on, or null to leave that to the host. */
  readonly hostCpu: number | null;
}

export interface RoundRequest {
  readonly config: MachineConfig;
  readonly plan: RoundPlan;
  readonly arena: SharedArrayBuffer;
  /** Id of the region that is the machine's memory. */
  readonly ram: number;
  /** Threads that take part. */
  readonly threads: number;
}

export type RoundReply =
  | { readonly report: CpuReport }
  | { readonly error: { readonly code: string; readonly message: string; readonly stack: string } };

/** The columns of a machine, in the order in which every thread takes them. */
export function sharedState(arena: Arena, config: MachineConfig): { system: System; rendezvous: Rendezvous } {
  return { system: new System(arena, config), rendezvous: new Rendezvous(arena) };
}

if (parentPort !== null) serve(parentPort, workerData as CpuThreadData);

function serve(port: NonNullable<typeof parentPort>, data: CpuThreadData): void {
  let ram: Region | null = null;
  if (data.hostCpu !== null) addon().pinThread(data.hostCpu);
  port.on('message', (request: RoundRequest) => {
    const { system, rendezvous } = sharedState(Arena.over(request.arena), request.config);
    try {
      if (ram?.id !== request.ram) {
        ram?.close();
        ram = null;
        ram = Region.attach(request.ram);
      }
      const runner = system.runner(data.cpu, ram);
      const report = new Round(system, runner, rendezvous, request.threads).play(request.plan);
      port.postMessage({ report } satisfies RoundReply);
    } catch (thrown) {
      system.cpus.abort(); // nobody should wait for this CPU
      const error = thrown as Error & { code?: string };
      const { code = 'ERR_WORKER_DIED', message, stack = '' } = error;
      port.postMessage({ error: { code, message, stack } } satisfies RoundReply);
    }
  });
}
