/** A thread on another CPU that makes the first copies, so that its caches hold what they wrote. */
import { parentPort, workerData } from 'node:worker_threads';
import { pinIfAllowed } from '../../lib/bench/host/pinning.js';
import { type TimedCopyOptions, timedCopy } from '../../lib/memory/copy.js';
import { Region } from '../../lib/memory/region.js';

export interface QueueWriter {
  /** CPU of the host to run on. */
  readonly hostCpu: number;
  /** Ids of the regions that it copies between. */
  readonly regions: readonly number[];
}

if (parentPort !== null) serve(parentPort, workerData as QueueWriter);

function serve(port: NonNullable<typeof parentPort>, { hostCpu, regions }: QueueWriter): void {
  pinIfAllowed(hostCpu);
  // Kept, for a Region that is dropped is closed some time later.
  const attached = new Map(regions.map((id) => [id, Region.attach(id)]));
  const ns = new Float64Array(1);
  port.on('message', (copies: TimedCopyOptions) => {
    const [srcRegion, dstRegion] = [copies.srcRegion, copies.dstRegion].map((id) => attached.get(id as number)!);
    timedCopy({ ...copies, srcRegion: srcRegion!, dstRegion: dstRegion! }, 1, ns);
    port.postMessage(ns[0]);
  });
}
