/** A thread on another CPU that writes buffers, so that its caches hold them. */
import { parentPort, workerData } from 'node:worker_threads';
import { pinIfAllowed } from '../../lib/bench/host/pinning.js';
import { CopyList } from '../../lib/memory/copy-list.js';
import { Region } from '../../lib/memory/region.js';

export interface BufferWriter {
  /** CPU of the host to run on. */
  readonly hostCpu: number;
  /** Id of the region that it writes in. */
  readonly region: number;
}

export interface WriteRequest {
  readonly copyKernel: number;
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
}

if (parentPort !== null) serve(parentPort, workerData as BufferWriter);

function serve(port: NonNullable<typeof parentPort>, { hostCpu, region }: BufferWriter): void {
  pinIfAllowed(hostCpu);
  const { id } = Region.attach(region);
  const list = CopyList.ofThisThread();
  port.on('message', ({ copyKernel, from, to, bytes }: WriteRequest) => {
    list.reset();
    list.push(id, to, id, from, bytes, 0);
    list.run(copyKernel);
    port.postMessage(bytes);
  });
}
