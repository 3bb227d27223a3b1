/** A thread that measures operations of the control plane. It has compiled them for itself. */
import { parentPort, workerData } from 'node:worker_threads';
import { nativeClock } from '../../lib/bench/host/clock.js';
import { pinIfAllowed } from '../../lib/bench/host/pinning.js';
import type { Sample } from '../../lib/bench/plan/scenario.js';
import { pulsed } from '../shared/pulses.js';
import type { OperationName } from './control-operations.js';
import { ControlTurns } from './control-turns.js';

export interface ControlThread {
  /** CPU of the host to run on. */
  readonly hostCpu: number;
  readonly slotPoolBytes: number;
}

export interface ControlRequest {
  readonly name: OperationName;
  readonly batch: number;
}

export interface ControlReply {
  readonly sample: Sample;
  /** How fast the CPU was, see `pulsed`. */
  readonly pulseNs: number;
}

if (parentPort !== null) serve(parentPort, workerData as ControlThread);

function serve(port: NonNullable<typeof parentPort>, { hostCpu, slotPoolBytes }: ControlThread): void {
  pinIfAllowed(hostCpu);
  const turns = new ControlTurns(slotPoolBytes);
  const clock = nativeClock();
  port.on('message', ({ name, batch }: ControlRequest) => {
    port.postMessage(pulsed(() => ({ sample: turns.sample(name, batch, clock) })) satisfies ControlReply);
  });
}
