/** The options of `copytax replay`, checked. */
import type { PoolShape } from '../../capture/occupancy/pool-use.js';
import { DEFAULT_HOLD_NS, type ReplayOptions } from '../../capture/replay/replay-options.js';
import { COPY_KERNEL_NAMES, type CopyKernelChoice } from '../../memory/copy-kernels.js';
import { bootPool } from '../../swiotlb/boot/boot-options.js';
import { SEGMENT_BYTES } from '../../units.js';
import { MOST_SLOTS, parseHolds, parsePool } from './pool-values.js';
import { unknownWord } from './usage.js';
import { parseInteger, parseList, parseSize } from './values.js';

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

/** The pool that Linux makes of it; one area where none are given. @throws ERR_USAGE */
function poolOf(text: string): PoolShape {
  const [slots, areas] = parsePool('--pool', text).param.split(',');
  const isNumber = areas !== undefined && /^\d/.test(areas);
  const pool = bootPool({ param: isNumber ? `${slots},${areas}` : slots!, cpus: 1 });
  return { slots: pool.slots, areas: pool.areas };
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
    ...(hold !== undefined && { holds: parseHolds('--hold', hold, DEFAULT_HOLD_NS) }),
    ...(receive !== undefined && {
      receiveSizes: parseList('--receive', receive, (text) =>
        parseSize('--receive', text, { min: 1, max: SEGMENT_BYTES }),
      ),
    }),
    ...(pace !== undefined && { pace: wordOf('pace', pace, PACES) }),
    ...(copy !== undefined && { copyKernel: wordOf('copy kernel', copy, COPIES) }),
  };
}
