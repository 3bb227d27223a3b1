/** Two sides of a copy in pages of each size, each a span that is used in turn. Main thread only. */
import { timedCopy } from '../../lib/memory/copy.js';
import { createInSlices } from '../../lib/memory/create-in-slices.js';
import { Region } from '../../lib/memory/region.js';
import type { HugePagePolicy } from '../../lib/memory/region-spec.js';
import { PAGE_SIZE } from '../../lib/units.js';
import type { Offsets } from './offsets.js';
import { SpanCursor } from './span-cursor.js';
import type { PageKind } from './surface-points.js';

const POLICIES: Readonly<Record<PageKind, HugePagePolicy>> = {
  '4 KiB': 'never',
  transparent: 'thp',
  hugetlb: 'hugetlb',
};

interface Pages {
  readonly source: SpanCursor;
  readonly destination: SpanCursor;
  /** Of the destination, that huge pages back; -1: not told. */
  readonly hugeShare: number;
  readonly granted: boolean;
}

export class PageMemory {
  readonly #bytes: number;
  readonly #kinds: readonly PageKind[];
  readonly #pages = new Map<PageKind, Pages>();
  readonly #ns = new Float64Array(1);

  /** `bytes`: of each side. */
  constructor(bytes: number, kinds: readonly PageKind[]) {
    this.#bytes = bytes;
    this.#kinds = kinds;
  }

  async open(signal?: AbortSignal): Promise<void> {
    for (const kind of this.#kinds) {
      const spec = { bytes: this.#bytes + 2 * PAGE_SIZE, hugePages: POLICIES[kind] };
      const source = await createInSlices(spec, Region.attach, signal);
      const destination = await createInSlices(spec, Region.attach, signal);
      const { hugePages, hugeBytes } = destination.info();
      this.#pages.set(kind, {
        source: new SpanCursor(source, this.#bytes),
        destination: new SpanCursor(destination, this.#bytes),
        hugeShare: hugeBytes < 0 ? -1 : Math.min(1, hugeBytes / destination.bytes),
        granted: [source.info().hugePages, hugePages].every((one) => one === POLICIES[kind]),
      });
    }
  }

  close(): void {
    for (const { source, destination } of this.#pages.values()) {
      source.region.close();
      destination.region.close();
    }
    this.#pages.clear();
  }

  /**
   * Returns the time of one copy, nanoseconds, or null where Linux gave other pages. `counted` gets what counters say
   * of it.
   */
  run(
    kind: PageKind,
    kernel: number,
    size: number,
    offsets: Offsets,
    counted?: Float64Array,
  ): { ns: number | null; hugeShare: number } {
    const { source, destination, hugeShare, granted } = this.#pages.get(kind)!;
    const sides = {
      srcRegion: source.region.id,
      srcOffset: source.take(size) + offsets.source,
      srcSpan: size,
      dstRegion: destination.region.id,
      dstOffset: destination.take(size) + offsets.destination,
      dstSpan: size,
    };
    const [ns] = timedCopy({ copyKernel: kernel, bytes: size, batch: 1, ...sides }, 1, this.#ns, counted);
    return { ns: granted ? ns! : null, hugeShare };
  }
}
