/**
 * The table of options of a bench run. From a row come the command-line option and its help, the check of its values,
 * its default, the setting, its place in the result file, the parameter of a cell, and the words and columns of a
 * report: a new option is a row here and the code that uses its setting.
 *
 * The order is that of help, of ids and of parameters.
 */

import { KNOBS } from '../../machine/build/knobs.js';
import { KIB, MIB } from '../../units.js';
import {
  byPlan,
  defaultQueues,
  defaultScenarios,
  defaultSenders,
  defaultWindows,
  sweptOver,
} from './option-defaults.js';
import { type CellParam, many, numbers, type OptionRow, one, oneOrNone } from './option-row.js';
import type { OptionKey, OptionSettings } from './option-settings.js';
import {
  COMPLETION_LABELS,
  COPY_WORDS,
  DESIGN_WORDS,
  DEVICE_WORDS,
  FLAVOUR_WORDS,
  FREE_DISPATCH_WORDS,
  GROWTH_WORDS,
} from './option-words.js';
import { sweptPools } from './swept-pools.js';
import { USUAL_MESSAGE_BYTES, USUAL_PERCENT, USUAL_POOL_BYTES, USUAL_WINDOW_BYTES, usualDesigns } from './usual.js';

const CPU_NUMBERS = { kind: 'CPU' } as const;
const SCENARIO_NAMES = { kind: 'scenario' } as const;

const numbered = (noun: string) => (text: string) => `${text} ${text === '1' ? noun : `${noun}s`}`;

export const BENCH_OPTIONS = {
  scenarios: many(SCENARIO_NAMES, {
    option: 'only',
    help: 'scenarios',
    setting: 'names of the scenarios that were asked for, in the order in which they run',
    default: defaultScenarios,
  }),
  designs: many(DESIGN_WORDS, {
    option: 'designs',
    help: 'transmit designs',
    default: usualDesigns,
    designsOnly: 'always',
  }),
  senders: many(numbers('count', [1, 64]), {
    option: 'senders',
    help: 'numbers of sending threads',
    default: defaultSenders,
    designsOnly: 'always',
    cell: { name: 'senders', inId: 'always', inSweep: 'grid', label: numbered('sender') },
  }),
  queues: many(numbers('count', KNOBS.devices.queues.range), {
    option: 'queues',
    help: 'numbers of transmit queues',
    default: defaultQueues,
    designsOnly: 'always',
    cell: { name: 'queues', inId: 'always', inSweep: 'grid', label: numbered('queue') },
  }),
  /** A sweep has some that calls and headers dominate, up to some that need many skbs. */
  messages: many(numbers('bytes', [1, 2 * MIB]), {
    option: 'messages',
    help: 'sizes of a send call',
    setting: 'bytes of a send call',
    default: byPlan({
      quick: [64 * KIB],
      default: [16 * KIB, 64 * KIB],
      full: [1500, 16 * KIB, 64 * KIB],
      sweep: [64, KIB, 4 * KIB, 16 * KIB, 64 * KIB, MIB],
    }),
    designsOnly: 'always',
    cell: {
      name: 'message',
      inId: 'always',
      usual: USUAL_MESSAGE_BYTES,
      inSweep: 'grid',
      label: (text) => `${text} messages`,
    },
  }),
  windows: many(numbers('bytes', KNOBS.sockets.sendBufferBytes.range), {
    option: 'window',
    help: 'sizes of the send buffer: what each sender may have in flight',
    setting: 'bytes that each sender may have in flight, queued and not yet acknowledged: its send buffer',
    default: defaultWindows,
    designsOnly: 'always',
    cell: {
      name: 'window',
      inId: 'always',
      usual: USUAL_WINDOW_BYTES,
      inSweep: 'arm',
      label: (text) => `${text} in flight each`,
    },
  }),
  growths: many(GROWTH_WORDS, {
    option: 'growth',
    help: 'how bounce memory grows when the slot pool is full',
    default: () => ['none'],
    olderFiles: ['none'],
    designsOnly: 'always',
    cell: {
      name: 'growth',
      inId: 'unless usual',
      usual: 'none',
      inSweep: 'repeat',
      label: (text) => (text === 'none' ? 'no growth' : `growth by ${text}`),
    },
  }),
  flavours: many(FLAVOUR_WORDS, {
    option: 'flavour',
    help: 'whether known defects are kept',
    default: () => ['hardened'],
    olderFiles: ['hardened'],
    designsOnly: 'always',
    cell: { name: 'flavour', inId: 'unless usual', usual: 'hardened', inSweep: 'repeat', label: (text) => text },
  }),
  freeDispatches: many(FREE_DISPATCH_WORDS, {
    option: 'freeDispatch',
    help: 'what frees a socket page',
    setting: 'what frees a socket page: as each design has it, or one way for all',
    default: () => ['design'],
    olderFiles: ['design'],
    designsOnly: 'always',
    cell: {
      name: 'freeDispatch',
      inId: 'unless usual',
      usual: 'design',
      inSweep: 'repeat',
      head: 'free dispatch',
      label: (text) => (text === 'design' ? 'pages freed as designed' : `pages freed by ${text}`),
    },
  }),
  /** A sweep has acknowledgements from at once to those from another continent. */
  ackDelaysNs: many(numbers('nanoseconds', [0, 1e9]), {
    option: 'ackDelay',
    help: 'how long acknowledgements take, and so how long memory stays in use, such as 0,50us,1ms',
    setting: 'how long acknowledgements take, and so how long memory stays in use, nanoseconds',
    default: sweptOver(0, [0, 50_000, 1e6, 10e6]),
    olderFiles: [0],
    designsOnly: 'always',
    cell: {
      name: 'ackDelayNs',
      inId: 'unless usual',
      usual: 0,
      inSweep: 'arm',
      head: 'ACK delay',
      label: (text) => (text === '0' ? 'acknowledged at once' : `acknowledged after ${text}`),
    },
  }),
  /** A sweep has none of it, up to all that is allowed. */
  percents: many(numbers('percent', KNOBS.slotPool.pagePercent.range), {
    option: 'percent',
    help: 'stop taking socket pages from the slot pool when it is this full, percent',
    setting: 'share of the slot pool that pages may take, percent',
    default: sweptOver(USUAL_PERCENT, [0, 10, 50, 90]),
    olderFiles: [90],
    designsOnly: 'always',
    cell: {
      name: 'percent',
      inId: 'unless usual',
      usual: USUAL_PERCENT,
      inSweep: 'arm',
      label: (text) => `pages from at most ${text} % of the slot pool`,
    },
  }),
  pools: many(numbers('power of two', KNOBS.slotPool.bytes.range), {
    option: 'pool',
    help: 'sizes of the slot pool, powers of two',
    setting: 'bytes of the slot pool, powers of two; scenarios that have only one slot pool take the first',
    default: ({ plan, memory }) => (plan === 'sweep' ? sweptPools(memory).pools : [USUAL_POOL_BYTES]),
    olderFiles: [],
    designsOnly: 'several',
    cell: {
      name: 'pool',
      inId: 'unless usual',
      usual: USUAL_POOL_BYTES,
      isAlwaysParam: true,
      inSweep: 'arm',
      label: (text) => `${text} slot pool`,
    },
  }),
  convertNsPerPage: many(numbers('count', [1, 1e9]), {
    option: 'convertNsPerPage',
    help: 'prices of sharing a 4 KiB page with the host and taking it back, nanoseconds, to compare with bouncing it',
    default: () => [],
    olderFiles: [],
    scenario: 'convert-in-place',
  }),
  kernel: one(COPY_WORDS, {
    option: 'copy',
    argument: 'kernel',
    help: 'copy kernel of both copies',
    default: () => 'kernel-like',
    designsOnly: 'always',
    cell: { name: 'kernel', inId: 'never', label: (text) => `${text} copies` },
  }),
  device: one(DEVICE_WORDS, {
    option: 'device',
    argument: 'mode',
    help: 'when a packet counts as sent',
    default: () => 'retire',
    designsOnly: 'always',
    cell: { name: 'device', inId: 'never', label: (text) => COMPLETION_LABELS[text] ?? `device ${text}` },
  }),
  cpus: many(CPU_NUMBERS, {
    option: 'cpus',
    help: 'CPUs to use, such as 0-3,8',
    setting: 'CPUs that logical CPUs may be pinned to, in order of use, at least one',
    default: ({ cpus }) => cpus,
    cell: { name: 'cpus', inId: 'never', label: numbered('CPU') },
  }),
  rounds: oneOrNone(numbers('count', [1, 10_000]), {
    option: 'rounds',
    argument: 'number',
    help: 'exactly N rounds, however long they take, instead of as many as fit the time',
    setting:
      'how many rounds there are, however long they take; null: as many as the time allows, at least `minRounds`',
    default: () => null,
  }),
  runs: oneOrNone(numbers('count', [2, 100]), {
    option: 'runs',
    argument: 'number',
    help: 'N whole runs, each a fresh process and as long as one, for an interval over runs',
    setting: 'how many whole runs the result is of, each a fresh process; null: one, in this process',
    default: () => null,
    olderFiles: null,
  }),
  seed: one(numbers('count', [0, 2 ** 32 - 1]), {
    option: 'seed',
    argument: 'number',
    help: 'repeat the order of cells and the bootstrap of an earlier run',
    setting: 'decides the order of the cells in each round, relative offsets, and the bootstrap',
    default: ({ seed }) => seed,
  }),
} as const;

export type { OptionKey, OptionSettings };

/** The part of a row that reports need. */
export type ReportedParam = CellParam<string | number> & Pick<OptionRow, 'values'>;

/** The parameters of cells, in the order of the table. */
export const CELL_PARAMS: readonly ReportedParam[] = (Object.values(BENCH_OPTIONS) as OptionRow[]).flatMap(
  ({ cell, values }) => (cell === undefined ? [] : { ...cell, values }),
);
