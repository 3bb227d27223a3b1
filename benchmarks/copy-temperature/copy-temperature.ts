/**
 * What does the second copy cost, by the bytes that lie queued between it and the first? A design that bounces copies
 * each byte again when the caches may have lost it; one that lets the first copy write to slots does not, and pays for
 * finding slots, asking for the type of a page, and releasing slots: the floor. The gap between both is what there is
 * to gain.
 */
import type { HostFacts } from '../../lib/bench/facts/host-schema.js';
import { availableMemory } from '../../lib/bench/host/available-memory.js';
import type { Cell, RatioSpec, Sample, Scenario, ScenarioContext } from '../../lib/bench/plan/scenario.js';
import { cellId } from '../../lib/bench/plan/scenario.js';
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import { allCopyKernels, type CopyKernelName, copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { random, seedFor } from '../../lib/random.js';
import { MIB } from '../../lib/units.js';
import { copyKernels } from '../shared/compared-copy-kernels.js';
import { FloorLoop } from './floor-loop.js';
import { legendOf } from './legend.js';
import { QueueRig, WRITERS, type Writer } from './queue-rig.js';
import { PACKET_BYTES, queuePlan, queueSizes } from './queue-sizes.js';

const NAME = 'copy-temperature';
const FLOOR_ID = cellId([NAME, 'floor'], {});
/** Groups of packets in a sample of the floor: some hundred microseconds. */
const FLOOR_GROUPS = 8;
/** Before the first round, so that the engine has compiled it: a long round leaves few for a warm-up. */
const FLOOR_WARM_UP_GROUPS = 400;
/** Queue that is compared with the floor where Linux does not tell how large a send buffer may grow. */
const USUAL_SEND_BUFFER = 4 * MIB;

interface Point {
  readonly kernel: CopyKernelName;
  readonly writer: Writer;
  readonly queued: number;
}

/** What cells share while the scenario is open. */
interface Shared {
  readonly rig: QueueRig;
  floor: FloorLoop | undefined;
}

const idOf = ({ kernel, writer, queued }: Point) => cellId([NAME, kernel, writer.replace(' ', '-')], { queued });

function pointCell(point: Point, { rig }: Shared, seed: number): Cell {
  const { kernel, writer, queued } = point;
  const plan = queuePlan(queued, writer === 'another core');
  const index = copyKernelIndex(kernel);
  const next = random(seedFor(seed, idOf(point)));
  const sample = async (): Promise<Sample> => {
    const { ns, bytes, timedNs, counted, offsetBytes } = await rig.run(index, writer, queued, plan, next);
    const value = (ns * PACKET_BYTES) / bytes;
    return {
      // Less than reading the clock takes is no time of a copy.
      value: ns > 0 ? value : null,
      ...(ns > 0 ? {} : { whyNone: 'the copies took no longer than reading the clock' }),
      durationMs: (timedNs * plan.repeats) / 1e6,
      ledger: {
        ...(ns > 0 ? { gigabytesPerSecond: bytes / ns } : {}),
        'own:timedNs': timedNs,
        offsetBytes,
        ...counted,
      },
      warnings: rig.warnings,
    };
  };
  return {
    id: idOf(point),
    params: { part: 'second copy', ...point },
    unit: 'ns',
    higherIsBetter: false,
    batch: (plan.repeats * plan.timedBytes) / plan.unitBytes,
    sample,
  };
}

function floorCell(shared: Shared): Cell {
  const batch = FLOOR_GROUPS * FloorLoop.GROUP;
  const sample = (): Sample => {
    const value = shared.floor!.run(FLOOR_GROUPS);
    return { value, durationMs: (value * batch) / 1e6, ledger: { 'own:lostBytes': shared.floor!.lostBytes } };
  };
  return {
    id: FLOOR_ID,
    params: { part: 'floor' },
    unit: 'ns',
    higherIsBetter: false,
    batch,
    sample: async () => sample(),
  };
}

/** Of each copy kernel: the longest queue beside one of a packet, and a queue as long as a send buffer, the floor. */
function comparisons(kernels: readonly CopyKernelName[], sizes: readonly number[], sendBuffer: number): RatioSpec[] {
  const writer = 'same core';
  const [longest, packet] = [sizes.at(-1)!, sizes.find((queued) => queued >= PACKET_BYTES)];
  const buffer = sizes.findLast((queued) => queued <= sendBuffer) ?? sizes[0]!;
  return kernels.flatMap((kernel) => {
    const at = (queued: number) => idOf({ kernel, writer, queued });
    const gap = {
      id: cellId([NAME, `${kernel}:floor`, 'same-core'], { queued: buffer }),
      of: at(buffer),
      to: FLOOR_ID,
    };
    if (packet === undefined || packet === longest) return [gap];
    const cooled = {
      id: cellId([NAME, `${longest}:${packet}`, kernel, 'same-core'], {}),
      of: at(longest),
      to: at(packet),
    };
    return [gap, cooled];
  });
}

/** What a host lacks stands in the legend: a single CPU has no other core, and little memory no long queue. */
export async function copyTemperature(
  settings: BenchSettings,
  { host }: ScenarioContext,
  availableBytes: number = availableMemory(),
): Promise<Scenario> {
  const [cpu, otherCpu = null] = settings.cpus;
  const queues = queueSizes(settings.effort, host, cpu!, availableBytes);
  const supported = allCopyKernels().filter((copyKernel) => copyKernel.supported);
  const kernels = copyKernels(
    settings.effort === 'quick' ? 'quick' : 'default',
    supported.map(({ name }) => name as CopyKernelName),
  );
  const writers = WRITERS.filter(
    (writer) => (writer !== 'another core' || otherCpu !== null) && (writer !== 'aged' || mayFlush(host)),
  );
  const points = writers.flatMap((writer) =>
    kernels.flatMap((kernel) => queues.sizes.map((queued) => ({ kernel, writer, queued }))),
  );
  const shared: Shared = { rig: new QueueRig(queues.sizes.at(-1)!, cpu!, otherCpu), floor: undefined };
  const sendBuffer = host.kernel.sendBufferMaxBytes ?? USUAL_SEND_BUFFER;
  return {
    name: NAME,
    question: 'what does the second copy cost, by the bytes that lie queued between it and the first?',
    cells: [floorCell(shared), ...points.map((point) => pointCell(point, shared, settings.seed))],
    ratios: comparisons(kernels, queues.sizes, sendBuffer),
    tables: [{ kind: 'copy-temperature', legend: legendOf(queues, writers, availableBytes) }, { kind: 'ratios' }],
    get sampledLedger() {
      return shared.rig.counts.keys;
    },
    weight: 1,
    open: async (signal) => {
      await shared.rig.open(signal);
      shared.floor = new FloorLoop(settings.pools[0]!);
      shared.floor.run(FLOOR_WARM_UP_GROUPS);
    },
    close: () => shared.rig.close(),
  };
}

/** Whether programs may evict lines from caches on this architecture. */
function mayFlush({ arch }: Pick<HostFacts, 'arch'>): boolean {
  return arch === 'x64' || arch === 'arm64';
}
