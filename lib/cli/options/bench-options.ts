/** Options of `copytax bench` -> settings of a run. Everything unknown, impossible or contradictory is refused. */
import { SCENARIOS } from '../../../benchmarks/index.js';
import { formatCpuList } from '../../bench/host/cpu-list.js';
import {
  type BenchSettings,
  defaultSettings,
  type Effort,
  FREE_DISPATCH_CHOICES,
  sweepSettings,
} from '../../bench/plan/settings.js';
import { UNKNOWN_MEMORY } from '../../bench/plan/swept-pools.js';
import { DEVICE_MODES } from '../../dma/device-engine.js';
import { FLAVOURS } from '../../flavour.js';
import { GROWTH_MODES } from '../../machine/build/choices.js';
import { KERNEL_NAMES } from '../../memory/kernels.js';
import { DESIGN_NAMES } from '../../net/designs.js';
import { oneOf, usageError } from './usage.js';
import { parseCpus, parseDuration, parseInteger, parseList, parsePowerOfTwo, parseSize } from './values.js';

/** As commander hands them over: text, or true for a flag. */
export interface BenchOptions {
  readonly quick?: boolean;
  readonly full?: boolean;
  readonly sweep?: boolean;
  readonly only?: string;
  readonly designs?: string;
  readonly senders?: string;
  readonly queues?: string;
  readonly messages?: string;
  readonly window?: string;
  readonly pool?: string;
  readonly growth?: string;
  readonly flavour?: string;
  readonly freeDispatch?: string;
  readonly ackDelay?: string;
  readonly percent?: string;
  readonly cpus?: string;
  readonly rounds?: string;
  readonly seed?: string;
  readonly copy?: string;
  readonly device?: string;
  readonly json?: string;
}

const KIB = 1024;
const MIB = 1024 * KIB;
const RANGES = {
  senders: { least: 1, most: 64 },
  queues: { least: 1, most: 31 },
  message: { least: 1, most: 2 * MIB },
  window: { least: 4 * KIB, most: 1024 * MIB },
  pool: { least: MIB, most: 2048 * MIB },
  ackDelay: { least: 0, most: 1e9 },
  percent: { least: 0, most: 90 },
  rounds: { least: 1, most: 10_000 },
  seed: { least: 0, most: 2 ** 32 - 1 },
} as const;

const NAMES = SCENARIOS.map(({ name }) => name);

/** Kernel names that --copy takes, in the order of --help. */
export const COPY_NAMES = ['auto', 'kernel-like', ...KERNEL_NAMES];

/** Options that say nothing unless the transmit designs are measured. */
const DESIGN_OPTIONS = {
  ...{ designs: '--designs', senders: '--senders', queues: '--queues', messages: '--messages', window: '--window' },
  ...{ ackDelay: '--ack-delay', percent: '--percent', sweep: '--sweep' },
  ...{ growth: '--growth', flavour: '--flavour', freeDispatch: '--free-dispatch' },
  ...{ copy: '--copy', device: '--device' },
} as const satisfies Partial<Record<keyof BenchOptions, string>>;

function effortOf({ quick, full, sweep }: BenchOptions): Effort {
  if (quick && full) throw usageError('--quick and --full contradict each other: choose one');
  if (quick && sweep) throw usageError('--quick and --sweep contradict each other: a sweep takes minutes');
  return quick ? 'quick' : full ? 'full' : 'default';
}

/** In the order in which they run; undefined: those of the effort. */
function scenariosOf(options: BenchOptions): readonly string[] | undefined {
  if (options.only === undefined) return undefined;
  const wanted = parseList('--only', options.only, (name) => oneOf('scenario', name, NAMES));
  const designs = SCENARIOS.filter(({ measuresDesigns }) => measuresDesigns).map(({ name }) => name);
  const measuresDesigns = designs.some((name) => wanted.includes(name));
  const needed = designs.map((name) => `'${name}'`).join(' or ');
  const given = Object.entries(DESIGN_OPTIONS).find(([name]) => options[name as keyof BenchOptions] !== undefined);
  if (given !== undefined && !measuresDesigns) {
    throw usageError(`${given[1]} contradicts --only ${options.only}: it needs ${needed} among the scenarios`);
  }
  if (options.pool?.includes(',') && !measuresDesigns) {
    throw usageError(`several --pool contradict --only ${options.only}: only ${needed} has more than one`);
  }
  return NAMES.filter((name) => wanted.includes(name));
}

/**
 * Settings from options. `affinity`: CPUs that this process may use, at least one; `seed`: used when none is given;
 * `memory`: what decides which pools are swept. Throws ERR_USAGE.
 */
export function benchSettings(
  options: BenchOptions,
  affinity: readonly number[],
  seed: number,
  memory = UNKNOWN_MEMORY,
): BenchSettings {
  const effort = effortOf(options);
  const scenarios = scenariosOf(options);
  const { cpus: givenCpus, designs, senders, queues, messages, window, pool, rounds, copy, device } = options;
  const { growth, flavour, freeDispatch } = options;
  const cpus = givenCpus === undefined ? affinity : parseCpus('--cpus', givenCpus, affinity, formatCpuList(affinity));
  const defaults = options.sweep
    ? sweepSettings(cpus, seed, memory, SCENARIOS)
    : defaultSettings(effort, cpus, seed, SCENARIOS);
  const list = <Value>(
    name: string,
    text: string | undefined,
    otherwise: readonly Value[],
    parse: (s: string) => Value,
  ) => (text === undefined ? otherwise : parseList(name, text, parse));
  return {
    ...defaults,
    scenarios: scenarios ?? defaults.scenarios,
    seed: options.seed === undefined ? seed : parseInteger('--seed', options.seed, RANGES.seed),
    rounds: rounds === undefined ? null : parseInteger('--rounds', rounds, RANGES.rounds),
    designs: list('--designs', designs, defaults.designs, (name) => oneOf('design', name, DESIGN_NAMES)),
    senders: list('--senders', senders, defaults.senders, (text) => parseInteger('--senders', text, RANGES.senders)),
    queues: list('--queues', queues, defaults.queues, (text) => parseInteger('--queues', text, RANGES.queues)),
    messages: list('--messages', messages, defaults.messages, (text) => parseSize('--messages', text, RANGES.message)),
    windows: list('--window', window, defaults.windows, (text) => parseSize('--window', text, RANGES.window)),
    poolsLeftOut: pool === undefined ? defaults.poolsLeftOut : [],
    pools: list('--pool', pool, defaults.pools, (text) => parsePowerOfTwo('--pool', text, RANGES.pool)),
    growths: list('--growth', growth, defaults.growths, (name) => oneOf('growth', name, GROWTH_MODES)),
    flavours: list('--flavour', flavour, defaults.flavours, (name) => oneOf('flavour', name, FLAVOURS)),
    freeDispatches: list('--free-dispatch', freeDispatch, defaults.freeDispatches, (name) =>
      oneOf('way of freeing', name, FREE_DISPATCH_CHOICES),
    ),
    ackDelaysNs: list('--ack-delay', options.ackDelay, defaults.ackDelaysNs, (text) =>
      parseDuration('--ack-delay', text, RANGES.ackDelay),
    ),
    percents: list('--percent', options.percent, defaults.percents, (text) =>
      parseInteger('--percent', text, RANGES.percent),
    ),
    kernel: copy === undefined ? defaults.kernel : oneOf('copy kernel', copy, COPY_NAMES),
    device: device === undefined ? defaults.device : oneOf('device', device, DEVICE_MODES),
  };
}
