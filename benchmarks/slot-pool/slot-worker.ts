/** A thread that allocates and releases slots. While it measures it receives no messages. */
import { parentPort, workerData } from 'node:worker_threads';
import { pinIfAllowed } from '../../lib/bench/host/pinning.js';
import { pulsed } from '../shared/pulses.js';
import { SlotLoop, type SlotPlan, type SlotTimes } from './slot-loop.js';

export interface SlotThread {
  readonly thread: number;
  /** CPU of the host to run on. */
  readonly hostCpu: number;
}

export interface SlotRequest {
  /** Name of the slot pool, unique in the run. */
  readonly name: string;
  readonly buffer: SharedArrayBuffer;
  readonly plan: SlotPlan;
}

export interface SlotReply extends SlotTimes {
  /** How fast the CPU was, see `pulsed`. */
  readonly pulseNs: number;
}

if (parentPort !== null) serve(parentPort, workerData as SlotThread);

function serve(port: NonNullable<typeof parentPort>, { thread, hostCpu }: SlotThread): void {
  pinIfAllowed(hostCpu);
  const loops = new Map<string, SlotLoop>();
  port.on('message', ({ name, buffer, plan }: SlotRequest) => {
    const loop = loops.get(name) ?? SlotLoop.over(buffer, plan);
    loops.set(name, loop);
    port.postMessage(pulsed(() => loop.run(plan, thread)) satisfies SlotReply);
  });
}
