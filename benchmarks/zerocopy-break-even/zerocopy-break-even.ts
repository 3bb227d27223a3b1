/**
 * From which message size on does MSG_ZEROCOPY cost less CPU time than copying? A message is one send call. Where the
 * device reaches bounce memory only, the pages of the user are bounced instead, and the copy that is saved is the first
 * of two; pages of the slot pool save the second. Where the device reaches all memory, which is the case that rules of
 * thumb speak of, nothing is copied at all.
 *
 * The price is what this implementation pays for pins, owners, completion notifications and fragments of single pages,
 * where Linux pays for the same with other instructions.
 */
import type { Cell, RatioSpec, Sample, Scenario } from '../../lib/bench/plan/scenario.js';
import { cellId } from '../../lib/bench/plan/scenario.js';
import type { BenchSettings, Effort } from '../../lib/bench/plan/settings.js';
import type { TableSpec } from '../../lib/bench/plan/table-spec.js';
import type { DesignName } from '../../lib/designs/designs.js';
import type { MachineConfig } from '../../lib/machine/build/config.js';
import type { TxTrial } from '../../lib/machine/run/tx-trial.js';
import { KIB } from '../../lib/units.js';
import { SharedMachine } from '../shared/shared-machine.js';
import { knownOf, ledgerOf } from '../shared/trial-ledger.js';
import { configOf, headlineShape, type Shape } from '../shared/tx-shapes.js';

const NAME = 'zerocopy-break-even';

/** How a message is sent: a design, and for one without a copy the size of the folios that users have. */
const WAYS = {
  bounce: { design: 'bounce', pageBytes: null },
  'bounce-pages': { design: 'bounce-pages', pageBytes: null },
  direct: { design: 'direct', pageBytes: null },
  zerocopy: { design: 'msg-zerocopy', pageBytes: 4 * KIB },
  'zerocopy-large': { design: 'msg-zerocopy', pageBytes: 256 * KIB },
} as const satisfies Readonly<Record<string, { design: DesignName; pageBytes: number | null }>>;
type Way = keyof typeof WAYS;
const ZERO_COPY: readonly Way[] = ['zerocopy', 'zerocopy-large'];

/** What the device reaches, and what is compared there. */
export const REACHES = {
  'bounce memory': { copying: ['bounce', 'bounce-pages'] },
  'all memory': { copying: ['direct'] },
} as const satisfies Readonly<Record<string, { copying: readonly Way[] }>>;
type Reach = keyof typeof REACHES;

const REACH_NAMES = Object.keys(REACHES) as Reach[];
export const waysOf = (reach: Reach): readonly Way[] => [...REACHES[reach].copying, ...ZERO_COPY];

const ALL_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024].map((size) => size * KIB);
export const SIZES: Readonly<Record<Effort, readonly number[]>> = {
  quick: [1, 4, 16, 64, 256, 1024].map((size) => size * KIB),
  default: ALL_SIZES,
  full: ALL_SIZES,
};

/** Time of a sample, as a part of the time of a sample of `tx-designs`: many rounds matter more than long ones. */
const SAMPLE_SHARE = 1 / 6;
/** Samples that are taken for one that has a cost, on a host whose CPUs are busy with something else. */
const TRIES = 4;

const across = (reach: Reach, shows: 'costs' | 'ratios', legend: readonly string[] = []): TableSpec => ({
  kind: 'across',
  by: 'way',
  only: { reach },
  ledger: [{ head: 'Gbit/s', ledger: 'gbps' }],
  shows: shows === 'costs' ? ['medians', 'ledger'] : ['ratios'],
  legend: [...legend],
});

const TABLES: readonly TableSpec[] = [
  across('bounce memory', 'costs', [
    'The device reaches bounce memory only; one sender makes a send call for each message. Below a way: CPU time ' +
      'without idle time, in cores per 100 Gbit/s. zerocopy: MSG_ZEROCOPY of user memory in pages of 4 KiB; ' +
      'zerocopy-large: in folios of 256 KiB, so that an skb has fewer fragments.',
  ]),
  across('bounce memory', 'ratios'),
  across('all memory', 'costs', [
    'The same with a device that reaches all memory, where zerocopy copies nothing. A lower bound of its price: ' +
      'rules of thumb, such as 10 KB, include page-table walks and system calls for notifications, which machines ' +
      'do not have.',
  ]),
  across('all memory', 'ratios'),
  { kind: 'crossings' },
];

export interface Point {
  readonly reach: Reach;
  readonly way: Way;
  readonly message: number;
}

const idOf = (head: string, reach: Reach, message: number) =>
  cellId([NAME, head, reach.replace(' ', '-')], { message });

/** Returns the machine that a cell measures. */
export function machineOf({ reach, way, message }: Point, settings: BenchSettings): MachineConfig {
  const { design, pageBytes } = WAYS[way];
  const shape: Shape = { ...headlineShape({ ...settings, senders: [1], queues: [1] })!, message };
  const { devices, userMemory, ...rest } = configOf(design, shape, settings);
  return {
    ...rest,
    userMemory: { ...userMemory, ...(pageBytes === null ? {} : { pageBytes }) },
    devices: { ...devices, direct: reach === 'all memory' ? devices.count : 0 },
  };
}

/** Returns the CPU time of a trial in cores per 100 Gbit/s, or null for one that has no cost per byte. */
function sampleOf(trial: TxTrial, config: MachineConfig) {
  const ledger = ledgerOf(trial);
  const { coresTotal } = ledger;
  return { value: Number.isFinite(coresTotal) ? coresTotal! : null, ledger: { ...ledger, ...knownOf(config) } };
}

function cell(point: Point, config: MachineConfig, settings: BenchSettings, machine: SharedMachine): Cell {
  const { reach, way, message } = point;
  const { device, kernel, sampleMs } = settings;
  const sample = async (signal: AbortSignal): Promise<Sample> => {
    for (let left = TRIES; ; left--) {
      const taken = await machine.sample(config, sampleMs * SAMPLE_SHARE, signal, (trial) => sampleOf(trial, config));
      if (taken.value !== null || left === 1 || signal.aborted) return taken;
    }
  };
  return {
    id: idOf(way, reach, message),
    params: { way, reach, message, device, kernel, cpus: config.cpus.count },
    unit: 'cores',
    higherIsBetter: false,
    batch: 1,
    sample,
  };
}

/** Each way without a copy, with each that copies. */
const PAIRS = REACH_NAMES.flatMap((reach) =>
  REACHES[reach].copying.flatMap((to) =>
    ZERO_COPY.map((of): { reach: Reach; of: Way; to: Way } => ({ reach, of, to })),
  ),
);

export async function zerocopyBreakEven(settings: BenchSettings): Promise<Scenario> {
  const sizes = SIZES[settings.effort];
  const points = REACH_NAMES.flatMap((reach) =>
    sizes.flatMap((message) => waysOf(reach).map((way): Point => ({ reach, way, message }))),
  );
  const configs = points.map((point) => machineOf(point, settings));
  const machine = new SharedMachine(configs, settings.cpus);
  const ratio = ({ reach, of, to }: (typeof PAIRS)[number], message: number): RatioSpec => ({
    id: idOf(`${of}:${to}`, reach, message),
    of: idOf(of, reach, message),
    to: idOf(to, reach, message),
  });
  return {
    name: NAME,
    question: 'from which message size on does MSG_ZEROCOPY cost less CPU time than copying?',
    cells: points.map((point, at) => cell(point, configs[at]!, settings, machine)),
    ratios: PAIRS.flatMap((pair) => sizes.map((message) => ratio(pair, message))),
    crossings: PAIRS.map((pair) => ({
      id: cellId([NAME, `${pair.of}:${pair.to}`, pair.reach.replace(' ', '-')], {}),
      of: pair.of,
      to: pair.reach === 'all memory' ? `${pair.to}, where the device reaches all memory` : pair.to,
      points: sizes.map((bytes) => {
        const { of, to } = ratio(pair, bytes);
        return { bytes, of, to };
      }),
    })),
    tables: TABLES,
    weight: 1,
    open: (signal) => machine.open(signal),
    close: () => machine.close(),
  };
}
