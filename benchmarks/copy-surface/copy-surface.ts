/**
 * How fast is a copy, by copy kernel, size, state of both sides, alignment and page size? Not every combination: four
 * cuts through them all. And is `auto` as fast as the best copy kernel, at each size?
 */
import { BatchCounts } from '../../lib/bench/counters/batch-counts.js';
import type { HostFacts } from '../../lib/bench/facts/host-schema.js';
import { availableMemory } from '../../lib/bench/host/available-memory.js';
import type { Cell, RatioSpec, Sample, Scenario, ScenarioContext } from '../../lib/bench/plan/scenario.js';
import { cellId } from '../../lib/bench/plan/scenario.js';
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import type { LedgerKey } from '../../lib/bench/types/ledger-keys.js';
import { allCopyKernels, type CopyKernelName, copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { type Random, random, seedFor } from '../../lib/random.js';
import { MIB } from '../../lib/units.js';
import { copyKernels } from '../shared/compared-copy-kernels.js';
import { AutoRig } from './auto-rig.js';
import { type DestinationState, spansOf } from './copy-states.js';
import { legendOf } from './legend.js';
import { movedPerByte } from './moved-bytes.js';
import { ALIGNMENTS, aheadBytes, type Offsets, offsetsFor } from './offsets.js';
import { PageMemory } from './page-memory.js';
import {
  type AlignmentPoint,
  type AutoPoint,
  alignmentPoints,
  autoPoints,
  batchOf,
  type PageKind,
  type PagePoint,
  pagePoints,
  repeatsOf,
  type StatePoint,
  sizePoints,
  statePoints,
} from './surface-points.js';
import { SurfaceRig } from './surface-rig.js';

const NAME = 'copy-surface';
const HUGE_PAGE_BYTES = 2 * MIB;
/** Part of the memory that is available that one side of copies between pages of one size may take. */
const PAGES_SHARE = 1 / 32;
/** Copies at an alignment are hot on both sides. */
const HOT = { from: 'hot', to: 'hot' } as const;

/** Why a cell has no value. */
const OTHER_PAGES = 'Linux gave other pages than it was asked for';
const TOO_SHORT = 'the copies took no longer than reading the clock';

/** What cells share while the scenario is open. */
interface Shared {
  readonly rig: SurfaceRig;
  readonly pages: PageMemory;
  readonly auto: AutoRig;
}

/** Parameters in the order of ids. */
type Point = StatePoint | AlignmentPoint | PagePoint | AutoPoint;

function idOf(point: Point): string {
  const { part, kernel, size, ...rest } = point;
  const words = Object.values(rest).map((word) => word.replaceAll(' ', '-'));
  return cellId([NAME, part, kernel, ...words], { size });
}

/** A cell whose value is a time of a copy. */
function timeCell(
  point: Point,
  to: DestinationState,
  batch: number,
  seed: number,
  run: (offsets: Offsets, next: Random) => Promise<{ ns: number | null; more?: object }>,
): Cell {
  const next = random(seedFor(seed, idOf(point)));
  const moved = movedPerByte(point.kernel, to);
  const alignment = point.part === 'alignment' ? point.offset : 'random';
  const sample = async (): Promise<Sample> => {
    const offsets = offsetsFor(alignment, next);
    const { ns, more } = await run(offsets, next);
    const perCopy = ns === null ? null : ns / batch;
    const isTime = perCopy !== null && perCopy > 0;
    const rate = isTime ? point.size / perCopy : 0;
    return {
      // Less than reading the clock takes is no time of a copy.
      value: isTime ? perCopy : null,
      ...(isTime ? {} : { whyNone: ns === null ? OTHER_PAGES : TOO_SHORT }),
      durationMs: (ns ?? 0) / 1e6,
      ledger: {
        ...(isTime ? { gigabytesPerSecond: rate, 'own:movedGigabytesPerSecond': moved * rate } : {}),
        offsetBytes: aheadBytes(offsets),
        ...more,
      },
    };
  };
  return { id: idOf(point), params: { ...point }, unit: 'ns', higherIsBetter: false, batch, sample };
}

function stateCell(point: StatePoint | AlignmentPoint, batch: number, { rig }: Shared, seed: number): Cell {
  const kernel = copyKernelIndex(point.kernel);
  const { from, to } = point.part === 'alignment' ? HOT : point;
  const repeats = repeatsOf({ size: point.size, from, to });
  const cell = timeCell(point, to, batch * repeats, seed, async (offsets, next) => {
    const copies = { kernel, size: point.size, batch, from, to };
    const { ns, counted } = await rig.sample(copies, repeats, offsets, next);
    return { ns, more: counted };
  });
  return { ...cell, sample: async (signal) => ({ ...(await cell.sample(signal)), warnings: rig.warnings }) };
}

function pageCell(point: PagePoint, { pages, rig: { counts } }: Shared, seed: number): Cell {
  const kernel = copyKernelIndex(point.kernel);
  return timeCell(point, 'memory', 1, seed, async (offsets) => {
    const { ns, hugeShare } = pages.run(point.pages, kernel, point.size, offsets, counts.into(1));
    if (ns !== null) counts.add(0);
    const more = hugeShare < 0 ? {} : { 'own:hugeShare': hugeShare };
    return { ns, more: { ...more, ...counts.ledger(point.size) } };
  });
}

/** Its value is the time of `auto` in times of that of the copy kernel. */
function autoCell(point: AutoPoint, { auto }: Shared, seed: number): Cell {
  const { size } = point;
  const kernel = copyKernelIndex(point.kernel);
  const next = random(seedFor(seed, idOf(point)));
  const sample = async (): Promise<Sample> => {
    const { chosen, ns, timedNs } = auto.examined(size, kernel, next);
    const [autoNs, otherNs] = [chosen, kernel].map((index) => ns.get(index) ?? 0) as [number, number];
    return {
      value: otherNs > 0 ? autoNs / otherNs : null,
      durationMs: (timedNs.get(kernel) ?? 0) / 1e6,
      ledger: { 'own:autoNs': autoNs, 'own:otherNs': otherNs, 'own:chosen': chosen },
    };
  };
  return { id: idOf(point), params: { ...point }, unit: 'times', higherIsBetter: false, batch: 1, sample };
}

/** Each point beside the one that differs in `key` only, and has `usual` there. */
function besides<Kind extends Point>(points: readonly Kind[], key: keyof Kind, usual: string): RatioSpec[] {
  const words = (value: unknown) => String(value).replaceAll(' ', '-');
  return points
    .filter((point) => point[key] !== usual && points.some((one) => one[key] === usual && one.kernel === point.kernel))
    .map((point) => ({
      id: cellId([NAME, point.part, `${words(point[key])}:${words(usual)}`, point.kernel], { size: point.size }),
      of: idOf(point),
      to: idOf({ ...point, [key]: usual }),
    }));
}

/** Whether programs may evict lines from caches on this architecture. */
const mayFlush = ({ arch }: Pick<HostFacts, 'arch'>) => arch === 'x64' || arch === 'arm64';

/** Pages of hugetlb that both sides need, each of `bytes` and a little. */
const hugePagesFor = (bytes: number) => 2 * (Math.ceil(bytes / HUGE_PAGE_BYTES) + 1);

function pageKinds({ memory }: Pick<HostFacts, 'memory'>, bytes: number): PageKind[] {
  const { transparentHugePages, hugePagesFree } = memory;
  return [
    '4 KiB',
    ...(transparentHugePages === null || transparentHugePages === 'never' ? [] : (['transparent'] as const)),
    ...((hugePagesFree ?? 0) >= hugePagesFor(bytes) ? (['hugetlb'] as const) : []),
  ];
}

/** What a host lacks stands in the legend: a single CPU has no other core, and caches that are not told no levels. */
export async function copySurface(
  settings: BenchSettings,
  { host }: ScenarioContext,
  availableBytes: number = availableMemory(),
  counts = new BatchCounts(),
): Promise<Scenario> {
  const { effort, seed } = settings;
  const [cpu, otherCpu = null] = settings.cpus;
  const supported = allCopyKernels().flatMap(({ name, supported: can }) => (can ? (name as CopyKernelName) : []));
  const kernels = copyKernels(effort === 'quick' ? 'quick' : 'default', supported);
  // Two kinds of stores: what lies between them differs by sizes, which have a part of their own.
  const few = kernels.filter((name) => name === 'libc' || name === 'movsb' || name.startsWith('nt-'));
  const spans = spansOf(effort, host, cpu!, availableBytes);
  const possible = (state: DestinationState) =>
    (state !== 'other core' || otherCpu !== null) && (state !== 'flushed' || mayFlush(host));
  const share = Math.floor((availableBytes * PAGES_SHARE) / MIB) * MIB;
  const pageBytes = Math.max(MIB, Math.min(spans.memoryBytes / 2, share));
  const kinds = effort === 'quick' ? [] : pageKinds(host, pageBytes);
  const ofSizes = sizePoints(effort, kernels, spans);
  const ofStates = statePoints(effort, few, spans, possible);
  const ofAlignment = alignmentPoints(effort, kernels, ALIGNMENTS);
  const ofPages = pagePoints(kernels, kinds, pageBytes);
  const ofAuto = autoPoints(effort, supported);
  const hot = [...ofSizes, ...ofStates].filter(({ from, to }) => from === 'hot' || to === 'hot');
  const shared: Shared = {
    rig: new SurfaceRig(spans, Math.max(...hot.map(({ size }) => size)), cpu!, otherCpu, counts),
    pages: new PageMemory(pageBytes, kinds),
    auto: new AutoRig(),
  };
  const { hugePagesFree, transparentHugePages } = host.memory;
  const legend = legendOf({
    spans,
    possible,
    cpus: settings.cpus,
    pages: kinds,
    pageBytes,
    hugePagesFree,
    hugePagesNeeded: hugePagesFor(pageBytes),
    transparentHugePages,
    effort,
    availableBytes,
  });
  return {
    name: NAME,
    question: 'how fast is a copy, by copy kernel, size, state of both sides, alignment and page size?',
    cells: [
      ...ofSizes.concat(ofStates).map((point) => stateCell(point, batchOf(point, spans), shared, seed)),
      ...ofAlignment.map((point) => stateCell(point, batchOf({ ...point, ...HOT }, spans), shared, seed)),
      ...ofPages.map((point) => pageCell(point, shared, seed)),
      ...ofAuto.map((point) => autoCell(point, shared, seed)),
    ],
    ratios: [...besides(ofAlignment, 'offset', 'random'), ...besides(ofPages, 'pages', '4 KiB')],
    get sampledLedger(): LedgerKey[] {
      return ['own:chosen', ...counts.keys];
    },
    tables: [{ kind: 'copy-surface', legend }],
    weight: 1,
    open: async (signal) => {
      await shared.rig.open(signal);
      await shared.pages.open(signal);
      shared.auto.open();
    },
    close: async () => {
      shared.auto.close();
      shared.pages.close();
      await shared.rig.close();
    },
  };
}
