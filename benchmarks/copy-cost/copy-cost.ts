/**
 * What does one copy cost here, by copy kernel, size and state of the destination? This is the base of every transmit
 * design: bounce memory is cold when its slots are used again, and hot when the slot pool is small.
 *
 * Each sample is one batch of copies in a native loop, on one pinned thread. The source is hot, like data that were
 * just written. Which pages of the memory it and the destination take is drawn again for each sample, and so is its
 * offset relative to the destination: a copy between addresses that are equal modulo 4 KiB can be slower than any
 * other, and sizes that are powers of two would always hit that case.
 */

import { BatchCounts } from '../../lib/bench/counters/batch-counts.js';
import { pinIfAllowed } from '../../lib/bench/host/pinning.js';
import type { Cell, RatioSpec, Sample, Scenario, ScenarioContext } from '../../lib/bench/plan/scenario.js';
import { cellId } from '../../lib/bench/plan/scenario.js';
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import type { Warning } from '../../lib/bench/plan/warning.js';
import { noHugePages, unlockedMemory } from '../../lib/bench/result/warning-rules.js';
import { timedCopy } from '../../lib/memory/copy.js';
import { allCopyKernels, type CopyKernelName, copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { createInSlices } from '../../lib/memory/create-in-slices.js';
import { Region } from '../../lib/memory/region.js';
import { random, randomInt, seedFor } from '../../lib/random.js';
import { PAGE_SIZE, roundUp } from '../../lib/units.js';
import { copyKernels } from '../shared/compared-copy-kernels.js';
import { type CopyState, copyBatch, copySizes } from './copy-sizes.js';

const NAME = 'copy-cost';
const BASELINE: CopyKernelName = 'libc';
/** Size at which copy kernels are compared with that of the C library: the largest packet. */
const COMPARED_BYTES = 65536;
const OFFSET_STEP = 64;
const OFFSETS = 64;

/** The memory that all cells share. */
class CopyMemory {
  readonly #bytes: number;
  readonly #cpu: number;
  #source: Region | undefined;
  #destination: Region | undefined;
  readonly counts = new BatchCounts();
  /** Warnings about this memory; the same for every sample. */
  warnings: readonly Warning[] = [];

  constructor(bytes: number, cpu: number) {
    this.#bytes = bytes;
    this.#cpu = cpu;
  }

  async open(signal?: AbortSignal): Promise<void> {
    pinIfAllowed(this.#cpu);
    this.counts.open();
    this.#source = await createInSlices({ bytes: this.#bytes + OFFSETS * OFFSET_STEP }, Region.attach, signal);
    this.#destination = await createInSlices({ bytes: this.#bytes }, Region.attach, signal);
    const { source, destination } = this;
    this.warnings = [unlockedMemory(destination) ?? unlockedMemory(source), noHugePages(destination.info())].flatMap(
      (warning) => warning ?? [],
    );
  }

  close(): void {
    this.counts.close();
    this.#source?.close();
    this.#destination?.close();
  }

  get source(): Region {
    return this.#source!;
  }

  get destination(): Region {
    return this.#destination!;
  }
}

interface Point {
  readonly kernel: CopyKernelName;
  readonly state: CopyState;
  readonly size: number;
}

const idOf = ({ kernel, state, size }: Point) => cellId([NAME, kernel, state], { size });

function copyCell(point: Point, memory: CopyMemory, seed: number): Cell {
  const { kernel, state, size } = point;
  const batch = copyBatch(size, state);
  const index = copyKernelIndex(kernel);
  const next = random(seedFor(seed, idOf(point)));
  const step = roundUp(size, 64);
  const ns = new Float64Array(2);
  const sample = (): Sample => {
    const offsetBytes = randomInt(next, OFFSETS) * OFFSET_STEP;
    const { source, destination, counts } = memory;
    const place = (region: Region, span: number) =>
      randomInt(next, Math.floor((region.bytes - span) / PAGE_SIZE) + 1) * PAGE_SIZE;
    // In a cold batch each copy has memory of its own, because only the first copy to a line finds it cold.
    const dstSpan = state === 'cold' ? batch * step : step;
    const to = { dstRegion: destination.id, dstOffset: place(destination, dstSpan), dstSpan };
    const srcOffset = place(source, step + offsetBytes) + offsetBytes;
    const walk = { ...to, srcRegion: source.id, srcOffset, srcSpan: step };
    const copies = { copyKernel: index, bytes: size, batch, ...walk, flushDestination: state === 'cold' };
    timedCopy(copies, 2, ns, counts.into(2));
    counts.add(1);
    // The first of the two batches only brings the source, and a hot destination, into the caches.
    const nsPerBatch = ns[1]!;
    const nsPerCopy = nsPerBatch / batch;
    return {
      value: nsPerCopy,
      durationMs: nsPerBatch / 1e6,
      ledger: { gigabytesPerSecond: size / nsPerCopy, nsPerBatch, offsetBytes, ...counts.ledger(batch * size) },
      warnings: memory.warnings,
    };
  };
  return {
    id: idOf(point),
    params: { ...point },
    unit: 'ns',
    higherIsBetter: false,
    batch,
    sample: async () => sample(),
  };
}

function comparisons(points: readonly Point[]): RatioSpec[] {
  return points
    .filter(({ kernel, size }) => size === COMPARED_BYTES && kernel !== BASELINE)
    .map((point) => ({
      id: cellId([NAME, `${point.kernel}:${BASELINE}`, point.state], { size: point.size }),
      of: idOf(point),
      to: idOf({ ...point, kernel: BASELINE }),
    }));
}

/** Measures copy kernels that this host supports; a run that is not full leaves out some of them. */
export async function copyCost(settings: BenchSettings, { host }: ScenarioContext): Promise<Scenario> {
  const sizes = copySizes(settings.effort, host, [settings.cpus[0]!]);
  const supported = allCopyKernels().filter((copyKernel) => copyKernel.supported);
  const names = copyKernels(
    settings.effort,
    supported.map(({ name }) => name as CopyKernelName),
  );
  const points = (['hot', 'cold'] as const).flatMap((state) =>
    names.flatMap((kernel) => sizes.map((size) => ({ kernel, state, size }))),
  );
  const spans = points.map(({ size, state }) => roundUp(size, 64) * (state === 'cold' ? copyBatch(size, state) : 1));
  const memory = new CopyMemory(Math.max(...spans), settings.cpus[0]!);
  return {
    name: NAME,
    question: 'what does one copy cost, by copy kernel, size and state of its destination?',
    cells: points.map((point) => copyCell(point, memory, settings.seed)),
    ratios: comparisons(points),
    tables: [{ kind: 'copy-rates' }, { kind: 'ratios' }],
    get sampledLedger() {
      return memory.counts.keys;
    },
    weight: 0.35,
    open: (signal) => memory.open(signal),
    close: async () => memory.close(),
  };
}
