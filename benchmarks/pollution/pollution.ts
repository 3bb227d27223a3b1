/**
 * What does a bounce cost those that share a core or a last-level cache with the sender, and the device that reads what
 * was bounced? An ordinary copy leaves its bytes in the caches and takes the lines of others for them; a non-temporal
 * one goes around the caches. It is cheaper where slots are cold, and then the device finds nothing in the caches.
 */
import { BatchCounts } from '../../lib/bench/counters/batch-counts.js';
import { availableMemory } from '../../lib/bench/host/available-memory.js';
import type { Cell, Params, RatioSpec, Sample, Scenario, ScenarioContext } from '../../lib/bench/plan/scenario.js';
import { cellId } from '../../lib/bench/plan/scenario.js';
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import type { TableSpec } from '../../lib/bench/plan/table-spec.js';
import type { LedgerKey } from '../../lib/bench/types/ledger-keys.js';
import { allCopyKernels, type CopyKernelName, copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { MIB } from '../../lib/units.js';
import { copyKernels } from '../shared/compared-copy-kernels.js';
import { PACKET_BYTES, QUEUE_BYTES } from './bounces.js';
import { legendOf } from './legend.js';
import { pollutionPlan } from './pollution-plan.js';
import { type Measured, PollutionRig, type Reader } from './pollution-rig.js';
import { WholePath } from './whole-path.js';

const NAME = 'pollution';
/** Slots go round in at least this, also if machines of the run have a smaller slot pool. */
const MIN_POOL_BYTES = 8 * MIB;
/** The kernel that others are compared with: what Linux copies with, if it is there. */
const USUAL = 'movsb';
/** Stands for a copy kernel where nothing is bounced. */
const NONE = 'none';

type Kernel = CopyKernelName | typeof NONE;

/** A cell, and what takes its sample. */
interface Point {
  readonly part: string;
  readonly kernel: Kernel;
  /** What else tells it from others, by name. */
  readonly more: Params;
  readonly unit: string;
  readonly batch: number;
  readonly sample: (signal: AbortSignal) => Promise<Sample>;
}

const idOf = ({ part, kernel, more }: Pick<Point, 'part' | 'kernel' | 'more'>) => {
  const named = Object.entries(more).map(([name, value]) => [name, String(value).replaceAll(' ', '-')]);
  return cellId([NAME, part.replaceAll(' ', '-'), kernel], Object.fromEntries(named));
};

const indexOf = (kernel: Kernel) => (kernel === NONE ? null : copyKernelIndex(kernel));

function cellOf(point: Point): Cell {
  const { part, kernel, more, unit, batch, sample } = point;
  return { id: idOf(point), params: { part, kernel, ...more }, unit, higherIsBetter: false, batch, sample };
}

/** Each copy kernel beside the usual one, and beside no bounce where there is such a cell. */
function comparisons(points: readonly Point[], kernels: readonly CopyKernelName[]): RatioSpec[] {
  const usual = kernels.find((kernel) => kernel === USUAL) ?? kernels[0]!;
  return points.flatMap((point) => {
    const { part, kernel, more } = point;
    if (kernel === NONE) return [];
    const base = points.find((one) => one.part === part && one.kernel === NONE && equal(one.more, quiet(more)));
    const isStreaming = kernel.startsWith('nt-') && kernel !== usual;
    const to = (other: Kernel, id: string, otherMore: Params) => ({
      id: idOf({ part, kernel: `${kernel}:${other}` as Kernel, more }),
      of: idOf(point),
      to: id === '' ? idOf({ part, kernel: other, more: otherMore }) : id,
    });
    return [...(base === undefined ? [] : [to(NONE, idOf(base), more)]), ...(isStreaming ? [to(usual, '', more)] : [])];
  });
}

const equal = (one: Params, other: Params) => JSON.stringify(one) === JSON.stringify(other);
/** What a cell without a bounce has: no pace. */
const quiet = ({ pace: _, ...more }: Params): Params => more;

/** What a host lacks stands in the legend. `availableBytes`: memory that this process can still get. */
export async function pollution(
  settings: BenchSettings,
  { host }: ScenarioContext,
  availableBytes: number = availableMemory(),
  counts = new BatchCounts(),
): Promise<Scenario> {
  const { cpus, effort } = settings;
  const plan = pollutionPlan(effort, host, cpus, availableBytes);
  const supported = allCopyKernels().filter((copyKernel) => copyKernel.supported);
  const kernels = copyKernels(
    effort === 'quick' ? 'quick' : 'default',
    supported.map(({ name }) => name as CopyKernelName),
  );
  const all: readonly Kernel[] = [NONE, ...kernels];
  const poolBytes = Math.max(settings.pools[0]!, MIN_POOL_BYTES);
  const rig = new PollutionRig(plan, cpus, poolBytes, counts);
  const path = cpus.length < 2 ? null : new WholePath(settings, kernels);
  const sampleOf = ({ ns, copyNs, timedNs, counted }: Measured): Sample => ({
    value: ns,
    durationMs: timedNs / 1e6,
    ledger: { ...(copyNs > 0 ? { gigabytesPerSecond: PACKET_BYTES / copyNs } : {}), ...counted },
    warnings: rig.warnings,
  });

  const onCore = plan.onCore.flatMap((workingSet) =>
    plan.packets.flatMap((packets) =>
      all.map((kernel): Point => {
        const sample = async () => sampleOf(rig.onCore(indexOf(kernel), workingSet, packets));
        return { part: 'same core', kernel, more: { workingSet, packets }, unit: 'ns', batch: 1, sample };
      }),
    ),
  );
  const besides = plan.besides.flatMap((workingSet) =>
    [NONE, ...plan.paces.flatMap((pace) => kernels.map((kernel) => ({ kernel, pace })))].map((one): Point => {
      const [kernel, pace] = typeof one === 'string' ? ([NONE, 'paced'] as const) : [one.kernel, one.pace];
      const sample = async (): Promise<Sample> => {
        const { ns, gbps } = await rig.beside(indexOf(kernel), workingSet, pace);
        const ledger = { gbps };
        return { value: ns, durationMs: PollutionRig.BESIDE_MS, ledger, warnings: rig.warnings };
      };
      const more = { workingSet, ...(kernel === NONE ? {} : { pace }) };
      return { part: 'neighbour', kernel, more, unit: 'ns', batch: 1, sample };
    }),
  );
  const readers: readonly Reader[] = cpus.length < 2 ? ['same core'] : ['same core', 'another core'];
  const bounced = kernels.flatMap((kernel): Point[] => {
    const copies = async (reader: Reader | null) => sampleOf(await rig.bounced(copyKernelIndex(kernel), reader));
    return [
      { part: 'copy', kernel, more: {}, unit: 'ns', batch: 1, sample: () => copies(null) },
      ...readers.map((reader): Point => {
        return { part: 'device', kernel, more: { reader }, unit: 'ns', batch: 1, sample: () => copies(reader) };
      }),
    ];
  });
  const paths = (path === null ? [] : kernels).map((kernel): Point => {
    const sample = (signal: AbortSignal) => path!.sample(kernel, signal);
    return { part: 'whole path', kernel, more: {}, unit: 'cores', batch: 1, sample };
  });
  const points = [...onCore, ...besides, ...bounced, ...paths];
  const legend = legendOf(plan, { poolBytes, queueBytes: QUEUE_BYTES, availableBytes, cpus });
  const table: TableSpec = { kind: 'pollution', legend };
  return {
    name: NAME,
    question: 'what do bounces cost those that share a core or a cache with the sender, and the device that reads?',
    cells: points.map(cellOf),
    ratios: comparisons(points, kernels),
    tables: [table],
    get sampledLedger(): LedgerKey[] {
      return ['gbps', ...counts.keys];
    },
    weight: 1,
    open: async (signal) => {
      await path?.open(signal);
      await rig.open(signal);
    },
    close: async () => {
      await rig.close();
      await path?.close();
    },
  };
}
