/** A thread on another CPU that writes what the first CPU then copies, or copies to. */
import { parentPort, workerData } from 'node:worker_threads';
import { pinIfAllowed } from '../../lib/bench/host/pinning.js';
import { copy } from '../../lib/memory/copy.js';
import { Region } from '../../lib/memory/region.js';
import { PAGE_SIZE } from '../../lib/units.js';

export interface StateWriter {
  /** CPU of the host to run on. */
  readonly hostCpu: number;
  /** Ids of the regions that it writes. */
  readonly regions: readonly number[];
}

/** Ranges that are written, each by one copy after another from a page of the thread. */
export type Written = readonly { readonly region: number; readonly offset: number; readonly bytes: number }[];

if (parentPort !== null) serve(parentPort, workerData as StateWriter);

function serve(port: NonNullable<typeof parentPort>, { hostCpu, regions }: StateWriter): void {
  pinIfAllowed(hostCpu);
  // Kept, for a Region that is dropped is closed some time later.
  const attached = regions.map((id) => Region.attach(id));
  const page = Region.create({ bytes: PAGE_SIZE, lock: 'no' });
  port.on('message', (ranges: Written) => {
    let written = 0;
    for (const { region, offset, bytes } of ranges) {
      for (let at = 0; at < bytes; at += PAGE_SIZE) {
        const part = Math.min(PAGE_SIZE, bytes - at);
        // What Linux copies from users with: stores that leave the lines in the caches of this CPU.
        copy(attached.find(({ id }) => id === region)!, offset + at, page, 0, part, 'kernel-like');
        written += part;
      }
    }
    port.postMessage(written);
  });
}
