/** The options of `copytax replay`, checked. */
import type { Holds } from '../../capture/occupancy/hold-queue.js';
import type { PoolShape } from '../../capture/occupancy/pool-use.js';
import { DEFAULT_HOLD_NS, type ReplayOptions } from '../../capture/replay/replay-options.js';
import { COPY_KERNEL_NAMES, type CopyKernelChoice } from '../../memory/copy-kernels.js';
import { bootPool } from '../../swiotlb/boot/boot-options.js';
import { SEGMENT_BYTES } from '../../units.js';
import { unknownWord, usageError } from './usage.js';
import { parseDuration, parseInteger, parseList, parseSize } from './values.js';

/** As commander has them. */
export interface ReplayArguments {
  readonly pool?: string;
  readonly startUsed?: string;
  readonly hold?: readonly string[];
  readonly receive?: string;
  readonly pace?: string;
  readonly copy?: string;
  readonly svg?: string;
  readonly json?: string | boolean;
}

const PACES = ['fast', 'recorded'] as const;
const COPIES: readonly CopyKernelChoice[] = ['kernel-like', ...COPY_KERNEL_NAMES];
const LONGEST_HOLD = { min: 0, max: 1e12 };
const MOST_SLOTS = 2 ** 21;

/** Reads `SLOTS[,AREAS]`, with what follows on the command line of Linux or without. @throws ERR_USAGE */
function poolOf(text: string): PoolShape {
  const match = /^(?:swiotlb=)?(\d{1,9})(?:,(\d{1,5}))?(?:,?(?:no)?force)?$/.exec(text);
  const slots = Number(match?.[1] ?? 0);
  if (match === null || slots < 1) {
    throw usageError(
      `--pool '${text}' is not a slot pool: write slots of 2 KiB, and areas, as after swiotlb=: 32768,4`,
      {
        option: '--pool',
        given: text,
      },
    );
  }
  if (slots > MOST_SLOTS) {
    throw usageError(`--pool ${text} is out of range: the nearest valid value is ${MOST_SLOTS} slots, 4 GiB`, {
      option: '--pool',
      given: text,
      nearest: String(MOST_SLOTS),
    });
  }
  const pool = bootPool({ param: `${slots}${match[2] === undefined ? '' : `,${match[2]}`}`, cpus: 1 });
  return { slots: pool.slots, areas: pool.areas };
}

/** Reads `1ms` and `DEVICE=1ms`, each any number of times. @throws ERR_USAGE */
function holdsOf(given: readonly string[]): Holds {
  let defaultNs = DEFAULT_HOLD_NS;
  const byDevice = new Map<string, number>();
  for (const text of given) {
    const at = text.lastIndexOf('=');
    if (at === 0) throw usageError(`--hold '${text}' names no device before '='`, { option: '--hold', given: text });
    const ns = parseDuration('--hold', text.slice(at + 1), LONGEST_HOLD);
    if (at < 0) defaultNs = ns;
    else byDevice.set(text.slice(0, at), ns);
  }
  return { defaultNs, byDevice };
}

function wordOf<Word extends string>(noun: string, word: string, words: readonly Word[]): Word {
  if ((words as readonly string[]).includes(word)) return word as Word;
  throw unknownWord(noun, word, words);
}

/** @throws ERR_USAGE */
export function replayOptions(given: ReplayArguments): ReplayOptions {
  const { pool, startUsed, hold, receive, pace, copy } = given;
  return {
    ...(pool !== undefined && { pool: poolOf(pool) }),
    ...(startUsed !== undefined && { startUsed: parseInteger('--start-used', startUsed, { min: 0, max: MOST_SLOTS }) }),
    ...(hold !== undefined && { holds: holdsOf(hold) }),
    ...(receive !== undefined && {
      receiveSizes: parseList('--receive', receive, (text) =>
        parseSize('--receive', text, { min: 1, max: SEGMENT_BYTES }),
      ),
    }),
    ...(pace !== undefined && { pace: wordOf('pace', pace, PACES) }),
    ...(copy !== undefined && { copyKernel: wordOf('copy kernel', copy, COPIES) }),
  };
}
