/**
 * From which message size on does MSG_ZEROCOPY cost less CPU time than copying? A message is one send call. Where the
 * device reaches bounce memory only, the pages of the user are bounced instead, and the copy that is saved is the first
 * of two; pages of the slot pool save the second. Where the device reaches all memory, which is the case that rules of
 * thumb speak of, nothing is copied at all.
 *
 * The price is what this implementation pays for pins, owners, completion notifications and fragments of single pages,
 * where Linux pays for the same with other instructions.
 */
import type { LedgerKey } from '../../lib/bench/plan/ledger-keys.js';
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
const ZERO_COPY: DesignName = 'msg-zerocopy';

/** What the device reaches, and the designs that are compared there; those that copy come first. */
export const REACHES = {
  'bounce memory': ['bounce', 'bounce-pages', ZERO_COPY],
  'all memory': ['direct', ZERO_COPY],
} as const satisfies Readonly<Record<string, readonly DesignName[]>>;
type Reach = keyof typeof REACHES;

const ALL_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024].map((size) => size * KIB);
export const SIZES: Readonly<Record<Effort, readonly number[]>> = {
  quick: [1, 4, 16, 64, 256, 1024].map((size) => size * KIB),
  default: ALL_SIZES,
  full: ALL_SIZES,
};

/** Time of a sample, as a part of the time of a sample of `tx-designs`: many rounds matter more than long ones. */
const SAMPLE_SHARE = 1 / 6;
/** Samples that are taken for one in which something is moved, on a host whose CPUs are busy with something else. */
const TRIES = 4;

const SUMS: readonly LedgerKey[] = ['coresUser', 'coresBounce', 'coresSlotPage', 'coresLockWait', 'coresRest'];

const across = (reach: Reach, legend: readonly string[]): TableSpec => ({
  kind: 'across',
  by: 'design',
  only: { reach },
  ledger: [{ head: 'Gbit/s', ledger: 'gbps' }],
  legend: [...legend],
});

const TABLES: readonly TableSpec[] = [
  across('bounce memory', [
    'The device reaches bounce memory only; one sender makes a send call for each message. Below a design: CPU time ' +
      'without idle time, in cores per 100 Gbit/s. x: that of msg-zerocopy in multiples of the other, formed within ' +
      'each round.',
  ]),
  across('all memory', ['The same with a device that reaches all memory, where msg-zerocopy copies nothing.']),
  { kind: 'crossings' },
];

export interface Point {
  readonly reach: Reach;
  readonly design: DesignName;
  readonly message: number;
}

const idOf = (head: string, reach: Reach, message: number) =>
  cellId([NAME, head, reach.replace(' ', '-')], { message });

/** Returns the machine that a cell measures. */
export function machineOf({ reach, design, message }: Point, settings: BenchSettings): MachineConfig {
  const shape: Shape = { ...headlineShape({ ...settings, senders: [1], queues: [1] })!, message };
  const config = configOf(design, shape, settings);
  return reach === 'bounce memory' ? config : { ...config, devices: { ...config.devices, direct: 1 } };
}

/** Returns the CPU time of a trial in cores per 100 Gbit/s, or 0 for one in which nothing was moved. */
function sampleOf(trial: TxTrial, config: MachineConfig) {
  const ledger = ledgerOf(trial);
  const value = SUMS.reduce((sum, key) => sum + ledger[key]!, 0);
  return { value: Number.isFinite(value) ? value : 0, ledger: { ...ledger, ...knownOf(config) } };
}

function cell(point: Point, config: MachineConfig, settings: BenchSettings, machine: SharedMachine): Cell {
  const { reach, design, message } = point;
  const { device, kernel, sampleMs } = settings;
  const sample = async (signal: AbortSignal): Promise<Sample> => {
    for (let left = TRIES; ; left--) {
      const taken = await machine.sample(config, sampleMs * SAMPLE_SHARE, signal, (trial) => sampleOf(trial, config));
      if (taken.value > 0 || left === 1 || signal.aborted) return taken;
    }
  };
  return {
    id: idOf(design, reach, message),
    params: { design, reach, message, device, kernel, cpus: config.cpus.count },
    unit: 'cores',
    higherIsBetter: false,
    batch: 1,
    sample,
  };
}

/** What MSG_ZEROCOPY is compared with. */
function rivals(): { reach: Reach; rival: DesignName }[] {
  return (Object.keys(REACHES) as Reach[]).flatMap((reach) =>
    REACHES[reach].filter((design) => design !== ZERO_COPY).map((rival) => ({ reach, rival })),
  );
}

export async function zerocopyBreakEven(settings: BenchSettings): Promise<Scenario> {
  const sizes = SIZES[settings.effort];
  const points = (Object.keys(REACHES) as Reach[]).flatMap((reach) =>
    sizes.flatMap((message) => REACHES[reach].map((design): Point => ({ reach, design, message }))),
  );
  const configs = points.map((point) => machineOf(point, settings));
  const machine = new SharedMachine(configs, settings.cpus);
  return {
    name: NAME,
    question: 'from which message size on does MSG_ZEROCOPY cost less CPU time than copying?',
    cells: points.map((point, at) => cell(point, configs[at]!, settings, machine)),
    ratios: rivals().flatMap(({ reach, rival }) =>
      sizes.map(
        (message): RatioSpec => ({
          id: idOf(`${ZERO_COPY}:${rival}`, reach, message),
          of: idOf(ZERO_COPY, reach, message),
          to: idOf(rival, reach, message),
        }),
      ),
    ),
    crossings: rivals().map(({ reach, rival }) => ({
      id: cellId([NAME, `${ZERO_COPY}:${rival}`, reach.replace(' ', '-')], {}),
      of: ZERO_COPY,
      to: reach === 'all memory' ? `${rival}, where the device reaches all memory` : rival,
      points: sizes.map((bytes) => ({
        bytes,
        of: idOf(ZERO_COPY, reach, bytes),
        to: idOf(rival, reach, bytes),
      })),
    })),
    tables: TABLES,
    weight: 1,
    open: async () => machine.open(),
    close: () => machine.close(),
  };
}
