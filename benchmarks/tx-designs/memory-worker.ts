/** A thread that copies from memory to memory until a given time. While it copies it receives no messages. */
import { parentPort, workerData } from 'node:worker_threads';
import { pinIfAllowed } from '../../lib/bench/host/pinning.js';
import { timedCopy } from '../../lib/memory/copy.js';
import { CopyList } from '../../lib/memory/copy-list.js';
import { Region } from '../../lib/memory/region.js';
import { pulsed } from '../shared/pulses.js';

export interface MemoryThread {
  /** CPU of the host to run on. */
  readonly hostCpu: number;
  /** Region that it copies within, from the first half of its part to the second half. */
  readonly region: number;
  readonly offset: number;
  readonly bytes: number;
}

export interface MemoryRequest {
  readonly copyKernel: number;
  /** Size of a copy, bytes; the part of each thread is a multiple of a batch. */
  readonly copyBytes: number;
  readonly batch: number;
  /** Times of the process-wide clock, nanoseconds, between which copies count. */
  readonly begin: number;
  readonly end: number;
}

export interface MemoryReply {
  readonly bytes: number;
  readonly ns: number;
  /** How fast the CPU was, see `pulsed`. */
  readonly pulseNs: number;
}

if (parentPort !== null) serve(parentPort, workerData as MemoryThread);

function serve(port: NonNullable<typeof parentPort>, { hostCpu, region, offset, bytes }: MemoryThread): void {
  pinIfAllowed(hostCpu);
  const memory = Region.attach(region);
  const clock = CopyList.ofThisThread();
  const side = bytes / 2;
  const ns = new Float64Array(1);
  port.on('message', ({ copyKernel, copyBytes, batch, begin, end }: MemoryRequest) => {
    const step = copyBytes * batch;
    const regions = { dstRegion: memory.id, srcRegion: memory.id, dstSpan: step, srcSpan: step };
    let at = 0;
    const copyOn = () => {
      const from = offset + at;
      timedCopy({ copyKernel, bytes: copyBytes, batch, ...regions, srcOffset: from, dstOffset: from + side }, 1, ns);
      at = (at + step) % side;
    };
    const copyUntilEnd = () => {
      while (clock.clock() < begin) copyOn();
      const started = clock.clock();
      let copied = 0;
      do {
        copyOn();
        copied += step;
      } while (clock.clock() < end);
      return { bytes: copied, ns: clock.now - started };
    };
    port.postMessage(pulsed(copyUntilEnd) satisfies MemoryReply);
  });
}
