/** Copies of the main thread between memory of given nodes. */
import { pinIfAllowed } from '../../lib/bench/host/pinning.js';
import type { Sample } from '../../lib/bench/plan/scenario.js';
import { isCopytaxError } from '../../lib/errors.js';
import { timedCopy } from '../../lib/memory/copy.js';
import { CopyList } from '../../lib/memory/copy-list.js';
import { createInSlices } from '../../lib/memory/create-in-slices.js';
import { Region } from '../../lib/memory/region.js';
import type { NodePair } from './node-plan.js';
import { BATCH, COPY_BYTES } from './scaling-plan.js';

interface Sides {
  readonly source: Region;
  readonly destination: Region;
}

/** Main thread only. Owner: the calling thread. */
export class NodeCopies {
  readonly #cpu: number;
  readonly #nodes: readonly number[];
  readonly #sideBytes: number;
  readonly #sides = new Map<number, Sides>();
  readonly #ns = new Float64Array(1);
  #at = 0;

  /** `cpu`: the one that copies; `sideBytes`: of a source, and of a destination: a multiple of a batch. */
  constructor(cpu: number, nodes: readonly number[], sideBytes: number) {
    this.#cpu = cpu;
    this.#nodes = nodes;
    this.#sideBytes = sideBytes;
  }

  /**
   * A node on which Linux lets this process have no memory is left out, as a control group may have it: then samples
   * have no value. Rejects with the reason of `signal` when that aborts it, and with what else `Region.create` throws.
   */
  async open(signal?: AbortSignal): Promise<void> {
    pinIfAllowed(this.#cpu);
    for (const node of this.#nodes) {
      const regions: Region[] = [];
      try {
        for (let side = 0; side < 2; side++) regions.push(await this.#side(node, signal));
        this.#sides.set(node, { source: regions[0]!, destination: regions[1]! });
      } catch (error) {
        for (const region of regions) region.close();
        if (!isCopytaxError(error, 'ERR_REGION_MAP')) throw error;
      }
    }
  }

  #side(numaNode: number, signal: AbortSignal | undefined): Promise<Region> {
    const spec = { bytes: this.#sideBytes, numaNode, lock: 'no', hugePages: 'thp' } as const;
    return createInSlices(spec, Region.attach, signal);
  }

  /**
   * Copies for `ms`. The value is bytes per nanosecond; null where Linux does not say that the memory is on these
   * nodes: it prefers a node, and takes another one where that is full.
   */
  sample({ source, destination }: NodePair, copyKernel: number, ms: number): Sample {
    const [from, to] = [this.#sides.get(source)?.source, this.#sides.get(destination)?.destination];
    if (from === undefined || to === undefined) {
      const nodes = [...new Set([source, destination])].filter((node) => !this.#sides.has(node));
      return { value: null, durationMs: 0, whyNone: `Linux gives this process no memory of node ${nodes.join(', ')}` };
    }
    const { copied, ns } = this.#copyFor(from.id, to.id, copyKernel, ms);
    const [fromNode, toNode] = [from.info().numaNode, to.info().numaNode];
    const isThere = fromNode === source && toNode === destination;
    const asked = `${source} and ${destination}`;
    const whyNone = `Linux has memory that was asked of nodes ${asked} on ${placesOf(fromNode, toNode)}`;
    return {
      value: isThere ? copied / ns : null,
      durationMs: ns / 1e6,
      ...(isThere ? {} : { whyNone }),
      ledger: { 'own:sourceNode': fromNode, 'own:destinationNode': toNode },
    };
  }

  #copyFor(srcRegion: number, dstRegion: number, copyKernel: number, ms: number): { copied: number; ns: number } {
    const clock = CopyList.ofThisThread();
    const started = clock.clock();
    const step = COPY_BYTES * BATCH;
    const copies = { copyKernel, bytes: COPY_BYTES, batch: BATCH, srcRegion, dstRegion, srcSpan: step, dstSpan: step };
    let copied = 0;
    do {
      timedCopy({ ...copies, srcOffset: this.#at, dstOffset: this.#at }, 1, this.#ns);
      copied += step;
      this.#at = (this.#at + step) % this.#sideBytes;
    } while (clock.clock() < started + ms * 1e6);
    return { copied, ns: clock.now - started };
  }

  close(): void {
    for (const { source, destination } of this.#sides.values()) {
      source.close();
      destination.close();
    }
    this.#sides.clear();
  }
}

/** Nodes in words; a negative one is not told. */
function placesOf(source: number, destination: number): string {
  const [from, to] = [source, destination].map((node) => (node < 0 ? 'one that it does not tell' : `${node}`));
  return from === to ? from! : `${from} and ${to}`;
}
