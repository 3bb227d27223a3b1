/** What counters say of copies of several threads, each of which counted its own. Pure. */
import { COUNTER_KEYS, type Ledger } from '../../lib/bench/types/ledger-keys.js';
import type { Copied } from '../shared/copy-until.js';

/** Returns counts per KiB of all threads together. A count that one of them lacks is none of all, and is left out. */
export function countedTogether(replies: readonly Pick<Copied, 'counted' | 'countedBytes'>[]): Ledger {
  const keys = COUNTER_KEYS.filter((key) => replies.every(({ counted }) => counted?.[key] !== undefined));
  const bytes = replies.reduce((sum, { countedBytes = 0 }) => sum + countedBytes, 0);
  const together = (key: (typeof keys)[number]): number => {
    if (key === 'countersRanShare') return Math.min(...replies.map(({ counted }) => counted![key]!));
    return replies.reduce((sum, { counted, countedBytes = 0 }) => sum + counted![key]! * countedBytes, 0) / bytes;
  };
  // The share alone is one of nothing.
  return keys.length < 2 ? {} : Object.fromEntries(keys.map((key) => [key, together(key)]));
}
