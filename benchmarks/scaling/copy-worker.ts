/**
 * A thread on a CPU of its own that copies within memory of its own, which it has written first and which is therefore
 * near to that CPU, until a given time.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { BatchCounts } from '../../lib/bench/counters/batch-counts.js';
import { pinIfAllowed } from '../../lib/bench/host/pinning.js';
import { Region } from '../../lib/memory/region.js';
import { type Copied, type CopyRequest, copyUntil } from '../shared/copy-until.js';
import { pulsed } from '../shared/pulses.js';

export interface CopyThread {
  /** CPU of the host to run on. */
  readonly hostCpu: number;
  /** Memory that it copies within, bytes: from the first half to the second. */
  readonly bytes: number;
}

/** What it is asked to copy; null: to take fresh memory, and to say when that is written. */
export type CopyOrder = (CopyRequest & { readonly spanBytes: number }) | null;

export type CopyReply = Copied & { readonly pulseNs: number };

if (parentPort !== null) serve(parentPort, workerData as CopyThread);

function serve(port: NonNullable<typeof parentPort>, { hostCpu, bytes }: CopyThread): void {
  pinIfAllowed(hostCpu);
  // They end with the thread.
  const counts = new BatchCounts();
  counts.open();
  let memory: Region | undefined;
  const takeFresh = () => {
    // While the old memory is still there, so that Linux cannot give the same pages again.
    const fresh = Region.create({ bytes, lock: 'no', hugePages: 'thp' });
    memory?.close();
    memory = fresh;
  };
  port.on('message', (order: CopyOrder) => {
    if (order === null) {
      takeFresh();
      port.postMessage(null);
      return;
    }
    const places = { region: memory!.id, source: 0, destination: bytes / 2, spanBytes: order.spanBytes };
    port.postMessage(pulsed(() => copyUntil(order, places, counts)) satisfies CopyReply);
  });
}
