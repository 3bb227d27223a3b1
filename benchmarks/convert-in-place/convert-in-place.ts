/**
 * At which sizes would it be cheaper to share the pages of a buffer with the host, and to take them back later, than to
 * bounce the buffer? Measured is the bounce, with its search for slots and its copy, from one page to 1 MiB. The price
 * of a conversion cannot be measured here: it is the one that --convert-ns-per-page gives, and what others have
 * published (docs/convert-in-place.md). Where the two meet is computed.
 *
 * A conversion is priced as one range of any size. That favours it: where bouncing is cheaper all the same, it also is
 * for memory in several ranges.
 */

import { pinIfAllowed } from '../../lib/bench/host/pinning.js';
import type { BreakEvenSpec, PagePrice } from '../../lib/bench/plan/break-even-spec.js';
import type { Cell, Sample, Scenario } from '../../lib/bench/plan/scenario.js';
import { cellId } from '../../lib/bench/plan/scenario.js';
import type { BenchSettings, Effort } from '../../lib/bench/plan/settings.js';
import type { TableSpec } from '../../lib/bench/plan/table-spec.js';
import type { Warning } from '../../lib/bench/plan/warning.js';
import { noHugePages, unlockedMemory } from '../../lib/bench/result/warning-rules.js';
import { MAX_SKB_BYTES } from '../../lib/model-limits.js';
import { KIB, MIB, PAGE_SIZE } from '../../lib/units.js';
import { copyKernelFor } from '../shared/copy-kernel.js';
import { BounceRig, SOURCE_STATES, type SourceState } from './bounce-rig.js';
import { givenPrice, priceFrom, publishedPrices } from './conversion-prices.js';

const NAME = 'convert-in-place';
/** Payload of a sample: a few hundred microseconds, so that few samples are interrupted and a run has many rounds. */
const SAMPLE_BYTES = MIB;

const ALL_SIZES = [4, 8, 16, 32, 64, 128, 256, 512, 1024].map((size) => size * KIB);
const SIZES: Readonly<Record<Effort, readonly number[]>> = {
  quick: [4, 16, 64, 256, 1024].map((size) => size * KIB),
  default: ALL_SIZES,
  full: ALL_SIZES,
};

const TABLES: readonly TableSpec[] = [
  {
    kind: 'columns',
    words: 2,
    columns: [
      { head: 'buffer', param: 'source' },
      { head: 'size', param: 'size', unit: 'bytes' },
      { head: 'bounce, ns', value: 'median' },
      { head: 'of it slots', ledger: 'own:slotNs', unit: 'ns' },
      { head: 'a page breaks even at', ledger: 'own:nsPerPage', unit: 'ns' },
    ],
    legend: [
      'buffer: written just before by this CPU or another, or flushed from all caches; slots as the search finds them',
      'bounce: search for slots, copy and release; of it slots: the same without the copy',
      'a page breaks even at: bouncing the buffer, for each of its pages; a conversion has to cost less, both ways',
    ],
  },
  { kind: 'break-evens' },
];

const idOf = (source: SourceState, size: number) => cellId([NAME, source.replaceAll(' ', '-')], { size });

/** The rig that all cells share, while the scenario is open. */
interface Shared {
  rig: BounceRig | undefined;
  warnings: readonly Warning[];
}

function cell(source: SourceState, size: number, shared: Shared): Cell {
  const group = BounceRig.groupOf(size);
  const groups = SAMPLE_BYTES / (group * size);
  const batch = group * groups;
  const sample = async (): Promise<Sample> => {
    const { bounceNs, slotNs } = await shared.rig!.run(size, source, groups);
    const value = bounceNs / batch;
    return {
      value,
      durationMs: bounceNs / 1e6,
      ledger: { 'own:slotNs': slotNs / batch, 'own:nsPerPage': value / (size / PAGE_SIZE) },
      warnings: shared.warnings,
    };
  };
  return {
    id: idOf(source, size),
    params: { source, size },
    unit: 'ns',
    higherIsBetter: false,
    batch,
    sample,
  };
}

function breakEven(source: SourceState, sizes: readonly number[], prices: readonly PagePrice[]): BreakEvenSpec {
  return {
    id: cellId([NAME, source.replaceAll(' ', '-')], {}),
    cost: source,
    points: sizes.map((bytes) => ({ bytes, cell: idOf(source, bytes) })),
    prices,
  };
}

export async function convertInPlace(settings: BenchSettings): Promise<Scenario> {
  const sizes = SIZES[settings.effort];
  const prices = [...settings.convertNsPerPage.map(givenPrice), ...publishedPrices().map(priceFrom)];
  const [cpu, otherCpu = null] = settings.cpus;
  const states = SOURCE_STATES.filter((state) => otherCpu !== null || state !== 'written by another CPU');
  const shared: Shared = { rig: undefined, warnings: [] };
  return {
    name: NAME,
    question: 'at which sizes would sharing the pages of a buffer with the host be cheaper than bouncing it?',
    cells: states.flatMap((source) => sizes.map((size) => cell(source, size, shared))),
    ratios: [],
    breakEvens: states.map((source) => breakEven(source, sizes, prices)),
    tables: TABLES,
    weight: 0.5,
    open: async () => {
      pinIfAllowed(cpu!);
      shared.rig = new BounceRig(settings.pools[0]!, copyKernelFor(settings, MAX_SKB_BYTES), otherCpu);
      const { ram } = shared.rig;
      shared.warnings = [unlockedMemory(ram), noHugePages(ram.info())].filter((warning) => warning !== null);
    },
    close: async () => shared.rig?.close(),
  };
}
