/** A thread that copies from memory to memory until a given time. While it copies it receives no messages. */
import { parentPort, workerData } from 'node:worker_threads';
import { pinIfAllowed } from '../../lib/bench/host/pinning.js';
import { Region } from '../../lib/memory/region.js';
import { type Copied, type CopyRequest, copyUntil } from '../shared/copy-until.js';
import { pulsed } from '../shared/pulses.js';

export interface MemoryThread {
  /** CPU of the host to run on. */
  readonly hostCpu: number;
  /** Region that it copies within, from the first half of its part to the second half. */
  readonly region: number;
  readonly offset: number;
  readonly bytes: number;
}

export interface MemoryReply extends Copied {
  /** How fast the CPU was, see `pulsed`. */
  readonly pulseNs: number;
}

if (parentPort !== null) serve(parentPort, workerData as MemoryThread);

function serve(port: NonNullable<typeof parentPort>, { hostCpu, region, offset, bytes }: MemoryThread): void {
  pinIfAllowed(hostCpu);
  const memory = Region.attach(region);
  const side = bytes / 2;
  const places = { region: memory.id, source: offset, destination: offset + side, spanBytes: side };
  port.on('message', (request: CopyRequest) => {
    port.postMessage(pulsed(() => copyUntil(request, places)) satisfies MemoryReply);
  });
}
